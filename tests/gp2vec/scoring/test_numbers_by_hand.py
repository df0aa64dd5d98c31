"""What the probes ask, pool and score, on windows and answers small enough to work by hand."""

import math

import numpy as np
import pytest
import torch

from quakebook.gp2vec.data.windows import Pool
from quakebook.gp2vec.scoring.downstream import _metrics
from quakebook.gp2vec.scoring.encode import Features, layers_of, pool_frames
from quakebook.gp2vec.scoring.probes import Linear, ProbeResult, rows_of
from quakebook.gp2vec.scoring.tasks import CHANCE, METRICS, Questions, frames_at, questions, split
from quakebook.gp2vec.studies.baselines import bootstrap_difference

NAN = math.nan


def pool(kind, p, s, magnitude=2.5):
    """Records of 60 s without waveforms; onsets in samples."""
    n = len(kind)
    events = np.array([f"e{k}" for k in range(n)], object)
    return Pool(torch.zeros(n, 3, 6000), torch.tensor(kind), torch.tensor(p), torch.tensor(s),
                torch.full((n,), magnitude), events, {}, "by hand")


def test_frames_of_a_fifth_of_a_second():
    times = torch.tensor([-1.0, 0.0, 0.19, 0.21, 15.1, 29.9, 30.0, 99.0])
    assert frames_at(times, 3000, 150).tolist() == [0, 0, 0, 1, 75, 149, 149, 149]


def test_questions_of_one_window_of_each_kind():
    """Windows of 30 s from second 10: noise, an event, an event whose P came before, tremor with a stray onset."""
    records = pool([0, 2, 2, 1], [NAN, 1500.0, 900.0, 1200.0], [NAN, 2100.0, 1500.0, 1500.0])
    asked = questions(records, torch.full((4,), 1000), 3000)
    assert asked.label["kind"].tolist() == [0, 2, 2, 1]
    assert asked.label["phase"].tolist() == [[-1] * 3, [0, 1, 2], [-1] * 3, [-1] * 3]
    before, between, after = asked.time_s["phase"][1].tolist()
    assert 0 <= before < 5 <= between < 11 <= after < 30
    assert asked.label["P"].tolist() == [[-1] * 3, [1, 0, 0], [-1] * 3, [-1] * 3]
    assert asked.time_s["P"][1, 0] == 5.0 and asked.time_s["S"][1, 0] == 11.0
    assert asked.label["SP"].tolist() == pytest.approx([NAN, math.log10(6), NAN, NAN], nan_ok=True)
    assert asked.label["M"].tolist() == pytest.approx([NAN, 2.5, NAN, NAN], nan_ok=True)


def test_frames_away_from_an_onset_are_half_a_second_to_three_away_on_both_sides():
    n = 500
    asked = questions(pool([2] * n, [1500.0] * n, [2500.0] * n), torch.zeros(n, dtype=torch.int64), 3000)
    for phase, onset_s in (("P", 15.0), ("S", 25.0)):
        away = asked.time_s[phase][:, 1:] - onset_s
        assert 0.5 <= float(away.abs().min()) < 0.52 and 2.98 < float(away.abs().max()) <= 3.0
        assert 0.4 < float((away < 0).float().mean()) < 0.6


@pytest.mark.parametrize(("p", "s", "first", "second"), [
    (0.0, 600.0, 1, 1),  # the window's first sample belongs to it
    (1000.0, 3000.0, 1, -1),  # the sample after its last does not
    (3000.0, 3500.0, -1, -1),
    (1000.0, 1000.0, 1, -1),  # no S before or with P
    (1000.0, 900.0, 1, -1),
])
def test_onsets_at_the_edges_of_a_window(p, s, first, second):
    asked = questions(pool([2], [p], [s]), torch.zeros(1, dtype=torch.int64), 3000)
    assert (int(asked.label["P"][0, 0]), int(asked.label["S"][0, 0])) == (first, second)
    assert bool(asked.label["SP"].isfinite()) == (second == 1) and bool(asked.label["M"].isfinite()) == (first == 1)


def test_times_outside_the_window_are_not_asked():
    asked = questions(pool([2] * 300, [50.0] * 300, [2950.0] * 300), torch.zeros(300, dtype=torch.int64), 3000)
    for phase in ("P", "S"):
        outside = (asked.time_s[phase] < 0) | (asked.time_s[phase] >= 30)
        assert outside.any() and torch.equal(asked.label[phase] == -1, outside)


def test_events_are_split_60_15_25():
    events = np.repeat([f"e{k}" for k in range(100)], 2).astype(object)
    parts = split(events)
    assert [len(parts[name]) for name in ("train", "dev", "test")] == [120, 30, 50]
    assert sorted(np.concatenate(list(parts.values()))) == list(range(200))
    assert not set(events[parts["train"]]) & set(events[parts["test"]])


def test_chance_is_that_of_the_metric():
    """Three classes, a coin, and the mean of the numbers."""
    for task, metric in METRICS.items():
        assert CHANCE[task] == {"balanced accuracy": 1 / 3, "ROC AUC": 0.5, "R2": 0.0}[metric]


def test_pooling_two_frames():
    pooled = pool_frames(torch.tensor([[[0.0, 2.0], [4.0, 2.0]]]))
    assert pooled.tolist() == [[2, 2, 2, 0, 4, 2]]  # mean, standard deviation (of two, not of one), maximum


@pytest.mark.parametrize(("depth", "layers"), [(12, (0, 6, 12)), (3, (0, 2, 3)), (1, (0, 1))])
def test_layers_are_input_middle_and_last(depth, layers):
    assert layers_of(depth) == layers


def test_rows_without_a_label_are_left_out():
    label = {"M": torch.tensor([1.0, NAN, 3.0]), "kind": torch.tensor([0, -1, 2]),
             "P": torch.tensor([[1, 0, -1], [-1, -1, -1], [1, 0, 0]])}
    features = Features({"a": np.arange(3.0)[:, None]}, {"a": {"P": np.arange(9.0).reshape(3, 3, 1)}},
                        Questions({}, label), np.array(["x", "y", "z"]))
    for task in ("M", "kind"):
        values, labels, record = rows_of(features, "a", task)
        assert values.ravel().tolist() == record.tolist() == [0, 2]
    assert labels.tolist() == [0, 2]
    values, labels, record = rows_of(features, "a", "P")
    assert values.ravel().tolist() == [0, 1, 6, 7, 8]
    assert record.tolist() == [0, 0, 2, 2, 2] and labels.tolist() == [1, 0, 1, 0, 0]


def test_answers_of_a_linear_probe():
    model = Linear(np.array([[1.0, 3.0, 0.0]]), np.array([0.0, -1.0, 1.5]))
    x = np.array([[0.0], [1.0]])  # outputs 0, -1, 1.5 and 1, 2, 1.5
    assert model.answers(x, "kind").tolist() == [2, 1]
    assert model.answers(x, "P").tolist() == [-1, 1]
    assert model.answers(x, "M").tolist() == [0, 1]


def test_a_neighbouring_bin_counts_for_off_by_one():
    numbers = _metrics(np.array([0, 1, 2, 3]), np.eye(4)[[0, 2, 0, 3]], ordered=True)
    assert numbers["accuracy"] == 0.5 and numbers["off_by_one"] == 0.75
    assert numbers["f1_macro"] == pytest.approx((2 / 3 + 0 + 0 + 1) / 4) and "auc" not in numbers


def test_interval_of_a_difference_is_that_of_a_share():
    """One network is always right, the other in 70 % of 400 events: 0.3, standard error sqrt(0.3 0.7 / 400)."""
    rng = np.random.default_rng(0)
    truth = np.arange(400) % 2
    wrong = np.zeros(400, bool)
    wrong[rng.permutation(400)[:120]] = True
    events = np.array([f"e{k}" for k in range(400)])
    right = ProbeResult(1.0, "a", 0.0, truth, truth, events)
    other = ProbeResult(0.7, "a", 0.0, truth, np.where(wrong, 1 - truth, truth), events)
    difference, low, high = bootstrap_difference(right, other, "kind")
    error = math.sqrt(0.3 * 0.7 / 400)
    assert difference == pytest.approx(0.3)
    assert low == pytest.approx(0.3 - 1.96 * error, abs=0.008) and high == pytest.approx(0.3 + 1.96 * error, abs=0.008)


@pytest.mark.parametrize(("s", "asked_between"), [(1510.5, True), (1509.5, False)])
def test_phases_shorter_than_a_tenth_of_a_second_are_not_asked(s, asked_between):
    asked = questions(pool([2], [1500.0], [s]), torch.zeros(1, dtype=torch.int64), 3000)
    assert asked.label["phase"][0].tolist() == [0, 1 if asked_between else -1, 2]


def test_frames_stand_before_or_after_by_the_last_of_the_four_numbers_drawn():
    """Below one half before the onset; the third and second of the same record say how far."""
    u = torch.rand(200, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    asked = questions(pool([2] * 200, [1500.0] * 200, [2500.0] * 200), torch.zeros(200, dtype=torch.int64), 3000)
    for row, (phase, onset_s) in enumerate((("P", 15.0), ("S", 25.0)), start=1):
        away = asked.time_s[phase][:, 1:].double() - onset_s
        assert torch.equal(away < 0, u[:, 3, 1:] < 0.5)
        torch.testing.assert_close(away.abs(), 0.5 + 2.5 * u[:, row, 1:], atol=1e-5, rtol=0)
    torch.testing.assert_close(asked.time_s["phase"].double()[:, 1], 15 + 10 * u[:, 0, 1], atol=1e-5, rtol=0)


def test_the_bootstrap_draws_events_four_hundred_times():
    """With the drawn events of the same generator and scikit-learn's R2; each event holds two rows."""
    from sklearn.metrics import r2_score

    rng = np.random.default_rng(5)
    truth = rng.normal(size=12)
    first, second = (truth + s * rng.normal(size=12) for s in (0.3, 0.8))
    events = np.repeat([f"e{k}" for k in range(6)], 2)
    draw = np.random.default_rng(0)
    values = []
    for _ in range(400):
        rows = np.concatenate([[2 * k, 2 * k + 1] for k in draw.integers(6, size=6)])
        values.append(r2_score(truth[rows], first[rows]) - r2_score(truth[rows], second[rows]))
    found = bootstrap_difference(*(ProbeResult(r2_score(truth, each), "", 0.0, truth, each, events)
                                   for each in (first, second)), "SP")
    assert found == pytest.approx((r2_score(truth, first) - r2_score(truth, second), np.quantile(values, 0.025),
                                   np.quantile(values, 0.975)), rel=1e-9)
