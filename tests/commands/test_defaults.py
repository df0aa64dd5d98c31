"""What a verb does when nothing is said, and the edges of its words."""

import argparse

import pytest

from quakebook import cli
from quakebook.commands import annotate_chunks, runs, sweep
from quakebook.commands.chapters import UsageError
from quakebook.commands.parsers import duration


def parsed(*words):
    return cli.parser().parse_args(words)


def test_annotation():
    """Chunks of a day, one worker, all that decides about picks left to the model."""
    args = parsed("annotate", "model", "input")
    assert (args.hours, args.workers, args.executor, args.precision, args.resample) == (
        24.0, 1, "local", "float32", "correct")
    assert annotate_chunks.options_of(args) == {"resample": "correct", "precision": "float32"}
    args = parsed("annotate", "model", "input", "--threshold", "P=0.3", "--overlap", "0", "--stacking", "max")
    assert annotate_chunks.options_of(args) == {"resample": "correct", "precision": "float32", "overlap": 0.0,
                                                "stacking": "max", "P_threshold": 0.3}
    assert not (args.plan_only or args.chunk or args.channel)


def test_other_verbs():
    assert parsed("export", "a", "b", "--to", "gamma").windows == 2000
    made = parsed("data", "make", "x")
    assert (made.preset, made.n, made.seed, made.device) == ("picker", 1000, 42, "cpu")
    assert parsed("data", "clean").unused_days == 0.0
    batch = parsed("reproduce")
    assert (batch.jobs, batch.preset, batch.dry_run, batch.paper) == (1, "quick", False, [])
    assert parsed("train", "bluedisc").preset is None and parsed("figures", "a").format == "png"
    record = parsed("record", "bluedisc")
    assert not (record.list or record.force) and record.names == []


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "0 s"), (40.4, "40 s"), (89.4, "89 s"), (90, "2 min"), (420, "7 min"), (5399, "90 min"), (5400, "1.5 h"),
    (12_600, "3.5 h")])
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(("words", "heights"), [(["P=1"], {"P": 1.0}), (["P=0.3", "S=0.25"], {"P": 0.3, "S": 0.25})])
def test_heights(words, heights):
    assert annotate_chunks.thresholds_of(words) == heights


@pytest.mark.parametrize("word", ["P=0", "P=1.01", "P=-0.1", "P", "=0.5", "P=high", "P=nan"])
def test_heights_that_cannot_be(word):
    with pytest.raises(UsageError, match="a height between 0 and 1; found"):
        annotate_chunks.thresholds_of([word])


def test_preset_and_seed_of_a_training():
    assert runs.split_preset(["a=1"]) == ("paper", ["a=1"])
    assert runs.split_preset(["preset=quick", "a=1"], "quick", 0) == ("quick", ["a=1", "training.seed=0"])
    assert runs.split_preset([], "smoke") == ("smoke", [])


def test_leftovers_are_older_than_an_hour(tmp_path):
    path = tmp_path / ".a.0a1b2c3d.part"
    path.write_text("x")
    touched = path.stat().st_mtime
    assert sweep.leftovers([tmp_path], now=touched + 3600) == []
    assert sweep.leftovers([tmp_path], now=touched + 3601) == [path]


def test_the_same_model_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "near").write_text("")
    assert annotate_chunks._absolute("bluedisc:hybrid-42") == "bluedisc:hybrid-42"
    assert annotate_chunks._absolute("PhaseNet:models/m") == f"PhaseNet:{tmp_path / 'models/m'}"
    assert annotate_chunks._absolute("near") == str(tmp_path / "near")


def test_work_is_divided_as_asked(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(annotate_chunks, "do_chunks", lambda *given: calls.append(given))
    monkeypatch.setattr(annotate_chunks, "_dask", lambda args, names: calls.append(("dask", names)))
    given = {"out": tmp_path, "device": "cpu", "workers": 1, "executor": "local", "chunk": []}
    annotate_chunks.work(argparse.Namespace(**given))
    annotate_chunks.work(argparse.Namespace(**given | {"chunk": ["a"], "executor": "dask"}))
    assert calls == [(str(tmp_path), "cpu", None), ("dask", ["a"])]
