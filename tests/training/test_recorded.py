"""Recorded results: round trip, checksums, plans, and a recording that is killed."""

import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch

from quakebook.training import recorded, recorded_files
from quakebook.training.files import RunError
from quakebook.training.recorded import Entry, Outcome, RecordedError
from quakebook.training.run import Run

PLAN = (Entry("one", "toy_recording:simple", {"seed": 7}, cost_s=1.0),
        Entry("sweep/a-0.5", "toy_recording:full", {"scale": 2.0}),
        Entry("summary", "toy_recording:summary"))


def simple(seed):
    return Outcome({"S.tp": seed + 0.5})


def full(scale):
    return Outcome({"height": scale, "nothing": float("nan")},
                   {"curve": np.arange(6.0).reshape(2, 3) * scale, "names": np.array(["P", "über"]),
                    "step": np.array(3), "empty": np.zeros((0, 4)), "half": torch.ones(5, dtype=torch.float16)},
                   settings={"training": {"steps": 3}}, facts={"data": "real", "phases": "PSN"},
                   weights={"layer.weight": torch.eye(3)})


def summary(folder):
    return Outcome({"sum": sum(recorded_files.read(folder, name).metrics[key]
                               for name, key in (("one", "S.tp"), ("sweep/a-0.5", "height")))})


@pytest.fixture
def where(tmp_path, monkeypatch):
    """A folder for results, and a plan of a chapter that exists only here."""
    toy = types.ModuleType("toy_recording")
    toy.simple, toy.full, toy.summary = simple, full, summary
    monkeypatch.setitem(sys.modules, "toy_recording", toy)
    monkeypatch.setattr(recorded, "plan", lambda chapter: {entry.name: entry for entry in PLAN})
    return tmp_path / "recorded"


def test_a_recorded_result_is_read_as_it_was_made(where):
    assert recorded.record("toy", where=where, say=str) == []
    assert recorded.names("toy", where) == ["one", "summary", "sweep/a-0.5"]
    result = recorded.read("toy", "sweep/a-0.5", where)
    assert result.metrics["height"] == 2.0 and math.isnan(result.metrics["nothing"])
    np.testing.assert_array_equal(result.arrays["curve"], [[0, 2, 4], [6, 8, 10]])
    assert result.arrays["names"].tolist() == ["P", "über"] and result.arrays["step"] == 3
    assert list(result.arrays) == ["curve", "names", "step", "empty", "half"]
    assert result.arrays["empty"].shape == (0, 4) and result.arrays["half"].dtype == np.float16
    assert torch.equal(result.weights["layer.weight"], torch.eye(3))
    assert recorded.read("toy", "summary", where).metrics["sum"] == 7.5 + 2.0


def test_the_facts_say_what_made_it(where):
    recorded.record("toy", where=where, say=str)
    facts = recorded.read("toy", "sweep/a-0.5", where).facts
    assert facts["command"] == "quakebook record toy sweep/a-0.5" and facts["function"] == "toy_recording:full"
    assert facts["arguments"] == {"scale": 2.0} and facts["settings"] == {"training": {"steps": 3}}
    assert facts["seconds"] > 0 and facts["cpu_seconds"] is not None and facts["seeds"] == [] and facts["run"] is None
    assert len(facts["package"]) == 12 and facts["versions"]["torch"] == torch.__version__
    assert facts["data"] == "real" and facts["threads"] == torch.get_num_threads() and facts["device"]
    assert recorded.read("toy", "one", where).facts["seeds"] == [7]


def test_a_run_that_was_finished_before_counts_with_its_own_facts(where, tmp_path):
    run = Run(tmp_path / "0123456789abcdef")
    run.note(status="running", seed=3, seconds=5000.0, device="NVIDIA X", commit="abc", threads=2)
    recorded.keep("toy", "trained", Outcome({}, run=run), where, seconds=0.1, cpu_seconds=0.1)
    facts = recorded.read("toy", "trained", where).facts
    assert (facts["run"], facts["seeds"], facts["seconds"], facts["cpu_seconds"]) == (run.id, [3], 5000.0, None)
    assert (facts["device"], facts["commit"], facts["threads"]) == ("NVIDIA X", "abc", 2)
    recorded.keep("toy", "pair", Outcome({}, run=[run, "fedcba"]), where, seconds=0.1)
    assert recorded.read("toy", "pair", where).facts["run"] == [run.id, "fedcba"]


@pytest.mark.parametrize("ending", [".json", ".h5", ".safetensors"])
def test_any_changed_byte_is_refused_by_name(where, ending):
    recorded.record("toy", ["one", "sweep/*"], where, say=str)
    path = where / f"sweep/a-0.5{ending}"
    content = path.read_bytes()
    picked = range(len(content)) if len(content) < 3000 else range(0, len(content), len(content) // 500)
    for position in picked:
        changed = bytearray(content)
        changed[position] ^= 1 << (position % 8)
        path.write_bytes(changed)
        with pytest.raises(RunError, match=str(path)):
            recorded.read("toy", "sweep/a-0.5", where).check()
    path.write_bytes(content[:-1])
    with pytest.raises(RunError, match=str(path)):
        recorded.read("toy", "sweep/a-0.5", where).check()
    path.write_bytes(content)
    recorded.read("toy", "sweep/a-0.5", where).check()
    assert recorded.read("toy", "one", where).metrics == {"S.tp": 7.5}


def test_white_space_in_the_facts_counts_too(where):
    recorded.record("toy", ["one"], where, say=str)
    path = where / "one.json"
    path.write_bytes(path.read_bytes().replace(b'  "paper"', b'\t "paper"'))
    assert json.loads(path.read_bytes())["paper"] == "toy"
    with pytest.raises(RunError, match="one.json is damaged"):
        recorded.read("toy", "one", where)
    assert "quakebook record CHAPTER one --force" in recorded.state("toy", "one", where)


@pytest.mark.parametrize("ending", [".h5", ".safetensors"])
def test_a_missing_file_is_named(where, ending):
    recorded.record("toy", ["sweep/*"], where, say=str)
    (where / f"sweep/a-0.5{ending}").unlink()
    result = recorded.read("toy", "sweep/a-0.5", where)
    with pytest.raises(RunError, match=rf"cannot read .*a-0\.5{ending}"):
        _ = result.arrays if ending == ".h5" else result.weights
    with pytest.raises(RunError, match="a-0.5"):
        result.check()


def test_a_result_without_arrays_has_one_file(where):
    recorded.record("toy", ["one"], where, say=str)
    assert [path.name for path in where.iterdir()] == ["one.json"]
    result = recorded.read("toy", "one", where)
    assert result.arrays == {} and result.weights == {}
    with pytest.raises(RunError, match="has no .h5 file"):
        result.file(".h5")


def test_what_is_there_is_left_alone_unless_forced(where):
    recorded.record("toy", ["one"], where, say=str)
    before = (where / "one.json").stat().st_mtime_ns
    recorded.record("toy", ["one"], where, say=str)
    assert (where / "one.json").stat().st_mtime_ns == before
    recorded.record("toy", ["one"], where, force=True, say=str)
    assert (where / "one.json").stat().st_mtime_ns != before


def test_a_damaged_result_is_not_replaced_without_being_asked(where):
    recorded.record("toy", ["one"], where, say=str)
    damaged = (where / "one.json").read_bytes().replace(b"7.5", b"8.5")
    (where / "one.json").write_bytes(damaged)
    lines = []
    assert recorded.record("toy", ["one"], where, say=lines.append) == ["one"]
    assert "damaged" in lines[0] and (where / "one.json").read_bytes() == damaged
    assert recorded.record("toy", ["one"], where, force=True, say=str) == []
    assert recorded.read("toy", "one", where).metrics == {"S.tp": 7.5}


def test_files_of_an_older_result_do_not_stay_behind(where):
    recorded.keep("toy", "x", Outcome({}, {"a": [1.0]}, weights={"w": torch.ones(1)}), where)
    recorded.keep("toy", "x", Outcome({}), where)
    assert [path.name for path in where.iterdir()] == ["x.json"]


def test_one_failure_does_not_stop_the_others(where, monkeypatch):
    def broken(scale):
        raise ValueError("no data")

    monkeypatch.setattr(sys.modules["toy_recording"], "full", broken)
    lines = []
    assert recorded.record("toy", ["one", "sweep/*"], where, say=lines.append) == ["sweep/a-0.5"]
    assert recorded.names("toy", where) == ["one"] and any("failed: no data" in line for line in lines)


CHILD = """
import os, signal, sys, types
from quakebook.training import recorded, recorded_files
from quakebook.training.recorded import Outcome
toy = types.ModuleType("toy_recording")
sys.modules["toy_recording"] = toy
where = recorded_files.Path(sys.argv[1])
recorded.keep("toy", "first", Outcome({"a": 1.0}, {"x": [1.0, 2.0]}), where)
recorded.keep("toy", "again", Outcome({"a": 1.0}, {"x": [1.0, 2.0]}), where)
recorded_files.write_facts = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
recorded.keep("toy", sys.argv[2], Outcome({"a": 2.0}, {"x": [3.0, 4.0]}), where)
"""


@pytest.mark.parametrize("name", ["second", "again"])
def test_killed_between_the_files_nothing_finished_is_lost(where, name):
    child = subprocess.run([sys.executable, "-c", CHILD, str(where), name], check=False, env={**os.environ})
    assert child.returncode == -signal.SIGKILL
    assert (where / f"{name}.h5").is_file() and not (where / f"{name}.json").exists()
    assert recorded.state("toy", "first", where) == "recorded" and recorded.state("toy", name, where) == "missing"
    np.testing.assert_array_equal(recorded.read("toy", "first", where).arrays["x"], [1, 2])
    recorded.keep("toy", name, Outcome({"a": 2.0}, {"x": [3.0, 4.0]}), where)
    np.testing.assert_array_equal(recorded.read("toy", name, where).arrays["x"], [3, 4])


def test_unknown_names_list_the_known_ones(where):
    with pytest.raises(RecordedError, match="nothing to record under tow, x/.*known: one, sweep/a-0.5, summary"):
        recorded.record("toy", ["one", "tow", "x/*"], where)
    with pytest.raises(RunError, match="nothing is recorded as 'one'.*there are: none"):
        recorded.read("toy", "one", where)
    with pytest.raises(RecordedError, match="the chapter toy has no plan"):
        from quakebook.training.recorded_plan import plan

        plan("toy")


def test_names_patterns_and_order():
    entries = {entry.name: entry for entry in PLAN}
    assert [entry.name for entry in recorded.chosen(entries, ["summary", "one"])] == ["one", "summary"]
    assert [entry.name for entry in recorded.chosen(entries, ["s*"])] == ["sweep/a-0.5", "summary"]


@pytest.mark.parametrize("name", ["", "../x", "/x", "a/../b", "a//b", ".a", "a b", "a/"])
def test_names_stay_in_their_folder(name, tmp_path):
    with pytest.raises(RecordedError):
        Entry(name, "m:f")
    with pytest.raises(RunError, match="name is letters"):
        recorded_files.read(tmp_path, name)


def test_what_a_function_may_return(where):
    for outcome, words in ((Outcome({"a": "high"}), "a must be a number; found 'high'"),
                           (Outcome({}, facts={"seconds": 1}), "filled in already: seconds"),
                           ({"a": 1.0}, "must return an Outcome; found dict")):
        with pytest.raises(RecordedError, match=words):
            recorded.keep("toy", "x", outcome, where)
    with pytest.raises(RunError, match="cannot contain a slash"):
        recorded.keep("toy", "x", Outcome({}, {"a/b": [1.0]}), where)
    with pytest.raises(RecordedError, match="there is no function toy_recording:absent"):
        recorded.make("toy", Entry("x", "toy_recording:absent"), where)
    assert not where.exists()


def test_a_file_under_another_name_is_refused(where):
    recorded.record("toy", ["one"], where, say=str)
    (where / "one.json").rename(where / "two.json")
    with pytest.raises(RunError, match="'one' under another name"):
        recorded.read("toy", "two", where)


def test_the_checksums_are_plain_sha256(where):
    recorded.record("toy", ["sweep/*"], where, say=str)
    content = (where / "sweep/a-0.5.json").read_bytes()
    facts = json.loads(content)
    for ending, digest in facts["files"].items():
        assert hashlib.sha256(Path(where / f"sweep/a-0.5{ending}").read_bytes()).hexdigest() == digest
    assert hashlib.sha256(content.replace(facts["sha256"].encode(), b"0" * 64)).hexdigest() == facts["sha256"]
