"""Pickers by their words: the newest files, and what a model card says."""

from types import SimpleNamespace

import pytest
import seisbench.models as sbm
import torch

from quakebook.commands import export, pickers
from quakebook.commands.chapters import UsageError


def test_files_of_a_model_with_the_newest_version_last(tmp_path):
    for name in ("m.json", "m.json.v1", "m.json.v2", "m.jsonx", "n.json", "m.json.bak"):
        (tmp_path / name).write_text("")
    assert [path.name for path in pickers._files(str(tmp_path / "m"))] == ["m.json", "m.json.v1", "m.json.v2"]
    assert pickers._files(str(tmp_path / "none" / "m")) == []


def test_the_newest_version_is_loaded(tmp_path):
    for version, bias in ((None, 1.0), ("1", 2.0), ("2", 3.0)):
        model = sbm.PhaseNet(phases="PSN")
        with torch.no_grad():
            model.out.bias.fill_(bias)
        model.save(tmp_path / "m", version_str=version)
    found = pickers.load_picker(str(tmp_path / "m"))
    assert found.model.out.bias.tolist() == [3.0] * 3 and found.name == "m" and not found.model.training
    assert found.activation == "softmax" and found.run is None and found.recorded == ""


def test_identity_changes_with_a_weight_and_an_argument():
    torch.manual_seed(0)
    first, same = (sbm.PhaseNet(phases="PSN") for _ in range(2))
    same.load_state_dict(first.state_dict())
    other = sbm.PhaseNet(phases="PSN", norm="peak")
    other.load_state_dict(first.state_dict())
    names = [pickers.Picker(model, "x").identity for model in (first, same, other)]
    with torch.no_grad():
        same.out.bias[0] += 1e-3
    assert names[0] == names[1] != names[2] and pickers.Picker(same, "x").identity != names[0]
    assert len(names[0]) == 16


def test_a_model_that_is_no_picker_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pickers, "_of_run", lambda word: pickers.Picker(torch.nn.Linear(1, 1), "x"))
    with pytest.raises(UsageError, match="word is a Linear, not a picker"):
        pickers.load_picker("word")


@pytest.mark.parametrize(("paper", "finished", "message"), [
    ("bluedisc", False, "run abc is not finished"), ("bugfinv", True, "belongs to bugfinv, which trains no picker")])
def test_runs_that_hold_no_picker(monkeypatch, paper, finished, message):
    run = SimpleNamespace(id="abc", finished=finished, paper=paper)
    monkeypatch.setattr("quakebook.commands.chapters.open_run", lambda word: run)
    with pytest.raises(UsageError, match=message):
        pickers.load_picker("abc")


def test_lines_of_a_card_are_plain_facts():
    facts = {"paper": "bluedisc", "seed": 3, "seconds": 1.5, "settings": {"a": 1}, "steps": None, "mode": "bce", "x": 1}
    assert pickers._lines(facts) == {"paper": "bluedisc", "seed": 3, "seconds": 1.5, "mode": "bce"}


def test_metrics_of_runs_that_differ_in_the_seed_only(tmp_path, monkeypatch):
    def run(name, finished=True, seed=0, lr=1.0, **metrics):
        return SimpleNamespace(name=name, path=tmp_path / name, finished=finished, record={"metrics": metrics},
                               config={"optimiser": {"lr": lr}, "training": {"seed": seed, "steps": 5}})

    runs = {each.name: each for each in (
        run("a", seed=0, tp=1.0, word="x", only=9.0), run("b", seed=1, tp=2.0, word="y"),
        run("c", seed=2, lr=2.0, tp=3.0, word="z"), run("d", finished=False, seed=3, tp=4.0, word="w"))}
    for name in runs:
        (tmp_path / name).mkdir()
        (tmp_path / name / "record.json").write_text("{}")
    monkeypatch.setattr("quakebook.training.runs.Run", lambda path: runs[path.name])
    assert export.metrics_of(pickers.Picker(None, "x", run=runs["a"])) == {"tp": [1.0, 2.0]}
    assert export.metrics_of(pickers.Picker(None, "x")) == {}


def test_thresholds_that_are_given_go_before_those_of_the_dev_split(monkeypatch):
    model = sbm.PhaseNet(phases="PSN")
    found = {phase: {"threshold": 0.4, "f1": 0.9} for phase in "PS"}
    asked = []
    monkeypatch.setattr(export, "dev_windows", lambda picker, count: asked.append(count) or ("windows", "picks"))
    monkeypatch.setattr("quakebook.picking.export.thresholds.thresholds_on", lambda model, windows, picks: dict(found))
    rows = export._thresholds(SimpleNamespace(threshold=["S=0.25"], windows=17), None, model)
    assert (rows["P"]["threshold"], rows["S"]["threshold"]) == (0.4, 0.25) and asked == [17]
    rows = export._thresholds(SimpleNamespace(threshold=["S=0.25", "P=1"], windows=17), None, model)
    assert (rows["P"]["threshold"], rows["S"]["labels"]) == (1.0, 0.0) and len(asked) == 1
