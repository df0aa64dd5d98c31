"""Every share, band, quantile and width of the scores, from a table of eight peaks worked by hand."""

import math

import numpy as np
import pytest
import torch
from scipy.signal import peak_widths
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_score

from quakebook.bluedisc.pages import what_it_costs
from quakebook.bluedisc.scoring.operating import THRESHOLDS, ceiling, operating_curve
from quakebook.bluedisc.scoring.peaks import Peaks, find_peaks, half_width, statistics
from quakebook.bluedisc.scoring.reliability import reliability
from quakebook.bluedisc.settings import EvaluationConfig

SETTINGS = EvaluationConfig()
NAN, INF = np.nan, np.inf
#: height, error, distance, width: in time and high (2), on each edge of the middle band, in time and low, late, other
#: arrivals, and one without a label.
ROWS = [(0.90, 3, 3, 40), (0.70, -10, 10, 50), (0.60, 10, 10, 60), (0.40, 0, 0, 70), (0.39, -2, 2, 80),
        (0.80, 11, 11, 90), (0.95, 51, 51, 30), (0.75, 50, 50, 20), (0.99, NAN, INF, 10), (0.2, 150, 150, 10)]


def _peaks(rows=ROWS, labels=20):
    height, error, distance, width = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    zero = np.zeros(len(rows), np.float32)
    return Peaks(zero.astype(np.int32), zero, height, error, distance, width, zero, np.ones(labels, np.int32))


def test_shares_of_ten_peaks_and_twenty_labels():
    numbers = statistics(_peaks(), SETTINGS)
    assert numbers["label_count"] == 20
    assert numbers["tp"] == pytest.approx(100 * 2 / 20)  # 0.90 and, exactly on both limits, 0.70 at -10
    assert numbers["below"] == pytest.approx(100 * 3 / 20) and numbers["precise"] == pytest.approx(100 * 5 / 20)
    assert numbers["high_count"] == 6  # 0.90 0.70 0.80 0.95 0.75 0.99
    assert numbers["precision"] == pytest.approx(100 * 2 / 6)
    assert numbers["far"] == pytest.approx(100 * 2 / 6)  # 51 samples and no label; 50 samples is not far


def test_middle_band_holds_its_lower_edge_only():
    assert statistics(_peaks(), SETTINGS)["middle"] == pytest.approx(100 * 1 / 20)  # 0.40; neither 0.39 nor 0.60
    inside = _peaks([(0.599, 0, 0, 1), (0.5, 0, 0, 1), (0.5, 11, 11, 1)], labels=4)
    assert statistics(inside, SETTINGS)["middle"] == 50


def test_quantiles_are_those_of_the_precise_heights():
    """0.39 0.40 0.60 0.70 0.90: the median is the third; the 5 % quantile lies a fifth of the way to the second."""
    numbers = statistics(_peaks(), SETTINGS)
    assert numbers["height_50"] == pytest.approx(0.60)
    assert numbers["height_05"] == pytest.approx(0.39 + 0.2 * 0.01)
    assert numbers["height_95"] == pytest.approx(0.70 + 0.8 * 0.20)


def test_width_and_delay_are_medians_of_their_own_peaks():
    numbers = statistics(_peaks(), SETTINGS)
    assert numbers["width"] == 60  # 40 50 60 70 80, the precise ones
    # within 100 samples: -10 -2 0 3 10 11 50 51; the median of eight is the mean of 3 and 10
    assert numbers["late_s"] == pytest.approx(0.065)


def test_matches_beyond_one_second_do_not_count_as_delays():
    edge = statistics(_peaks([(0.9, 100, 100, 1), (0.9, 101, 101, 1)]), SETTINGS)
    assert edge["late_s"] == 1.0


def test_nothing_over_the_threshold_is_no_precision():
    numbers = statistics(_peaks([(0.3, 0, 0, 1)]), SETTINGS)
    assert math.isnan(numbers["precision"]) and math.isnan(numbers["far"]) and numbers["high_count"] == 0


def test_perfect_and_absent_predictions():
    perfect = statistics(_peaks([(1.0, 0, 0, 47)] * 20), SETTINGS)
    assert (perfect["tp"], perfect["below"], perfect["precision"], perfect["far"]) == (100, 0, 100, 0)
    nothing = statistics(_peaks([(0.1, NAN, INF, 1)]), SETTINGS)
    assert nothing["tp"] == nothing["precise"] == 0 and math.isnan(nothing["height_50"])


def test_precision_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    height, distance = rng.random(500).astype(np.float32), rng.integers(0, 30, 500)
    peaks = _peaks([(h, d, d, 1) for h, d in zip(height, distance, strict=True)], labels=500)
    curve = operating_curve(peaks)
    for threshold in (0.1, 0.35, 0.7, 0.9):
        expected = 100 * precision_score(distance <= 10, height >= np.float32(threshold))
        assert curve.at(threshold)[1] == pytest.approx(expected)
        hits = np.sum((distance <= 10) & (height >= np.float32(threshold)))
        assert curve.at(threshold)[0] == pytest.approx(100 * hits / 500)
    assert THRESHOLDS[0] == 0.1 and THRESHOLDS[-1] == 0.95 and len(THRESHOLDS) == 86


def test_half_width_is_that_of_scipy():
    at = np.array([300, 420, 511])
    time = np.arange(1000)
    curves = np.stack([0.9 * np.exp(-0.5 * ((time - c) / s) ** 2) for c, s in zip(at, (11.0, 25.0, 40.0), strict=True)])
    expected = [peak_widths(curve, [k], rel_height=0.5)[0][0] for curve, k in zip(curves, at, strict=True)]
    np.testing.assert_allclose(half_width(torch.tensor(curves), torch.tensor(at)), expected, rtol=1e-4)


@pytest.mark.parametrize(("distance", "count"), [(100, 1), (60, 2)])
def test_peaks_closer_than_the_least_distance_are_one(distance, count):
    time = torch.arange(3001)
    curve = sum(h * torch.exp(-0.5 * ((time - c) / 8) ** 2) for c, h in ((1000, 0.9), (1080, 0.8)))
    found = find_peaks(curve[None], torch.zeros(1, 3001), torch.tensor([[1000.0]]),
                       EvaluationConfig(distance_samples=distance))
    assert len(found.height) == count


def test_a_match_may_be_far_and_is_then_not_precise():
    time = torch.arange(3001)
    curve = 0.9 * torch.exp(-0.5 * ((time - 2900) / 20) ** 2)
    found = find_peaks(curve[None], torch.zeros(1, 3001), torch.tensor([[150.0]]), SETTINGS)
    assert found.error_samples.tolist() == [2750] and found.distance_samples.tolist() == [2750]
    assert statistics(found, SETTINGS)["precise"] == 0


def test_nearest_label_is_not_the_matched_one():
    """Two peaks, 0.9 at 1000 and 0.8 at 1300, one label at 1290: the nearer peak is matched, both have a distance."""
    time = torch.arange(3001)
    curve = sum(h * torch.exp(-0.5 * ((time - c) / 20) ** 2) for c, h in ((1000, 0.9), (1300, 0.8)))
    found = find_peaks(curve[None], torch.zeros(1, 3001), torch.tensor([[1290.0]]), SETTINGS)
    assert found.distance_samples.tolist() == [290, 10]
    np.testing.assert_array_equal(found.error_samples, [NAN, 10])


def test_reliability_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    predicted = rng.random(20_000).astype(np.float32)
    happened = (rng.random(20_000) < predicted**2).astype(np.float32)
    table = reliability(torch.tensor(predicted), torch.tensor(happened), bins=10)
    share, mean = calibration_curve(happened, predicted, n_bins=10)
    ours_mean, ours_share = table.curve(least=1)
    np.testing.assert_allclose(ours_share, share, atol=1e-6)
    np.testing.assert_allclose(ours_mean, mean, atol=1e-6)


def test_bins_with_few_samples_are_left_out():
    table = reliability(torch.tensor([0.05] * 200 + [0.95] * 199), torch.zeros(399), bins=10)
    assert len(table.curve()[0]) == 1 and table.curve(least=199)[0].tolist() == pytest.approx([0.05, 0.95], abs=1e-6)


def test_ceiling_is_the_sigmoid_of_the_bias():
    weight = -np.ones((2, 3, 8))
    bias = np.array([[-1.0, 2.0, 0.0]] * 2)
    assert ceiling(weight, bias, 0) == pytest.approx([1 / (1 + np.e)] * 2)
    assert ceiling(weight, bias, 1) == pytest.approx([1 / (1 + np.exp(-2))] * 2)
    weight[0, 1] = 0
    assert ceiling(weight, bias, 1)[0] < 1  # zero is not positive


def test_calibration_takes_peaks_of_one_half_and_more():
    from types import SimpleNamespace

    peaks = SimpleNamespace(height=np.array([0.49, 0.5, 0.9]), label_at_peak=np.array([1.0, 0.4, 0.6]))
    height, label = what_it_costs.calibration(SimpleNamespace(peaks={"S": peaks}))
    assert (height, label) == (pytest.approx(0.7), pytest.approx(0.5))
