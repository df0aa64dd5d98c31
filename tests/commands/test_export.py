"""The verb export: recorded and trained pickers to SeisBench and Hugging Face, picks to tables."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import obspy
import pandas as pd
import pytest
import seisbench.models as sbm

from quakebook.commands import export, pickers
from quakebook.commands.chapters import UsageError
from quakebook.picking import annotate
from quakebook.picking.export.tables import write_picks


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    export.add_verbs(parser.add_subparsers())
    args = parser.parse_args(["export", *map(str, words)])
    return args.work(args)


def test_a_recorded_picker_with_thresholds_of_the_dev_split(tmp_path, capsys):
    assert run("bluedisc:hybrid-42", "--to", "huggingface", tmp_path, "--windows", "60") == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / name) for name in (
        "hybrid-42.pt", "hybrid-42.json", "model.safetensors", "README.md")]
    model = sbm.PhaseNet.load(tmp_path / "hybrid-42", weights_only=True)
    assert 0.05 <= model.default_args["P_threshold"] <= 0.95 and model.labels == "PSN"
    assert json.loads(model.weights_docstring)["seed"] == 42
    card = (tmp_path / "README.md").read_text()
    assert "(3 seeds)" not in card and "3 seeds)" in card and "P.tp" in card and "synthetic records only" in card


def test_exported_and_own_picker_agree(tmp_path):
    run("bluedisc:hybrid-42", "--to", "seisbench", tmp_path, "--threshold", "P=0.5", "--threshold", "S=0.4",
        "--name", "mine", "--version", "3")
    plain = sbm.PhaseNet.load(tmp_path / "mine", version_str="3")
    assert plain.default_args == {"P_threshold": 0.5, "S_threshold": 0.4}
    stream = obspy.read()
    for trace in stream:
        trace.data = trace.data.repeat(3)
    ours = annotate(pickers.load_picker("bluedisc:hybrid-42").model, stream)
    for a, b in zip(ours[:2], annotate(plain, stream)[:2], strict=True):
        assert (b.data <= a.data + 1e-5).all() and abs(a.data - b.data).max() < 0.05


def test_a_trained_picker_of_the_magnitude_chapter(tmp_path, monkeypatch):
    magnitude = pytest.importorskip("quakebook.magnitude")
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    finished = magnitude.train(magnitude.config("network.type=phasenet", preset="smoke"))
    assert run(str(finished.path), "--to", "seisbench", tmp_path, "--name", "m", "--threshold", "P=0.5",
               "--threshold", "S=0.5") == 0
    assert sbm.PhaseNet.load(tmp_path / "m").default_args["blinding"] == [200, 200]
    windows, picks = export.dev_windows(pickers.load_picker(str(finished.path)), 5)
    assert windows.shape == (5, 3, 3001) and set(picks) == {"P", "S"} and len(picks["P"]) == 5


@pytest.fixture
def picks():
    time = pd.Timestamp("2024-01-01T00:00:01.5")
    row = {"trace_id": "XX.A.", "channel": "HH", "phase": "P", "time": time, "probability": 0.9, "start_time": time,
           "end_time": time, "uncertainty_s": 0.1, "snr_db": 3.0, "velocity_m_per_s": 1e-6, "displacement_m": 1e-8}
    return pd.DataFrame([row])


@pytest.mark.parametrize("source", ["p.parquet", "p.csv", "p.xml"])
def test_picks_to_tables(tmp_path, picks, source):
    write_picks(picks, tmp_path / source)
    assert run(tmp_path / source, "--to", "gamma", tmp_path / "g.csv") == 0
    assert (tmp_path / "g.csv").read_text().splitlines() == ["id,timestamp,prob,type,amp",
                                                             "XX.A.,2024-01-01T00:00:01.500000,0.9,p,1e-06"]
    run(tmp_path / source, "--to", "pyocto", tmp_path / "o.csv")
    assert (tmp_path / "o.csv").read_text().splitlines()[1] == "XX.A.,P,1704067201.5,0.9"
    run(tmp_path / source, "--to", "quakeml", tmp_path / "q.xml")
    assert len(obspy.read_events(str(tmp_path / "q.xml"))[0].picks) == 1


def test_wrong_wishes(tmp_path, picks):
    write_picks(picks, tmp_path / "p.csv")
    with pytest.raises(UsageError, match="takes a file of picks"):
        run(tmp_path, "--to", "gamma", "x.csv")
    with pytest.raises(UsageError, match="does not fit the ending"):
        run(tmp_path / "p.csv", "--to", "quakeml", "x.csv")
    sbm.PhaseNet(phases="PSN").save(tmp_path / "plain")
    with pytest.raises(UsageError, match="has no run, and so no dev split"):
        run(tmp_path / "plain", "--to", "seisbench", tmp_path / "out")
    with pytest.raises(UsageError, match="height between 0 and 1"):
        run(tmp_path / "plain", "--to", "seisbench", tmp_path / "out", "--threshold", "P=7")
