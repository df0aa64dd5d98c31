"""``quakebook record``: what is missing is made, unknown names are refused, the list says how things stand."""

import sys
from importlib.util import find_spec
from types import ModuleType

import pytest

from quakebook import cli
from quakebook.commands import chapters
from quakebook.training import recorded
from quakebook.training.recorded import Entry, Outcome


@pytest.fixture
def toy(monkeypatch, tmp_path):
    """A chapter "toy" with a plan of two results, one of which cannot be made."""
    module = ModuleType("toy_results")
    module.good = lambda value: Outcome({"toy.value": value}, {"x": [value]})

    def bad():
        raise FileNotFoundError("the sample is not on this machine")

    module.bad = bad
    plan = (Entry("a", "toy_results:good", {"value": 1.0}, cost_s=120.0), Entry("deep/b", "toy_results:bad"))
    monkeypatch.setitem(sys.modules, "toy_results", module)
    monkeypatch.setitem(sys.modules, "quakebook.toy", ModuleType("quakebook.toy"))
    monkeypatch.setitem(chapters.CHAPTERS, "toy", "a toy")
    monkeypatch.setattr(recorded, "plan", lambda chapter: {entry.name: entry for entry in plan})
    return ["record", "--folder", str(tmp_path / "kept"), "toy"]


def test_missing_results_are_made_once(toy, tmp_path, capsys):
    assert cli.main([*toy, "a"]) == 0
    assert "1 of 1 results to make, about 2 min on one core" in capsys.readouterr().out
    assert recorded.read("toy", "a", tmp_path / "kept").metrics == {"toy.value": 1.0}
    assert cli.main([*toy, "a"]) == 0 and "0 of 1 results" in capsys.readouterr().out
    assert cli.main([*toy, "a", "--force"]) == 0 and "1 made" in capsys.readouterr().out


def test_the_list_says_how_things_stand(toy, tmp_path, capsys):
    cli.main([*toy, "a"])
    (tmp_path / "kept" / "a.h5").write_bytes(b"")
    capsys.readouterr()
    assert cli.main([*toy, "--list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("a ") and "2 min" in first and "a.h5 is damaged" in first
    assert second.split() == ["deep/b", "missing"]


def test_a_failure_is_1_and_does_not_stop_the_rest(toy, tmp_path, capsys):
    assert cli.main(toy) == 1
    output = capsys.readouterr().out
    assert "deep/b: failed: the sample is not on this machine" in output and "1 made, failed: deep/b" in output
    assert recorded.names("toy", tmp_path / "kept") == ["a"]


@pytest.mark.parametrize("words, message", [
    (["record", "toy", "c"], "nothing to record under c; known: a, deep/b"),
    (["record", "nowhere"], "no chapter 'nowhere'")])
def test_unknown_names_are_2_and_list_the_known_ones(toy, words, message, capsys):
    assert cli.main(words) == 2
    assert message in capsys.readouterr().err


def test_a_chapter_without_a_plan_is_2(monkeypatch, capsys):
    monkeypatch.setitem(chapters.CHAPTERS, "data", "no chapter, but a package")
    assert cli.main(["record", "data"]) == 2
    assert "the chapter data has no plan of recorded results" in capsys.readouterr().err


@pytest.mark.parametrize("chapter", [name for name in chapters.CHAPTERS
                                     if find_spec(f"quakebook.{name}.recorded.plan") is not None])
def test_everything_recorded_is_whole_planned_and_says_what_made_it(chapter):
    plan = recorded.plan(chapter)
    for name in recorded.names(chapter):
        result = recorded.read(chapter, name)
        result.check()
        assert name in plan or name.startswith("long-")
        assert {"command", "function", "arguments", "settings", "run", "commit", "package", "device", "versions",
                "threads", "seeds", "seconds", "cpu_seconds", "finished"} <= set(result.facts)
    for entry in plan.values():
        assert callable(recorded._function(entry))
