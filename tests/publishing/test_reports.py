"""Result files: what is kept, which belong to a paper, and which a notebook's new run removes."""

import json

import pytest

from quakebook.publishing import reports
from quakebook.publishing.claim import ClaimError


def test_a_report_says_what_wrote_it(project, monkeypatch, tmp_path):
    monkeypatch.setenv("QUAKEBOOK_PROFILE", "quick")
    monkeypatch.setenv("QUAKEBOOK_NOTEBOOK", "toy/01_half")
    monkeypatch.setenv("QUAKEBOOK_RESULTS", str(tmp_path / "results"))
    path = reports.report("toy", "half", {"toy.half": 0.5}, "real", run="abc", steps=3)
    assert path == tmp_path / "results/toy/half.json"
    body = json.loads(path.read_text())
    assert {key: body[key] for key in ("paper", "source", "data", "run", "notebook", "profile", "steps")} == {
        "paper": "toy", "source": "half", "data": "real", "run": "abc", "notebook": "toy/01_half", "profile": "quick",
        "steps": 3}
    result, = reports.reported("toy")
    assert (result.notebook, result.profile, result.data, result.recorded) == ("toy/01_half", "quick", "real", False)
    assert result.metrics["toy.half"].value == 0.5 and result.facts["steps"] == 3
    with pytest.raises(ClaimError, match="filled in already: profile, version"):
        reports.report("toy", "half", {}, version=1, profile=2)


def test_facts_must_be_plain(project):
    with pytest.raises(ClaimError, match="facts must be plain JSON values"):
        reports.report("toy", "half", {"toy.half": 0.5}, seeds={1, 2})


@pytest.mark.parametrize(("named", "profile", "expected"), [
    (None, None, "_build/results/interactive"), (None, "paper", "_build/results/paper"), ("own", None, "own"),
    ("own", "paper", "_build/results/paper")])
def test_where_results_lie(project, monkeypatch, named, profile, expected):
    if named:
        monkeypatch.setenv("QUAKEBOOK_RESULTS", str(project.root / named))
    assert reports.results_folder(project, profile) == project.root / expected


def test_files_of_a_paper_are_told_from_those_of_longer_names(project):
    names = ["toy.json", "toy-long.json", "toy_x.pt", "toy/a.json", "toys.json", "other/toy.json"]
    for name in names:
        (project.recorded / name).parent.mkdir(exist_ok=True)
        (project.recorded / name).write_text("{}")
    found = {path.relative_to(project.recorded).as_posix() for path in reports.recorded_files("toy", project)}
    assert found == set(names[:4])
    assert reports.recorded("toy", project) == []  # none of them holds metrics


@pytest.mark.parametrize(("data", "recorded", "read"), [
    ("synthetic (magnitude)", False, ("synthetic", False)), ("recorded", False, ("synthetic", True)),
    ("real", True, ("real", True))])
def test_on_what_a_number_was_computed(tmp_path, data, recorded, read):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": data, "metrics": {"x": 1.0}}))
    result = reports.read(path, "toy", recorded=recorded)
    assert (result.data, result.recorded) == read and result.source == "a"


@pytest.mark.parametrize(("body", "message"), [
    ("[1]", "expected an object with paper"), ('{"metrics": 3}', "expected an object with paper"),
    ('{"metrics": {}, "paper": "tov"}', "is about the paper 'tov'"),
    ('{"metrics": {}, "data": "moon"}', "found 'moon'")])
def test_wrong_result_files_are_named(tmp_path, body, message):
    (tmp_path / "a.json").write_text(body)
    with pytest.raises(ClaimError, match=f"a.json: .*{message}"):
        reports.read(tmp_path / "a.json", "toy")


def test_numbers_of_an_earlier_run_are_forgotten(tmp_path):
    (tmp_path / "toy").mkdir()
    for name, text in (("mine", '{"notebook": "toy/01"}'), ("other", '{"notebook": "toy/02"}'), ("broken", "{"),
                       ("list", "[1]")):
        (tmp_path / "toy" / f"{name}.json").write_text(text)
    reports.forget(tmp_path, "toy/01")
    assert [path.stem for path in (tmp_path / "toy").iterdir()] == ["other"]
