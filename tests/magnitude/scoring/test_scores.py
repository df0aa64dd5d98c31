"""Read-outs and scores against values worked out by hand and against scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.metrics import mean_absolute_error, r2_score

from quakebook.magnitude.scoring import benchmark_tasks, files, magnitude_errors
from quakebook.magnitude.scoring.pick_scores import WindowPicks, best_threshold, detection_scores, residual_scores
from quakebook.magnitude.scoring.readout import READOUTS, read, skill_free_r2


@pytest.fixture
def pair():
    rng = np.random.default_rng(0)
    true = rng.uniform(0, 5, 200)
    return true, true + rng.normal(0.1, 0.3, 200)


def test_scores_agree_with_scikit_learn(pair):
    found = magnitude_errors.scores(*pair)
    assert found["mae"] == pytest.approx(mean_absolute_error(*pair))
    assert found["r2"] == pytest.approx(r2_score(*pair))
    assert found["rmse"] ** 2 == pytest.approx(found["bias"] ** 2 + found["std"] ** 2)


def test_constant_answer_has_slope_minus_one(pair):
    found = magnitude_errors.scores(pair[0], np.full(200, pair[0].mean()))
    assert found["slope"] == pytest.approx(-1.0) and found["r2"] == pytest.approx(0.0)


def test_empty_and_degenerate_sets():
    assert np.isnan(magnitude_errors.scores([], [])["mae"]) and magnitude_errors.scores([], [])["n"] == 0
    assert np.isnan(magnitude_errors.scores([2.0, 2.0], [2.0, 3.0])["r2"])
    with pytest.raises(ValueError, match="one length"):
        magnitude_errors.scores([1.0], [1.0, 2.0])


def test_bins_hold_every_record(pair):
    rows = magnitude_errors.binned(*pair, pair[0], magnitude_errors.magnitude_edges(pair[0]))
    assert sum(row["n"] for row in rows) == 200
    assert all(row["high"] - row["low"] == 0.5 for row in rows)


def test_averaging_stations_of_an_event(pair):
    event = np.repeat(np.arange(20), 10)
    true = np.repeat(np.arange(20.0), 10)
    found = magnitude_errors.per_event(true, true + np.tile([-1.0, 1.0], 100), event)
    assert found["n"] == 20 and found["mae"] == pytest.approx(0.0)


def test_interval_draws_events_not_records(pair):
    alone = magnitude_errors.bootstrap(*pair, np.arange(200).astype(str), draws=400)["mae"]
    clustered = magnitude_errors.bootstrap(np.repeat(pair[0][:20], 10), np.repeat(pair[1][:20], 10),
                                  np.repeat(np.arange(20), 10), draws=400)["mae"]
    assert alone[0] < magnitude_errors.scores(*pair)["mae"] < alone[1]
    assert clustered[1] - clustered[0] > 1.5 * (alone[1] - alone[0])
    by_function = magnitude_errors.bootstrap(*pair, np.arange(200).astype(str), draws=400, measures={
        "mae": lambda true, predicted: float(np.abs(predicted - true).mean())})["mae"]
    assert by_function == pytest.approx(alone)


def test_read_outs_of_a_step():
    series = torch.zeros(1, 3000)
    series[:, 700:] = 3.0
    series[:, 2999] = 6.0
    onset = torch.tensor([500.0])
    assert read(series, onset, "post_p_median").item() == 3.0
    assert read(series, onset, "max").item() == 6.0
    assert read(series, onset).item() == pytest.approx(3.0, abs=0.01)
    assert read(series, torch.tensor([float("inf")])).item() == pytest.approx(series.mean().item())
    assert read(series, torch.tensor([2999.0])).item() == 6.0
    assert all(read(torch.full((2, 3000), 2.0), onset.expand(2), name).tolist() == [2.0, 2.0] for name in READOUTS)
    with pytest.raises(ValueError, match="post_p_mean"):
        read(series, onset, "mean")


def test_floor_without_skill_agrees_with_a_simulated_constant_model():
    rng = np.random.default_rng(1)
    magnitude, q, n = rng.normal(1.5, 0.9, 2000), 0.5, 100
    label = np.where(np.arange(n) < q * n, 0.0, magnitude[:, None])
    answer = np.where(np.arange(n) < q * n, 0.0, magnitude.mean()) * np.ones((2000, 1))
    simulated = r2_score(label.ravel(), answer.ravel())
    assert skill_free_r2(q, magnitude.mean(), magnitude.std()) == pytest.approx(simulated, abs=0.01)


def picks(height, position, label):
    return WindowPicks(np.array(height, float), np.array(position, float), np.array(label, float))


def test_counts_of_right_wrong_and_missed_picks():
    nan = np.nan
    found = detection_scores(picks([0.9, 0.9, 0.9, 0.1, 0.1], [5.0, 8.0, 3.0, 4.0, 2.0], [5.2, 5.0, nan, 4.0, nan]),
                             0.3, 0.5)
    assert (found["precision"], found["recall"]) == pytest.approx((1 / 3, 1 / 3))
    assert found["n_picked"] == 3 and found["n_labelled"] == 3


def test_threshold_and_residuals():
    found = picks([0.9, 0.8, 0.2, 0.2], [1.0, 2.1, 9.0, 9.0], [1.0, 2.0, np.nan, np.nan])
    assert 0.2 < best_threshold(found) <= 0.8
    residual = residual_scores(found, 0.3)
    assert residual["rms"] ** 2 == pytest.approx(residual["mean"] ** 2 + residual["std"] ** 2)
    assert np.isnan(residual_scores(picks([0.1], [1.0], [1.0]), 0.3)["mae"])


def test_benchmark_tasks_on_a_perfect_picker():
    truth = np.array([True, True, False, False])
    score = np.array([0.9, 0.8, 0.2, 0.1])
    threshold = benchmark_tasks.optimal_threshold(score, truth)
    found = benchmark_tasks.detection(score, truth, threshold)
    assert found["auc"] == 1.0 and found["f1"] == 1.0
    found = benchmark_tasks.phase_identification(score, 1 - score, truth, 0.0)
    assert found["f1"] == 1.0 and found["matthews"] == 1.0
    assert benchmark_tasks.onset_time(np.array([3.0, -4.0]))["rms"] == pytest.approx(12.5 ** 0.5)


def test_result_files_round_trip(tmp_path):
    tree = {"scores": {"mae": 0.25, "r2": float("nan")}, "title": "x", "list": [1.0, float("inf")]}
    back = files.read_json(files.write_json(tmp_path / "a.json", tree))
    assert back == {"scores": {"mae": 0.25, "r2": None}, "title": "x", "list": [1.0, None]}
    assert files.flatten(tree)["scores.mae"] == 0.25
    path = files.write_arrays(tmp_path / "a.npz", {"name": np.array(["b", "cc"], object), "x": np.arange(3)})
    assert files.read_arrays(path)["name"].tolist() == ["b", "cc"]
