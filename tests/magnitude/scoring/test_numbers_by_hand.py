"""The numbers that a reader takes home, worked by hand, by scikit-learn and SciPy, or at a limit."""

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn import metrics

from quakebook.magnitude.scoring import benchmark_tasks, magnitude_errors
from quakebook.magnitude.scoring.pick_scores import (
    WindowPicks,
    best_threshold,
    detection_scores,
    residual_scores,
    trace_scores,
)
from quakebook.magnitude.scoring.predict import MagnitudePredictions, _Sums
from quakebook.magnitude.scoring.readout import read, skill_free_r2
from quakebook.magnitude.scoring.scores import DISTANCE_EDGES_KM, SNR_EDGES_DB, no_skill_floor, score_magnitudes

TRUE, PREDICTED = [1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.0, 2.0, 4.5, 4.0]


def test_five_magnitudes_by_hand():
    """Errors 0.5, 0, -1, 0.5, -1 about magnitudes of mean 3 and squared spread 10; error times spread -2.5."""
    assert magnitude_errors.scores(TRUE, PREDICTED) == pytest.approx({
        "n": 5, "mae": 0.6, "rmse": 0.5 ** 0.5, "r2": 1 - 2.5 / 10, "bias": -0.2, "std": 0.46 ** 0.5, "median": 0.0,
        "mad": 0.5, "slope": -0.25, "intercept": -0.2 + 0.25 * 3})


def test_limits():
    perfect = magnitude_errors.scores(TRUE, TRUE)
    assert perfect["r2"] == 1 and {perfect[name] for name in ("mae", "rmse", "bias", "std", "mad", "slope")} == {0.0}
    constant = magnitude_errors.scores(TRUE, [3.0] * 5)
    assert (constant["r2"], constant["slope"], constant["intercept"]) == pytest.approx((0.0, -1.0, 3.0))
    low = magnitude_errors.scores(TRUE, np.subtract(TRUE, 0.3))
    assert low["bias"] == pytest.approx(-0.3) and low["std"] == pytest.approx(0.0, abs=1e-12)


def test_against_libraries():
    rng = np.random.default_rng(3)
    true = rng.uniform(0, 5, 77)
    predicted = 0.8 * true + rng.normal(0.3, 0.4, 77)
    found = magnitude_errors.scores(true, predicted)
    line = stats.linregress(true, predicted - true)
    assert (found["slope"], found["intercept"]) == pytest.approx((line.slope, line.intercept))
    assert found["r2"] == pytest.approx(metrics.r2_score(true, predicted))
    assert found["mad"] == pytest.approx(stats.median_abs_deviation(predicted - true))
    assert found["std"] == pytest.approx(np.std(predicted - true))


def test_intervals_are_quantiles_of_draws_of_events():
    """Two events of one record each, errors 0 and 1: a draw has mean error 0, 1/2 or 1, so the interval is 0 to 1."""
    found = magnitude_errors.bootstrap([1.0, 3.0], [1.0, 4.0], ["a", "b"], draws=2000)
    assert found["mae"] == [0.0, 1.0] and found["rmse"] == [0.0, 1.0]
    rng = np.random.default_rng(0)
    true = rng.uniform(0, 5, 400)
    error = rng.normal(0, 0.5, 400)
    found = magnitude_errors.bootstrap(true, true + error, np.arange(400).astype(str), draws=4000)
    expected = stats.bootstrap((np.abs(error),), np.mean, confidence_level=0.95, method="percentile", random_state=1)
    assert found["mae"] == pytest.approx(list(expected.confidence_interval), abs=0.005)
    rows = [rng.integers(0, 400, 400) for _ in range(2000)]
    for name, measure in (("r2", metrics.r2_score), ("rmse", metrics.root_mean_squared_error)):
        drawn = np.quantile([measure(true[row], (true + error)[row]) for row in rows], [0.025, 0.975])
        assert found[name] == pytest.approx(drawn, abs=0.008)


def test_edges_belong_to_the_class_above():
    rows = magnitude_errors.binned(TRUE, PREDICTED, [9.9, 10.0, 19.9, 20.0, 40.0], SNR_EDGES_DB)
    assert [(row["low"], row["high"], row["n"]) for row in rows] == [
        (-np.inf, 10.0, 1), (10.0, 20.0, 2), (20.0, 30.0, 1), (40.0, np.inf, 1)]
    assert [row["mae"] for row in rows] == [0.5, 0.5, 0.5, 1.0]
    assert (-np.inf, 10, 20, 30, 40, np.inf) == SNR_EDGES_DB and (0, 20, 40, 80, 160, np.inf) == DISTANCE_EDGES_KM
    rows = magnitude_errors.binned(TRUE, PREDICTED, [0.0, 19.9, 20.0, 160.0, np.nan], DISTANCE_EDGES_KM)
    assert [(row["low"], row["n"]) for row in rows] == [(0.0, 2), (20.0, 1), (160.0, 1)]
    assert magnitude_errors.magnitude_edges([0.5, 1.0]).tolist() == [0.5, 1.0, 1.5]
    assert magnitude_errors.magnitude_edges([-0.2, 0.9]).tolist() == [-0.5, 0.0, 0.5, 1.0]


def test_events_by_hand():
    """Event a: stations 2 and 4 for magnitude 3.5, mean 3, error -0.5; event b: 1 for 2, error -1."""
    found = magnitude_errors.per_event([3.5, 2.0, 3.5], [2.0, 1.0, 4.0], ["a", "b", "a"])
    assert found["n"] == 2 and found["mae"] == 0.75 and found["bias"] == -0.75


def test_noise_scores_by_hand():
    found = magnitude_errors.noise_scores([0.0, 0.5, 0.6, 1.3])
    assert found == pytest.approx({"n": 4, "mean": 0.6, "share_above_0.5": 0.5})
    assert np.isnan(magnitude_errors.noise_scores([])["mean"])


def test_read_outs_by_hand():
    """A ramp t / 1000 with the onset at 600: from 800 to 2999 mean and median 1.8995; last 500, last half, end."""
    ramp = torch.arange(3000, dtype=torch.float64)[None] / 1000
    onset = torch.tensor([600.0], dtype=torch.float64)
    expected = {"post_p_mean": 1.8995, "post_p_median": 1.899, "last_5s": 2.7495, "final_half": 2.2495, "max": 2.999}
    for name, value in expected.items():
        assert read(ramp, onset, name).item() == pytest.approx(value, abs=1e-9), name
    late = torch.zeros(1, 3000)
    late[:, 799], late[:, 2499] = 100.0, 50.0
    assert read(late, onset.float(), "post_p_mean").item() == pytest.approx(50 / 2200)
    assert read(late, onset.float(), "last_5s").item() == 0.0
    late[:, 2500] = 50.0
    assert read(late, onset.float(), "last_5s").item() == pytest.approx(0.1)
    half = torch.zeros(1, 3000)
    half[:, 1499], half[:, 1500] = 7.0, 3.0
    assert read(half, onset.float(), "final_half").item() == pytest.approx(3 / 1500)


def predictions(**changes):
    content = {"true": np.array([*TRUE, np.nan, np.nan]), "read_outs": {
        "post_p_mean": np.array([*PREDICTED, 0.4, 0.8]), "max": np.array([*TRUE, 3.0, 3.0])},
        "onset_s": np.array([5.0, 5.0, 10.0, 5.0, 5.0, np.inf, np.inf]), "event": np.array(list("aabbcde")),
        "name": np.array(list("1234567")), "snr_db": np.array([5.0, 15, 15, 25, 45, np.nan, np.nan]),
        "distance_km": np.array([10.0, 10, 30, 90, 200, np.nan, np.nan])}
    return MagnitudePredictions(**{**content, **changes})


def test_scores_of_a_set_keep_noise_and_events_apart():
    found = score_magnitudes(predictions(), draws=50)
    assert found["scores"]["mae"] == 0.6 and found["scores"]["n"] == 5
    assert found["read_outs"]["max"]["mae"] == 0.0
    assert found["noise"] == pytest.approx({"n": 2, "mean": 0.6, "share_above_0.5": 0.5})
    assert found["event_level"]["n"] == 3
    assert [row["n"] for row in found["by_snr_db"]] == [1, 2, 1, 1]
    assert [row["low"] for row in found["by_distance_km"]] == [0, 20, 80, 160]
    assert [row["low"] for row in found["by_magnitude"]] == TRUE
    with pytest.raises(ValueError, match="no record with a magnitude"):
        score_magnitudes(predictions(true=np.full(7, np.nan)))


def test_floor_takes_the_share_after_the_onset():
    """Onsets at 5, 5, 10, 5, 5 of 30 s: q = 0.8; mean 3, variance 2: 0.2 * 9 / (2 + 0.2 * 9)."""
    assert no_skill_floor(predictions()) == pytest.approx(1.8 / 3.8)
    assert skill_free_r2(1.0, 3.0, 1.0) == 0.0 and skill_free_r2(0.0, 1.0, 1.0) == 0.5


def test_sums_over_samples_equal_scikit_learn():
    rng = np.random.default_rng(0)
    label, predicted = rng.uniform(0, 4, (6, 50)), rng.uniform(0, 4, (6, 50))
    sums = _Sums()
    for part in (slice(0, 2), slice(2, 6)):
        sums.add(torch.tensor(predicted[part]), torch.tensor(label[part]))
    pair = label.ravel(), predicted.ravel()
    assert sums.result() == pytest.approx({
        "n": 300, "mae": metrics.mean_absolute_error(*pair), "rmse": metrics.root_mean_squared_error(*pair),
        "r2": metrics.r2_score(*pair)})
    assert _Sums().result() == {}


def test_trace_scores_equal_scikit_learn():
    rng = np.random.default_rng(1)
    label, curve = rng.uniform(0, 1, 40), rng.uniform(0, 1, 40)
    found = trace_scores(((curve - label) ** 2).sum(), label.sum(), (label ** 2).sum(), 40)
    assert found["trace_mse"] == pytest.approx(metrics.mean_squared_error(label, curve))
    assert found["trace_r2"] == pytest.approx(metrics.r2_score(label, curve))
    assert found["trace_rmse"] ** 2 == pytest.approx(found["trace_mse"])


def picks(height, position, label):
    return WindowPicks(np.array(height, float), np.array(position, float), np.array(label, float))


def test_picks_at_the_edges_of_threshold_and_tolerance():
    """On the threshold and on the tolerance counts; a hair outside does not. One label is missed by each fault."""
    found = detection_scores(picks([0.3, 0.299, 0.9, 0.9], [1.5, 1.0, 1.501, 1.0], [1.0, 1.0, 1.0, np.nan]), 0.3, 0.5)
    assert found == pytest.approx({"precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3, "n_picked": 3, "n_labelled": 3})


def test_f1_is_the_harmonic_mean():
    found = detection_scores(picks([0.9] * 4 + [0.1] * 6, [0.0] * 10, [0.0, 0.0, 5.0, np.nan] + [0.0] * 6), 0.3, 0.5)
    precision, recall = 2 / 4, 2 / 9
    assert found["f1"] == pytest.approx(2 * precision * recall / (precision + recall))


def test_residuals_by_hand():
    """Predicted minus labelled, in seconds: 0.1, -0.3, 0.2 match; 0.6 is too far, the last too low."""
    found = residual_scores(picks([0.9, 0.9, 0.9, 0.9, 0.2], [1.1, 0.7, 1.2, 1.6, 1.0], [1.0] * 5), 0.3)
    assert found == pytest.approx({"n": 3, "mean": 0.0, "std": (0.14 / 3) ** 0.5, "rms": (0.14 / 3) ** 0.5,
                                   "mae": 0.2, "median": 0.1, "mad": 0.1})


def test_best_threshold_is_the_lowest_that_shuts_out_false_picks():
    assert best_threshold(picks([0.9, 0.8, 0.4], [1.0, 1.0, 1.0], [1.0, 1.0, np.nan])) == pytest.approx(0.41)
    assert best_threshold(picks([0.9, 0.8], [1.0, 1.0], [1.0, 1.0])) == pytest.approx(0.05)


def test_tasks_against_scikit_learn():
    rng = np.random.default_rng(2)
    truth, score = rng.uniform(size=60) > 0.4, rng.uniform(size=60)
    found = benchmark_tasks.detection(score, truth, 0.5)
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(truth, score))
    assert found["f1"] == pytest.approx(metrics.f1_score(truth, score >= 0.5))
    found = benchmark_tasks.phase_identification(score, 1 - score, truth, 0.0)
    assert found["matthews"] == pytest.approx(metrics.matthews_corrcoef(truth, score >= 0.5))
    assert benchmark_tasks.log_ratio(np.array([0.5, 0.0]), np.array([0.25, 1.0])) == pytest.approx(
        [np.log(2), np.log(1e-6)])
    onset = benchmark_tasks.onset_time(np.array([1.0, -1.0, 1.5, -0.5]))
    assert onset == pytest.approx({"n": 4, "mean": 0.25, "rms": (4.5 / 4) ** 0.5, "mae": 1.0, "outside_1s": 0.25})


def test_thresholds_of_tasks_give_the_best_f1():
    score, truth = np.array([0.1, 0.2, 0.3, 0.4]), np.array([False, False, True, True])
    threshold = benchmark_tasks.optimal_threshold(score, truth)
    assert 0.2 < threshold <= 0.3
    assert benchmark_tasks.optimal_threshold(np.array([]), np.array([], bool)) == 0.5
