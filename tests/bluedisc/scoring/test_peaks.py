"""Peaks, matches and statistics on curves with known answers."""

import math

import numpy as np
import pytest
import torch

from quakebook.bluedisc.scoring import operating
from quakebook.bluedisc.scoring.peaks import Peaks, find_peaks, half_width, join, statistics
from quakebook.bluedisc.settings import EvaluationConfig

SETTINGS = EvaluationConfig()


def _gauss(centre, height=1.0, sigma=20.0, n=3001):
    return height * torch.exp(-0.5 * ((torch.arange(n) - centre) / sigma) ** 2)


@pytest.fixture()
def peaks():
    """Four windows: precise and high; precise and low; late; label without peak."""
    curves = torch.stack([_gauss(1005, 0.9), _gauss(995, 0.5), _gauss(1080, 0.8), torch.zeros(3001)])
    label = torch.stack([_gauss(1000)] * 4)
    return find_peaks(curves, label, torch.full((4, 1), 1000.0), SETTINGS)


def test_statistics_of_known_curves(peaks):
    numbers = statistics(peaks, SETTINGS)
    assert (numbers["label_count"], numbers["tp"], numbers["below"], numbers["precise"]) == (4, 25, 25, 50)
    assert numbers["middle"] == 25 and numbers["precision"] == 50 and numbers["far"] == 50
    np.testing.assert_allclose(peaks.error_samples, [5, -5, 80])
    np.testing.assert_allclose(peaks.label_at_peak, np.exp(-0.5 * np.array([5, 5, 80]) ** 2 / 400), rtol=1e-5)


def test_half_width_of_a_label_is_47_samples():
    width = half_width(torch.stack([_gauss(1000), _gauss(1000, 0.4, 30)]), torch.tensor([1000, 1000]))
    np.testing.assert_allclose(width, [47.1, 70.6], atol=0.1)


def test_half_width_at_the_edge_stays_inside():
    width = half_width(torch.ones(1, 50), torch.tensor([10]))
    assert float(width) == 49.0


def test_window_without_label_has_infinite_distance():
    found = find_peaks(_gauss(700)[None], torch.zeros(1, 3001), torch.full((1, 1), torch.nan), SETTINGS)
    assert math.isinf(found.distance_samples[0]) and math.isnan(found.error_samples[0]) and found.labels.sum() == 0
    assert math.isnan(statistics(found, SETTINGS)["tp"])


def test_round_trip_and_join(peaks):
    again = Peaks.from_arrays(peaks.arrays("S"), "S")
    both = join([peaks, again])
    assert len(both.height) == 2 * len(peaks.height) and statistics(both, SETTINGS)["tp"] == 25


def test_operating_curve_agrees_with_statistics(peaks):
    curve = operating.operating_curve(peaks)
    assert curve.at(0.7) == (25.0, 50.0) and curve.at(0.4)[0] == 50
    assert (np.diff(curve.detected) <= 0).all()


def test_ceiling_needs_all_weights_negative():
    weight = -np.ones((3, 3, 8))
    weight[1, 0, 2] = 0.1
    top = operating.ceiling(weight, np.zeros((3, 3)), 0)
    np.testing.assert_allclose(top, [0.5, 1.0, 0.5])


def test_limits_belong_to_the_precise_side():
    curves = torch.stack([_gauss(1010, 0.7), _gauss(1011, 0.9), _gauss(990, 0.5)]).double()
    found = find_peaks(curves, torch.zeros(3, 3001), torch.full((3, 1), 1000.0), SETTINGS)
    numbers = statistics(found, EvaluationConfig(confidence=float(found.height[0])))
    assert numbers["tp"] == pytest.approx(100 / 3) and numbers["below"] == pytest.approx(100 / 3)
    assert numbers["middle"] == pytest.approx(100 / 3) and numbers["late_s"] == pytest.approx(0.1)


def test_only_precise_peaks_are_counted_in_the_middle():
    found = find_peaks(torch.stack([_gauss(1200, 0.5), _gauss(1000, 0.5)]), torch.zeros(2, 3001),
                       torch.full((2, 1), 1000.0), SETTINGS)
    assert statistics(found, SETTINGS)["middle"] == 50


def test_picks_on_the_edge_and_outside_do_not_count():
    picks = torch.tensor([[0.0, 3000.0, -5.0, 3100.0, 1500.0]])
    found = find_peaks(_gauss(1500)[None], torch.zeros(1, 3001), picks, SETTINGS, first=7)
    assert found.labels.tolist() == [1] and found.window.tolist() == [7] and found.error_samples.tolist() == [0]


def test_precision_asks_for_a_label_nearby_not_for_a_match():
    curves = (_gauss(1000, 0.9) + _gauss(1102, 0.8))[None]
    found = find_peaks(curves, torch.zeros(1, 3001), torch.tensor([[1050.0]]),
                       EvaluationConfig(precise_samples=60))
    near = operating.operating_curve(found, EvaluationConfig(precise_samples=60))
    assert near.at(0.7) == (100.0, 100.0)  # one match, but both peaks lie near the label
