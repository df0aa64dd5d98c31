"""Trees, fine-tuning, label curves and the displacement experiment with parts that can be worked by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from quakebook.gp2vec.scoring.encode import Features
from quakebook.gp2vec.scoring.tasks import Questions, split
from quakebook.gp2vec.studies import baselines, label_efficiency, stick_slip


def planted(n=200):
    """A feature that holds the class and the number of each window; one event a window."""
    rng = np.random.default_rng(0)
    kind, number = rng.integers(3, size=n), rng.normal(size=n)
    x = np.stack([kind + 0.1 * rng.normal(size=n), number], 1)
    label = {"kind": torch.as_tensor(kind), "SP": torch.as_tensor(number)}
    return Features({"x": x}, {"x": {}}, Questions({}, label), np.array([f"e{k}" for k in range(n)], object))


def test_curves_ask_each_share_and_seed():
    asked = []

    def method(features, task, labelled, seed):
        asked.append((task, len(labelled), seed))
        return len(labelled) + seed / 10

    features = planted()
    found = label_efficiency.curve(features, "kind", (0, 1), (0.1, 1.0), method)
    n = len(split(features.events)["train"])
    assert found.tolist() == [[round(0.1 * n), round(0.1 * n) + 0.1], [n, n + 0.1]] and asked[0][0] == "kind"
    assert label_efficiency.FRACTIONS == (0.05, 0.10, 0.20, 0.50, 1.00)


def test_linear_and_boosted_scores_of_planted_answers():
    features = planted()
    found = label_efficiency.curve(features, "SP", (0,), (1.0,))
    assert found.shape == (1, 1) and found[0, 0] > 0.99
    assert label_efficiency.boosted(features, "kind", split(features.events)["train"], 0) > 0.95


def test_trees_are_fitted_to_the_training_part_and_answer_the_test_part():
    features = planted()
    parts = split(features.events)
    answer = baselines.trees(features, "kind")
    assert np.array_equal(answer.truth, features.questions.label["kind"].numpy()[parts["test"]])
    assert set(answer.events) == set(features.events[parts["test"]]) and answer.score > 0.95
    number = baselines.trees(features, "SP", labelled=parts["train"][:60])
    assert number.score > 0.5 and np.array_equal(number.truth, features.questions.label["SP"].numpy()[parts["test"]])


def test_an_untrained_network_depends_on_its_seed_alone():
    from quakebook.gp2vec import config

    settings = config(preset="smoke")
    state = torch.random.get_rng_state()
    first, again, other = (baselines.random_network(settings, seed) for seed in (0, 0, 1))
    assert torch.equal(state, torch.random.get_rng_state()) and not first.training
    pairs = list(zip(first.parameters(), again.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b, _ in pairs) and not all(torch.equal(a, c) for a, _, c in pairs)


def test_a_number_is_standardised_for_the_training_and_given_back(monkeypatch):
    """Training numbers 1 and 3: mean 2, deviation 1. An answer of -1 is 1 in the units of the label."""
    pool = SimpleNamespace(events=np.array(["a", "b", "c"]), waveforms=torch.zeros(3, 3, 40),
                           fixed_starts=lambda n: torch.tensor([0, 1, 2]))
    label = torch.tensor([1.0, 3.0, 5.0])
    monkeypatch.setattr("quakebook.gp2vec.scoring.tasks.questions",
                        lambda pool, start, samples: SimpleNamespace(label={"SP": label}))
    monkeypatch.setattr(baselines, "split", lambda events: {"train": np.array([0, 1]), "test": np.array([2, 1])})
    given = {}

    def fit(model, windows, target, recipe, seed, classes):
        given.update(target=target, classes=classes, shape=tuple(windows.shape), seed=seed)

    monkeypatch.setattr(baselines, "fit_network", fit)
    monkeypatch.setattr(baselines, "predict", lambda network, windows, batch: np.array([[3.0], [-1.0]]))
    found = baselines.supervised(None, pool, "SP", None, 7, 20)
    assert given["target"].tolist() == pytest.approx([-1, 1]) and given["classes"] == 0 and given["seed"] == 7
    assert given["shape"] == (2, 3, 20) and found.answer.tolist() == pytest.approx([5, 1])
    assert found.truth.tolist() == [5, 3] and found.score == pytest.approx(1 - 4 / 2)
    with pytest.raises(ValueError, match="fine-tuning answers"):
        baselines.supervised(None, pool, "P", None, 0, 20)


def test_classes_are_counted_and_answered_by_the_largest(monkeypatch):
    pool = SimpleNamespace(events=np.array(["a", "b"]), waveforms=torch.zeros(2, 3, 40),
                           fixed_starts=lambda n: torch.tensor([0, 0]))
    monkeypatch.setattr("quakebook.gp2vec.scoring.tasks.questions",
                        lambda pool, start, samples: SimpleNamespace(label={"kind": torch.tensor([2, 0])}))
    monkeypatch.setattr(baselines, "split", lambda events: {"train": np.array([0]), "test": np.array([0, 1])})
    counted = []
    monkeypatch.setattr(baselines, "fit_network", lambda *words: counted.append(words[-1]))
    monkeypatch.setattr(baselines, "predict", lambda *words: np.array([[0.1, 0.2, 0.9], [0.1, 0.2, 0.0]]))
    found = baselines.supervised(None, pool, "kind", None, 0, 20)
    assert counted == [3] and found.answer.tolist() == [2, 1] and found.score == 0.5


def answer(r2):
    return stick_slip.Answer(np.full(4, r2), "", r2, 10 * r2, 0.0)


def test_onsets_are_scored_by_the_chance_of_an_onset():
    """One feature is the label itself, one frame a window: an area of 1, and of 0 if the other class were read."""
    rng = np.random.default_rng(1)
    onset = rng.integers(2, size=(200, 1))
    features = Features({"x": np.zeros((200, 1))}, {"x": {"P": onset[..., None] + 0.01 * rng.normal(size=(200, 1, 1))}},
                        Questions({}, {"P": torch.as_tensor(onset)}), np.array([f"e{k}" for k in range(200)], object))
    assert baselines.trees(features, "P").score == 1.0


def test_labelled_events_come_from_a_stream_of_their_own():
    """Seed 3 is stream 1003; of 12 training events a twentieth is less than one, so two are taken."""
    events = np.array([f"e{k // 2}" for k in range(40)], object)
    train = split(events)["train"]
    names = np.unique(events[train].astype(str))
    order = np.random.default_rng(1003).permutation(len(names))
    assert len(names) == 12
    for fraction, count in ((0.05, 2), (0.5, 6), (1.0, 12)):
        found = label_efficiency.labelled_rows(events, fraction, 3)
        assert set(events[found]) == set(names[order[:count]]) and len(found) == 2 * count


def test_shuffled_labels_keep_their_counts_and_what_was_not_asked():
    label = {"kind": torch.tensor([0, 1, -1, 2, 0, -1]), "SP": torch.tensor([1.0, float("nan"), 2.0, 3.0, 4.0, 5.0])}
    made = Features({"x": np.zeros((6, 1))}, {"x": {}}, Questions({}, label), np.arange(6).astype(str))
    mixed = baselines.shuffled(made).questions.label
    assert sorted(mixed["kind"].tolist()) == [-1, -1, 0, 0, 1, 2] and (mixed["kind"][[2, 5]] == -1).all()
    assert sorted(mixed["SP"][mixed["SP"].isfinite()].tolist()) == [1, 2, 3, 4, 5] and mixed["SP"][1].isnan()
    other = baselines.shuffled(made, 1).questions.label["SP"]
    assert not torch.equal(mixed["SP"][[0, 2, 3, 4, 5]], other[[0, 2, 3, 4, 5]])
