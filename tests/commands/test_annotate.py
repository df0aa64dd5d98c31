"""The verb annotate: files in, picks out; chunks, several workers, Dask, and wishes that are refused."""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import obspy
import pandas as pd
import pytest
import seisbench.models as sbm
import torch

from quakebook.commands import annotate, annotate_chunks
from quakebook.commands.chapters import UsageError
from quakebook.picking import annotate as annotate_stream
from quakebook.picking.chunks import Plan
from quakebook.picking.chunks.files import read_picks
from quakebook.picking.export.model import plain, save_model
from quakebook.picking.export.tables import load_picks

ROOT = Path(__file__).resolve().parents[2]
BEGIN = obspy.UTCDateTime("2024-05-01T23:57:00")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    annotate.add_verbs(parser.add_subparsers())
    args = parser.parse_args(["annotate", *map(str, words)])
    return args.work(args)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A picker's files, and five minutes of two stations over midnight in files of one minute."""
    folder = tmp_path_factory.mktemp("annotate")
    torch.manual_seed(1)
    model = sbm.PhaseNet(phases="PSN", norm="peak").eval()
    with torch.no_grad():
        model.out.weight.mul_(30)
        model.out.bias.zero_()
    save_model(plain(model), folder / "picker", {"P": 0.6, "S": 0.6})
    (folder / "data").mkdir()
    for number, station in enumerate(("A", "B")):
        for k, channel in enumerate(("HHZ", "HHN", "HHE")):
            values = np.random.default_rng(10 * number + k).normal(0, 1000, 30_000).astype(np.int32)
            trace = obspy.Trace(values, {"network": "XX", "station": station, "channel": channel,
                                         "sampling_rate": 100.0, "starttime": BEGIN})
            for minute in range(5):
                part = trace.slice(BEGIN + 60 * minute, BEGIN + 60 * minute + 59.99)
                part.write(str(folder / "data" / f"{part.id}.{minute}.mseed"), format="MSEED")
    (folder / "data" / "readme.txt").write_text("no waveforms")
    return folder


@pytest.fixture
def expected(place):
    stream = obspy.read(str(place / "data" / "*.mseed"))
    return annotate_stream(sbm.PhaseNet.load(place / "picker"), stream).picks


def same(ours: pd.DataFrame, expected: pd.DataFrame) -> None:
    names = ["trace_id", "phase", "time"]
    order = [frame.sort_values(names, ignore_index=True)[names] for frame in (ours, expected)]
    assert len(expected) > 10
    pd.testing.assert_frame_equal(*order)


def test_files_in_picks_and_curves_out(place, tmp_path, expected, capsys):
    out = [tmp_path / "picks.csv", tmp_path / "curves.mseed"]
    assert run(place / "picker", place / "data", "--picks", out[0], "--probabilities", out[1]) == 0
    same(load_picks(out[0]), expected)
    curves = obspy.read(str(out[1])).merge()
    assert len(curves) == 6 and {trace.stats.channel for trace in curves} == {"PRP", "PRS", "PRN"}
    assert all(trace.stats.npts == 30_000 and not np.ma.isMaskedArray(trace.data) for trace in curves)
    assert str(out[0]) in capsys.readouterr().out


def test_chunks_give_the_same_and_go_on(place, tmp_path, expected, capsys):
    work = tmp_path / "work"
    words = (f"PhaseNet:{place / 'picker'}", place / "data", "--out", work, "--hours", 1 / 60)
    assert run(*words, "--plan-only") == 0
    names = capsys.readouterr().out.split()
    assert names == list(Plan.load(work).names()) and len(names) == 10
    assert run("--out", work, "--chunk", names[3]) == 0  # one job of a cluster
    assert not (work / "summary.json").exists()
    before = (work / "picks" / f"{names[3]}.parquet").stat().st_mtime_ns
    assert run(*words, "--picks", tmp_path / "picks.xml") == 0
    assert (work / "picks" / f"{names[3]}.parquet").stat().st_mtime_ns == before
    same(read_picks(work / "picks.parquet"), expected)
    same(load_picks(tmp_path / "picks.xml"), expected)
    assert json.loads((work / "summary.json").read_text())["chunks"] == 10


def test_workers_in_processes(place, tmp_path, expected):
    assert run(place / "picker", place / "data", "--out", tmp_path / "w", "--hours", 1 / 20, "--workers", 2) == 0
    same(read_picks(tmp_path / "w" / "picks.parquet"), expected)


@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="the extra distributed is not installed")
def test_dask(place, tmp_path, expected):
    """In a process of its own: Dask leaves threads and sockets to be collected."""
    program = ("import argparse, sys\nfrom quakebook.commands import annotate\n"
               "if __name__ == '__main__':\n    p = argparse.ArgumentParser(); annotate.add_verbs(p.add_subparsers())\n"
               "    a = p.parse_args(sys.argv[1:]); sys.exit(a.work(a))\n")
    (tmp_path / "main.py").write_text(program)
    words = [place / "picker", place / "data", "--out", tmp_path / "d", "--hours", 1 / 20, "--executor", "dask"]
    done = subprocess.run([sys.executable, tmp_path / "main.py", "annotate", *map(str, words)], capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    same(read_picks(tmp_path / "d" / "picks.parquet"), expected)


@pytest.mark.skipif(shutil.which("snakemake", path=str(Path(sys.executable).parent)) is None,
                    reason="snakemake is not installed")
def test_snakemake_plans_the_chunks(place, tmp_path, capsys):
    run(place / "picker", place / "data", "--out", tmp_path / "s", "--hours", 1 / 20, "--plan-only")
    program = [str(Path(sys.executable).parent / "snakemake"), "-n", "-c1", "-s", str(ROOT / "workflows/annotate.smk"),
               "--config", f"out={tmp_path / 's'}"]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"chunk {4:>10}".split() in [line.split() for line in done.stdout.splitlines()]


def test_a_damaged_file_fails_its_chunk_only(place, tmp_path, capsys):
    shutil.copytree(place / "data", tmp_path / "data")
    work = tmp_path / "work"
    run(place / "picker", tmp_path / "data", "--out", work, "--hours", 1 / 60, "--plan-only")
    damaged = tmp_path / "data" / "XX.A..HHZ.0.mseed"
    damaged.write_bytes(b"nothing of the kind" * 40)
    assert run("--out", work) == 1
    told = capsys.readouterr().out
    assert "failed: cannot read" in told and "XX.A..HHZ.0.mseed" in told and "chunks are not done" in told
    assert len(list((work / "picks").glob("*.parquet"))) >= 6
    shutil.copy(place / "data" / damaged.name, damaged)
    assert run("--out", work) == 0


def test_another_model_is_refused(place, tmp_path):
    words = (place / "picker", place / "data", "--out", tmp_path / "w", "--plan-only")
    run(*words)
    with pytest.raises(UsageError, match="the plan of another annotation"):
        run(*words, "--threshold", "P=0.2")
    with pytest.raises(UsageError, match="`hours` must lie"):
        run(*words[:2], "--out", tmp_path / "u", "--hours", 0)
    moved = tmp_path / "model"
    for ending in (".json", ".pt"):
        shutil.copy(f"{place / 'picker'}{ending}", f"{moved}{ending}")
    run(moved, place / "data", "--out", tmp_path / "v", "--plan-only")
    state = torch.load(f"{moved}.pt", weights_only=True)
    state["out.bias"] += 1
    torch.save(state, f"{moved}.pt")
    annotate.annotate_chunks.annotator_of.cache_clear()
    with pytest.raises(ValueError, match="no longer the model of the plan"):
        run("--out", tmp_path / "v")


@pytest.mark.parametrize(("words", "message"), [
    (["picker"], "name an INPUT"),
    ([], "name a MODEL and an INPUT"),
    (["picker", "nowhere"], "there is no file or folder nowhere"),
    (["picker", "data", "--threshold", "P"], "PHASE=HEIGHT"),
    (["picker", "data", "--threshold", "Q=0.5"], "names no phase"),
    (["picker", "data", "--overlap", "9999"], "`overlap` must lie"),
    (["picker", "data", "--chunk", "x"], "need --out"),
    (["picker", "data", "--out", "w", "--workers", "100000"], "--workers is 100000, but this machine has"),
    (["picker", "data", "--channel", "YY.*"], "none of the 30 channels"),
    (["picker", "fdsn:ETH"], "needs --channel"),
    (["EQTransformer:picker", "data"], "is no EQTransformer"),
    (["NoClass:picker", "data"], "no model class 'NoClass'"),
    (["bluedisc:nothing", "data"], "no recorded picker 'nothing'"),
])
def test_wrong_wishes(place, monkeypatch, words, message):
    monkeypatch.chdir(place)
    with pytest.raises(UsageError, match=message):
        run(*words)


def test_amplitudes_with_an_inventory(place, tmp_path):
    from obspy.core.inventory import Channel, Inventory, Network, Response, Station

    response = Response.from_paz([0j, 0j], [-1 + 1j, -1 - 1j], 1e9, 10.0, input_units="M/S", output_units="COUNTS")
    inventory = Inventory([Network("XX", [Station(code, 0, 0, 0, channels=[
        Channel(f"HH{c}", "", 0, 0, 0, 0, response=response) for c in "ZNE"]) for code in "AB"])])
    inventory.write(str(tmp_path / "stations.xml"), format="STATIONXML")
    assert run(place / "picker", place / "data", "--inventory", tmp_path / "stations.xml", "--picks",
               tmp_path / "picks.parquet") == 0
    picks = read_picks(tmp_path / "picks.parquet")
    assert (picks.velocity_m_per_s > 0).all() and (picks.displacement_m < picks.velocity_m_per_s).all()


@pytest.mark.parametrize(("samples", "rate", "margin_s"), [
    (3001, 100.0, 90.03), (6000, 100.0, 180.0), (2000, 100.0, 60.0), (1900, 100.0, 60.0), (3000, None, 90.0)])
def test_chunks_reach_three_windows_into_their_neighbours_but_a_minute_at_least(monkeypatch, samples, rate, margin_s):
    asked = {}
    model = SimpleNamespace(in_samples=samples, sampling_rate=rate)
    monkeypatch.setattr(annotate_chunks.pickers, "load_picker", lambda word: SimpleNamespace(model=model, identity="x"))
    monkeypatch.setattr("quakebook.picking.continuous.rules.rules_of", lambda model, **options: None)
    monkeypatch.setattr(annotate_chunks.waveforms, "manifest_of", lambda *words: "table")
    monkeypatch.setattr("quakebook.picking.chunks.cut", lambda *words, **more: asked.update(more, words=words))
    monkeypatch.setattr(annotate_chunks, "options_of", lambda args: {})
    annotate_chunks.plan(SimpleNamespace(model="m", inventory=None, input=["a"], channel=[], start=None, end=None,
                                         hours=24.0))
    assert asked["margin_s"] == pytest.approx(margin_s) and asked["words"][2] == 24.0
