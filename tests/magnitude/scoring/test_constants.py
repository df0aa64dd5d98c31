"""Published and chosen numbers of the scores, just on either side of their edges."""

import inspect
import math

import numpy as np
import pytest

from quakebook.magnitude.scoring import (
    benchmark_tasks,
    history,
    magnitude_errors,
    pick_scores,
    predict,
    predict_picks,
    readout,
    scores,
)


@pytest.mark.parametrize(("gap", "size"), [(0.105, "large"), (0.095, "moderate"), (0.052, "moderate"),
                                           (0.048, "small")])
def test_gaps_of_a_tenth_and_a_twentieth(gap, size):
    assert history.analyse([1.0], [1.0 + gap])[-1].endswith(f"({size})")


@pytest.mark.parametrize(("change", "converged"), [(0.00095, True), (0.00105, False)])
def test_changes_below_a_thousandth_have_converged(change, converged):
    lines = history.analyse([1.0] * 3, [1.0, 1.0 - change, 1.0 - 2 * change])
    assert lines[2].startswith("converged") == converged


def test_onsets_a_second_off_and_vanishing_scores():
    assert benchmark_tasks.onset_time(np.array([1.05, -1.05, 0.95, 0.0]))["outside_1s"] == 0.5
    found = benchmark_tasks.log_ratio(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert found.tolist() == pytest.approx([math.log(1e-6), math.log(1e6)])


def test_a_threshold_is_sought_among_percentiles():
    """Of 0 ... 100 with events from 37 on the best threshold is that score itself."""
    score = np.arange(101.0)
    assert benchmark_tasks.optimal_threshold(score, score >= 37) == 37.0


def test_picks_half_a_second_off_are_right():
    height, label = np.ones(2), np.zeros(2)
    found = pick_scores.WindowPicks(height, np.array([0.49, 0.52]), label)
    assert pick_scores.TOLERANCES_S == (0.5, 0.1) and pick_scores.residual_scores(found, 0.3)["n"] == 1
    best = pick_scores.WindowPicks(np.array([0.9, 0.4]), np.array([0.49, 0.52]), label)
    assert pick_scores.best_threshold(best) == pytest.approx(0.41)


def test_intervals_come_from_a_thousand_draws_of_seed_zero():
    """Two events with errors 0 and 1 in drawn numbers (k, 2 - k): quantiles of k / 2."""
    drawn = np.random.default_rng(0).multinomial(3, np.full(3, 1 / 3), size=1000)
    true = np.array([1.0, 2.0, 3.0])
    want = np.quantile(drawn @ np.array([0.0, 0.3, 1.0]) / 3, [0.025, 0.975])
    assert magnitude_errors.bootstrap(true, true + [0.0, 0.3, 1.0], list("abc"))["mae"] == pytest.approx(list(want))
    assert inspect.signature(scores.score_magnitudes).parameters["draws"].default == 1000


def test_noise_above_one_half():
    assert magnitude_errors.noise_scores([0.48, 0.52])["share_above_0.5"] == 0.5


def test_a_magnitude_is_read_two_seconds_after_the_onset():
    assert (readout.SETTLE_SAMPLES, readout.LAST_SAMPLES) == (200, 500)
    assert (predict.EXAMPLES, predict_picks.EXAMPLES, predict_picks.SHORT_SAMPLES) == (12, 20, 1000)
    assert predict_picks.RATE_HZ == 100.0 and magnitude_errors.BIN_WIDTH == 0.5


def test_the_floor_is_that_of_windows_of_thirty_seconds():
    """Onset at 15 s, magnitudes 1 and 3: q = 1/2, mean 2, variance 1: 0.5 * 4 / (1 + 0.5 * 4)."""
    from types import SimpleNamespace

    found = SimpleNamespace(true=np.array([1.0, 3.0]), onset_s=np.array([15.0, 15.0]), is_event=np.ones(2, bool))
    assert scores.no_skill_floor(found) == pytest.approx(2 / 3)


def test_a_score_on_the_threshold_is_over_it():
    """Events 1 and 2, noise 0: at the threshold 1 all are told apart; P and S alike have the logarithm 0."""
    event = np.array([True, True, False])
    assert benchmark_tasks.detection(np.array([1.0, 2.0, 0.0]), event, 1.0) == {"auc": 1.0, "f1": 1.0, "threshold": 1.0}
    found = benchmark_tasks.phase_identification(np.array([0.5, 0.5, 0.2]), np.array([0.5, 0.1, 0.5]), event, 0.0)
    assert (found["f1"], found["matthews"]) == (1.0, 1.0)


def test_what_cannot_be_told_apart_has_no_score():
    one = np.ones(2)
    for all_alike in (np.ones(2, bool), np.zeros(2, bool)):
        assert math.isnan(benchmark_tasks.detection(one, all_alike, 0.5)["auc"])
        assert math.isnan(benchmark_tasks.phase_identification(one, one, all_alike, 0.5)["matthews"])
    nothing = benchmark_tasks.onset_time(np.zeros(0))
    assert nothing["n"] == 0 and math.isnan(nothing["mae"])


def test_a_second_off_is_not_outside_a_second():
    assert benchmark_tasks.onset_time(np.array([1.0, -1.0]))["outside_1s"] == 0.0


@pytest.mark.parametrize(("change", "words"), [(0.001, "not converged"), (0.0, "converged")])
def test_a_change_of_a_thousandth_has_not_converged(change, words):
    dev = [0.0, 0.0, change]
    assert history.analyse(dev, dev)[2].startswith(words)
    assert history.analyse(dev, dev)[1].endswith("mixed")  # one change is none


def test_thresholds_are_searched_from_a_twentieth_to_nineteen_twentieths():
    """A pick of 0.95 is right and one of 0.949 false; a right one of 0.05 is found with the lowest threshold."""
    label, at = np.array([1.0, np.nan]), np.array([1.0, 1.0])
    assert pick_scores.best_threshold(pick_scores.WindowPicks(np.array([0.96, 0.949]), at, label)) == 0.95
    assert pick_scores.best_threshold(pick_scores.WindowPicks(np.array([0.055]), at[:1], label[:1])) == 0.05
