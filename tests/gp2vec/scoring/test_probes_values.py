"""Which layer and penalty a probe takes: those that are best on the validation records, whatever the test says."""

import numpy as np
import pytest
import torch

from quakebook.gp2vec.scoring import probes
from quakebook.gp2vec.scoring.encode import Features
from quakebook.gp2vec.scoring.tasks import Questions


def features(n=60):
    """The first and last layers hold noise, the middle one the number."""
    rng = np.random.default_rng(0)
    number = rng.normal(size=n)
    layers = {name: rng.normal(size=(n, 3)) for name in ("first", "middle", "last")}
    layers["middle"][:, 0] = number
    label = {"SP": torch.as_tensor(number), "kind": torch.as_tensor((number > 0).astype(int))}
    return Features(layers, {name: {} for name in layers}, Questions({}, label), np.array([f"e{k}" for k in range(n)]))


PARTS = {"train": np.arange(30), "dev": np.arange(30, 45), "test": np.arange(45, 60)}


@pytest.mark.parametrize("task", ["SP", "kind"])
def test_the_layer_that_is_best_on_validation_is_taken(task):
    found = probes.probe(features(), task, PARTS)
    assert found.layer == "middle" and found.events.tolist() == [f"e{k}" for k in range(45, 60)]
    assert probes.probe(features(), task, PARTS, layers=["last"]).layer == "last"


def test_the_penalty_is_that_of_the_largest_score_and_the_first_of_equals(monkeypatch):
    """Scores on validation 0.1 0.7 0.7 0.3: the second penalty; the test score is read for it alone."""
    asked = []

    def score(task, truth, answer):
        asked.append(len(truth))
        return {0: 0.1, 1: -9.0, 2: 0.7, 3: 0.25, 4: 0.7, 5: 0.3}[len(asked) - 1]

    parts = {**PARTS, "dev": np.arange(30, 44)}
    monkeypatch.setattr(probes, "score", score)
    found = probes.probe(features(), "SP", parts, layers=["middle"])
    assert asked == [14, 15, 14, 15, 14, 14] and found.penalty == probes.PENALTIES[1] and found.score == 0.25


def test_two_labelled_records_are_enough_for_a_number_and_one_is_not():
    assert probes.probe(features(), "SP", PARTS, labelled=np.array([0, 1])).layer in ("first", "middle", "last")
    with pytest.raises(probes.TooFewLabels, match="found 1 records"):
        probes.probe(features(), "SP", PARTS, labelled=np.array([0]))
    kind = features().questions.label["kind"].numpy()
    same = np.flatnonzero(kind[:30] == 1)
    with pytest.raises(probes.TooFewLabels):
        probes.probe(features(), "kind", PARTS, labelled=same)


def test_scores_of_too_few_rows_are_no_numbers():
    one = np.array([1.0])
    assert np.isnan(probes.score("SP", one, one)) and np.isnan(probes.score("P", np.ones(4), np.ones(4)))
    assert probes.score("SP", np.array([0.0, 2.0]), np.array([0.0, 1.0])) == pytest.approx(0.5)
    assert probes.score("P", np.array([0, 1, 1, 0]), np.array([0.1, 0.9, 0.2, 0.3])) == pytest.approx(0.75)
    assert probes.score("kind", np.array([0, 0, 2, 2]), np.array([0, 1, 2, 2])) == pytest.approx(0.75)
    assert probes.PENALTIES == (1e-4, 1e-3, 1e-2, 1e-1)


def test_tasks_that_cannot_be_asked_have_no_number():
    one = features()
    label = {**{task: torch.full((60, 3), -1) for task in ("phase", "P", "S")}, "kind": torch.zeros(60, dtype=int),
             "SP": one.questions.label["SP"], "M": torch.full((60,), float("nan"))}
    frames = {name: {task: np.zeros((60, 3, 2)) for task in ("phase", "P", "S")} for name in one.pooled}
    found = probes.probe_all(Features(one.pooled, frames, Questions({}, label), one.events))
    assert found["SP"].score > 0.9 and found["SP"].layer == "middle"
    for task in ("phase", "P", "S", "kind", "M"):
        assert np.isnan(found[task].score) and found[task].layer == "none" and len(found[task].truth) == 0
