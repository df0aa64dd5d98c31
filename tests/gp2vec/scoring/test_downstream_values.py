"""What the published evaluator divides, bins and trains, with parts that answer what they are asked."""

import numpy as np
import pytest
import torch

from quakebook.gp2vec.scoring import downstream
from quakebook.gp2vec.scoring.downstream import DownstreamEvaluator, _linear_probe, _metrics


class Seen(DownstreamEvaluator):
    """Keeps labels and division instead of scoring; features are the window's number."""

    def features(self, waveforms, metadata=None, amplitude=False):
        self.amplitude = amplitude
        return np.arange(len(waveforms))[:, None]

    def _score(self, x, y, train, test, ordered):
        self.y, self.train, self.test, self.ordered = y, train, test, ordered
        return {}


@pytest.fixture
def evaluator(tiny):
    return Seen(tiny)


X = torch.zeros(20, 3, 8)


def test_numbers_that_nobody_gives(tiny):
    """The linear probe as published: Adam at 1e-3, 100 epochs, batches of 64; the last layer, windows by 64, seed 0."""
    assert (downstream.PROBE_LR, downstream.PROBE_EPOCHS, downstream.PROBE_BATCH) == (1e-3, 100, 64)
    made = DownstreamEvaluator(tiny)
    assert (made.layer, made.batch_size, made.seed) == (-1, 64, 0)


def test_three_tenths_are_tested_and_groups_stay_together(evaluator):
    labels = np.arange(20) % 2
    evaluator.evaluate_tremor_detection(X, labels)
    assert len(evaluator.test) == 6 and sorted([*evaluator.train, *evaluator.test]) == list(range(20))
    assert not evaluator.amplitude and not evaluator.ordered
    evaluator.evaluate_phase_picking(X, labels, groups=np.arange(20) // 2)
    assert len(evaluator.test) == 6 and {k ^ 1 for k in evaluator.test} == set(evaluator.test)
    evaluator.evaluate_tremor_detection(X, labels, test_size=0.5)
    assert len(evaluator.test) == 10


def test_magnitudes_fall_into_five_bins_of_equal_width(evaluator):
    """From 0 to 10: edges at 2, 4, 6 and 8, of which a magnitude on the edge lies above."""
    values = np.concatenate([[0.0, 1.9, 2.0, 3.9, 4.0, 6.5, 8.0, 9.9, 10.0], np.linspace(0, 10, 11)])
    evaluator.evaluate_magnitude_estimation(X, values)
    assert evaluator.y[:9].tolist() == [0, 0, 1, 1, 2, 3, 4, 4, 4] and evaluator.amplitude and evaluator.ordered
    assert len(evaluator.test) == 6
    evaluator.evaluate_magnitude_estimation(X, values, edges=[5.0])
    assert evaluator.y[:9].tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_labels_are_whole_numbers_from_zero(evaluator):
    for wrong in (np.full(20, -1), np.full(20, 0.5)):
        with pytest.raises(ValueError, match="whole numbers from 0"):
            evaluator.evaluate_tremor_detection(X, wrong)
    with pytest.raises(ValueError, match="`groups` must name one group a window, 20; found 3"):
        evaluator.evaluate_tremor_detection(X, np.arange(20) % 2, groups=[1, 2, 3])


def test_fine_tuning_trains_on_seven_tenths_and_answers_for_the_rest(tiny, monkeypatch):
    seen = {}
    monkeypatch.setattr(downstream, "fit_network", lambda model, x, y, recipe, seed, classes, metadata: seen.update(
        n=len(x), y=len(y), recipe=recipe, classes=classes, fields=metadata["gain"].tolist()))
    monkeypatch.setattr(downstream, "predict", lambda fitted, x, batch, rest: np.tile([0.0, 0.0, 9.0], (len(x), 1)))
    labels = np.arange(20) % 3
    found = DownstreamEvaluator(tiny).fine_tune(X, labels, {"gain": torch.arange(20.0)})["fine_tuning"]
    train = [int(k) for k in seen["fields"]]
    test = sorted(set(range(20)) - set(train))
    assert (seen["n"], seen["y"], seen["classes"], seen["recipe"]) == (14, 14, 3, downstream.Recipe())
    assert found["accuracy"] == pytest.approx(np.mean(labels[test] == 2))


def test_a_linear_probe_without_information_knows_no_majority():
    """Nine of ten are of class 0; balanced weights leave both at one half, and what tells them apart is found."""
    y = (np.arange(640) % 10 == 0).astype(int)
    blind = _linear_probe(np.zeros((640, 2)), y, np.zeros((1, 2)), 2, 0)
    assert blind[0].tolist() == pytest.approx([0.5, 0.5], abs=0.03)
    told = _linear_probe(np.stack([y, 1 - y], 1) * 4.0, y, np.array([[4.0, 0.0], [0.0, 4.0]]), 2, 0)
    assert told[0, 1] > 0.9 and told[1, 0] > 0.9


def test_areas_need_two_classes_on_both_sides():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    assert _metrics(np.array([0, 1, 1]), probabilities)["auc"] == 1.0
    assert _metrics(np.array([1, 0, 1]), probabilities)["auc"] == 0.0
    assert "auc" not in _metrics(np.array([1, 1, 1]), probabilities)
    assert "off_by_one" not in _metrics(np.array([0, 1, 1]), probabilities)
    assert _metrics(np.array([0, 0, 1]), probabilities)["f1_weighted"] == pytest.approx((2 * 0.5 + 0) / 3)
