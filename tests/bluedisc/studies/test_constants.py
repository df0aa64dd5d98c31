"""Published and chosen numbers of the studies without a model, each at an edge or against a value by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.bluedisc.studies import expected_heights, landscape, mean_target, moving_targets, onset_delay, targets
from quakebook.data.records import Records


def test_published_numbers_of_both_experiments():
    """Paper: 100 Hz, 3001 samples, centre 1500, sigma 20; 301 steps, Adam 0.01 with (0, 0.9), seed 42; both grids."""
    assert (targets.SAMPLING_RATE_HZ, targets.N_SAMPLES, targets.CENTRE_SAMPLE) == (100.0, 3001, 1500)
    assert (targets.SIGMA_SAMPLES, targets.SIGMA_S, targets.LIMIT_S) == (20.0, 0.2, 15.0)
    assert (moving_targets.STEPS, moving_targets.SEED, moving_targets.LEARNING_RATE) == (301, 42, 0.01)
    assert (moving_targets.BETAS, moving_targets.EPSILON, moving_targets.FIRST_VALUES) == ((0, 0.9), 1e-8, (0.01, 0.05))
    assert (moving_targets.SCALES_S, moving_targets.SKEWS) == ((0.1, 0.2, 0.3, 0.5), (0.0, -10.0))
    assert (moving_targets.N_POINTS, moving_targets.SPAN_S) == (100, 3.0)
    assert (landscape.SPAN_S, landscape.HEIGHTS, landscape.N_POINTWISE, landscape.N_GAUSSIAN) == (
        3.5, (0.01, 0.99), 101, 51)
    assert (landscape.PREDICTION_TIME_S, landscape.PREDICTION_HEIGHT) == (0.3, 0.7)
    assert landscape.DOT_TIMES_S.tolist() == pytest.approx([k / 10 for k in range(8)])


def test_the_experiment_has_its_published_length_unless_told(monkeypatch):
    """301 steps and seed 42, in one cell, in the grid and in a list of cells."""
    asked = []
    monkeypatch.setattr(moving_targets, "target_times", lambda *words: asked.append(words) or torch.zeros(words[-1]))
    monkeypatch.setattr(moving_targets, "_pointwise", lambda labels, first: labels)
    monkeypatch.setattr(moving_targets, "_gaussian", lambda times: (times, times))
    moving_targets.optimise_without_model(0.2, 0.0)
    moving_targets.optimise_cells([(0.3, 1.0, 7)])
    assert asked == [(0.2, 0.0, 42, 301), (0.3, 1.0, 7, 301)]
    assert set(moving_targets.optimise_grid()) == {(s, k, 42) for s in (0.1, 0.2, 0.3, 0.5) for k in (0.0, -10.0)}
    assert {words[-1] for words in asked} == {301}
    assert moving_targets.PADDED >= 100 and moving_targets.PADDED % 16 == 0  # whole vector registers of 16 floats


def test_arrows_are_a_twentieth_of_the_slope():
    """At the label's peak the loss is -ln h with the slope -1 / h: at h = 0.5 an arrow of 0.05 * 2."""
    surface = landscape.landscape_pointwise()
    arrow = landscape.pointwise_pull(surface, np.array([0.0]), np.array([0.5]))
    assert arrow.tolist() == pytest.approx([0.1], rel=1e-3)


def test_the_prediction_over_the_surfaces():
    """0.7 at 0.3 s; one sigma, 0.2 s, beside it 0.7 exp(-1/2)."""
    curve = landscape.prediction_curve(np.array([0.3, 0.5, 0.1]))
    assert curve.tolist() == pytest.approx([0.7, 0.7 * np.exp(-0.5), 0.7 * np.exp(-0.5)])
    assert landscape.label_curve(np.array([0.0, 0.4])).tolist() == pytest.approx([1.0, np.exp(-2)])


def test_targets_without_skew_unless_told():
    """Peak 0.2 / sqrt(0.04 + s^2) at time 0; it sinks to 0.7 at s = 0.2 sqrt(1 / 0.49 - 1)."""
    assert mean_target.mean_target(np.zeros(1), 0.3)[0] == pytest.approx(0.2 / np.hypot(0.2, 0.3))
    assert mean_target.mean_target_peak(0.3) == pytest.approx((0.0, 0.2 / np.hypot(0.2, 0.3)), abs=1e-6)
    assert mean_target.critical_scale() == pytest.approx(0.2 * (1 / 0.49 - 1) ** 0.5, rel=1e-9)


def test_the_peak_of_skewed_targets_is_found_to_a_thousandth():
    """A fine search of the same formula over +-2 s."""
    time_s = np.linspace(-2, 2, 40_001)
    curve = mean_target.mean_target(time_s, 0.5, -10.0)
    found = mean_target.mean_target_peak(0.5, -10.0)
    assert found == pytest.approx((time_s[curve.argmax()], curve.max()), abs=2e-3)


def test_who_is_near_and_confident():
    """The peak stands in the middle of its bin, at 0.005 s; 0.11 and -0.104 s are 0.105 and 0.109 s away."""
    picks = np.array([[0.0] * 8 + [0.11, -0.104]])
    assert expected_heights.expected_answer(picks).near[0] == pytest.approx(0.8)
    rows = ((0.69, 0.71, 0.9), (1.0, 0.5, 1.0), (1.0, 1.0, 0.5))
    shares = expected_heights.Expected(*map(np.array, rows)).shares()
    assert shares == pytest.approx({"tp": 100 * (0.5 + 0.5) / 2.5, "below": 100 / 2.5, "precise": 100 * 2 / 2.5})


def test_the_grid_of_alternative_onsets_reaches_six_seconds():
    """Picks at +-5.9 s count, those at +-6.1 s are on no grid; every pick alone makes a peak of its share."""
    for at, height in ((-5.9, 1.0), (5.9, 1.0), (-6.1, 0.0), (6.1, 0.0)):
        assert expected_heights.expected_answer(np.full((1, 4), at)).height[0] == pytest.approx(height, abs=0.35)
    assert expected_heights.expected_answer(np.full((1, 4), 2.0)).height[0] == pytest.approx(1.0, abs=0.002)


def test_four_hundred_analysts_unless_told(monkeypatch):
    monkeypatch.setattr(expected_heights.picks, "draw", lambda rng, preset, **columns: {
        "s_pick_s": columns["s_s"] + rng.standard_normal(len(columns["s_s"]))})
    table = pd.DataFrame({"trace_p_true_onset_sample": [1000.0], "path_s_peak_delay_s": [0.2],
                          "trace_s_true_onset_sample": [1600.0], "trace_snr_db": [9.0], "trace_s_snr_db": [9.0]})
    made = expected_heights.draw_s_picks(SimpleNamespace(metadata=table, source="x"), "picker")
    assert made.shape == (1, 400)
    assert made[0] == pytest.approx(np.random.default_rng(0).standard_normal(400))


def test_timing_errors_come_from_a_stream_of_their_own():
    """Seed 1, and no error unless told."""
    picks = np.zeros((1, 50))
    moved = 0.3 * np.random.default_rng(1).standard_normal((1, 50))
    assert np.array_equal(expected_heights.expected_answer(picks, 0.3).height,
                          expected_heights.expected_answer(moved).height)


def test_the_source_shown_is_the_one_with_the_21st_most_records():
    ids = [k for k in range(25) for _ in range(30 - k)]
    table = pd.DataFrame({"trace_p_arrival_sample": 5.0, "trace_s_arrival_sample": 9.0, "source_id": ids})
    records = Records(torch.zeros(len(ids), 3, 10), table, 100.0, "sources", "s")
    assert onset_delay.choose_source(records) == 20


@pytest.mark.parametrize(("at", "near"), [(0.104, 1.0), (0.108, 0.98), (-0.094, 1.0), (-0.098, 0.98)])
def test_the_peak_stands_in_the_middle_of_its_bin(at, near):
    """Bins of 0.01 s from 0 on: the picks at 0 s are taken for 0.005 s, from which 0.1 s is counted."""
    assert expected_heights.expected_answer(np.array([[0.0] * 98 + [at] * 2])).near[0] == pytest.approx(near)


@pytest.mark.parametrize("index", [-1, 25])
def test_sources_are_counted_from_zero(index):
    ids = [k for k in range(25) for _ in range(30 - k)]
    table = pd.DataFrame({"trace_p_arrival_sample": 5.0, "trace_s_arrival_sample": 9.0, "source_id": ids})
    records = Records(torch.zeros(len(ids), 3, 10), table, 100.0, "sources", "s")
    with pytest.raises(ValueError, match=f"between 0 and 24, .*; found {index}"):
        onset_delay.choose_source(records, index)
    assert (onset_delay.choose_source(records, 0), onset_delay.choose_source(records, 24)) == (0, 24)
