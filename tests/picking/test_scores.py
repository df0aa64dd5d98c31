import math

import pytest
import torch

from quakebook.picking.labels import gaussian_label
from quakebook.picking.scores import PhaseScores, merge, score

NAN = float("nan")


@pytest.fixture
def scores():
    """Four labels: precise and high, precise and low, late and high, missed; one prediction too many."""
    centres = torch.tensor([[500.0, 1500.0], [500.0, NAN], [NAN, NAN]])
    heights = torch.tensor([[0.9, 0.5], [0.8, 0.0], [0.0, 0.0]])
    curves = sum(gaussian_label(centres[:, i:i + 1], 3001) * heights[:, i:i + 1] for i in range(2))
    curves[2] = gaussian_label(torch.tensor([[2000.0]]), 3001)[0] * 0.75
    labels = torch.tensor([[505.0, 1490.0], [450.0, 3000.0], [NAN, 5000.0]])
    return score(curves, labels)


def test_counts_and_shares(scores):
    assert scores.n_labelled == 3  # edge and outside do not count
    assert sorted(scores.error_samples.tolist()) == [-5.0, 10.0, 50.0]
    assert len(scores.predicted_height) == 4
    assert scores.true_positive_share() == pytest.approx(1 / 3)
    assert scores.below_share() == pytest.approx(1 / 3)
    assert scores.precise_share() == pytest.approx(2 / 3)
    assert scores.precision() == pytest.approx(1 / 3) and scores.recall() == pytest.approx(1 / 3)
    assert scores.f1() == pytest.approx(1 / 3)
    assert scores.recall(samples=100) == pytest.approx(2 / 3)


def test_residuals_are_signed_late_positive(scores):
    wide = scores.residuals(confidence=0.1)
    assert wide["mean"] == pytest.approx(55 / 3) and wide["median"] == 10.0 and wide["count"] == 3
    assert wide["mad"] == 15.0
    assert math.isnan(scores.residuals(confidence=2)["mean"]) and scores.residuals(confidence=2)["count"] == 0


def test_perfect_prediction():
    labels = torch.tensor([[700.0], [1200.0]])
    perfect = score(gaussian_label(labels, 3001), labels)
    assert perfect.f1() == 1.0 and perfect.below_share() == 0.0 and perfect.residuals()["std"] == 0.0


def test_merge_equals_one_batch(scores):
    twice = merge([scores, scores])
    assert twice.n_labelled == 6 and twice.precision() == scores.precision() and twice.f1() == scores.f1()
    with pytest.raises(ValueError, match="at least one batch"):
        merge([])


def test_no_labels_no_ratio():
    empty = PhaseScores(torch.zeros(0), torch.zeros(0), torch.zeros(0), 0)
    assert math.isnan(empty.precision()) and math.isnan(empty.recall()) and math.isnan(empty.f1())


def test_two_close_labels_are_both_kept():
    assert score(torch.zeros(1, 3001), torch.tensor([[800.0, 850.0]])).n_labelled == 2


def test_shapes_are_named():
    with pytest.raises(ValueError, match="`curves` must have shape"):
        score(torch.zeros(2, 100), torch.zeros(3, 1))


def test_thresholds_of_the_paper():
    """BlueDisc: at most 10 samples off, at least 0.7 high; residuals up to a second; pairs up to 3000 samples apart."""
    made = PhaseScores(torch.tensor([10.0, -10.0, 10.5, 0.0, 100.0, 101.0]),
                       torch.tensor([0.7, 0.7, 0.9, 0.69, 0.9, 0.9]),
                       torch.tensor([0.7, 0.7, 0.9, 0.69, 0.9, 0.9, 0.7, 0.699]), 10)
    assert made.true_positive_share() == pytest.approx(0.2) and made.below_share() == pytest.approx(0.1)
    assert made.precise_share() == pytest.approx(0.3)
    assert made.precision() == pytest.approx(2 / 6) and made.recall() == pytest.approx(0.2)
    assert made.f1() == pytest.approx(2 * 2 / (6 + 10))
    assert made.residuals()["count"] == 4 and made.residuals()["mean"] == pytest.approx(110.5 / 4)


@pytest.mark.parametrize(("apart", "height", "found"), [(100, 0.1, 2), (99, 0.1, 1), (100, 0.099, 1)])
def test_peaks_of_the_paper(apart, height, found):
    """At least 0.1 high and 100 samples apart."""
    curve = torch.zeros(1, 3001)
    curve[0, 500], curve[0, 500 + apart] = 0.9, height
    assert len(score(curve, torch.tensor([[500.0]])).predicted_height) == found


@pytest.mark.parametrize(("label", "matched"), [(3500.0, 1), (3501.0, 0)])
def test_the_longest_match(label, matched):
    curve = torch.zeros(1, 4001)
    curve[0, 500] = 0.9
    assert len(score(curve, torch.tensor([[label]])).error_samples) == matched
