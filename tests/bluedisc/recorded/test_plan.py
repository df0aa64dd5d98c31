"""Lengths, amounts and costs of what is recorded: chosen for a processor, or the paper's recipe."""

import math

import numpy as np
import pytest

from quakebook.bluedisc.recorded import choose, make, paper, plan, read, real_records, sweep
from quakebook.bluedisc.scoring.followed import Track


def test_chosen_amounts():
    """2500 steps from 12,000 records; the mean of five validations; three windows kept through training; 8 bits."""
    assert (plan.LAST, make.HISTORY_SAMPLES, paper.HISTORY_SAMPLES, paper.WEIGHTS_SEED) == (5, 3, 3, 42)
    assert (read.LEVELS, read.KEPT_STEPS, real_records.SHOWN, sweep.NEAR_S) == (255, 80, 4, 1.0)
    one = plan.Training("hybrid", 3)
    assert (one.steps, one.records, one.data_weight, one.start, one.label) == (2500, 12_000, 4000.0, "base_rate", "N")
    made = one.settings()
    assert (made.training.steps, made.training.validate_every, made.training.seed) == (2500, 125, 3)
    assert (made.evaluation.last, made.evaluation.follow_every) == (5, 30)
    assert plan.Training("bce", 0, steps=10).settings().training.validate_every == 1


@pytest.mark.parametrize(("name", "steps", "cost_s"), [
    ("bce-42", 2500, 425.0), ("hybrid-0", 2500, 1725.0), ("gan-1", 2500, 1725.0), ("exact-bce-1", 2500, 425.0),
    ("ceiling-bce-0", 2000, 340.0), ("sweep/hybrid-100-N-42", 1000, 690.0), ("sweep/bce-D-42", 1000, 170.0)])
def test_steps_and_seconds_of_entries(name, steps, cost_s):
    """0.17 s a step without a critic, 0.69 s with one."""
    entry, = (entry for entry in plan.PLAN if entry.name == name)
    assert entry.arguments["steps"] == steps and entry.cost_s == pytest.approx(cost_s)


def test_entries_that_train_nothing_or_want_a_gpu():
    cost = {entry.name: entry.cost_s for entry in plan.PLAN}
    assert cost["real"] == 60 and {cost[f"paper/{mode}-1"] for mode in ("hybrid", "gan")} == {43_000}
    assert cost["paper/bce-42"] == 11_000
    assert {entry.arguments["records"] for entry in plan.PLAN if entry.name.startswith("ceiling-")} == {6000}
    assert {(t.data_weight, t.label) for t in plan.SWEEP if t.mode == "hybrid"} == {
        (10, "N"), (100, "N"), (1000, "N"), (4000, "N"), (40_000, "N"), (4000, "D")}
    assert len(plan.PLAN) == 12 + 2 + 7 * 3 + 2 + 1 + 9


def test_long_tracks_are_thinned_to_eighty_steps():
    steps = np.arange(200)
    track = Track(steps, np.zeros((200, 1, 3, 5), np.float32), np.zeros((1, 3, 5), np.float32),
                  np.zeros((1, 3, 5), np.float32), np.zeros((200, 3, 8)), np.zeros((200, 3)), ["a"])
    packed = read.pack_track(track, 1)
    assert len(packed["track_step"]) == 80 and packed["track_step"][[0, -1]].tolist() == [0, 199]
    assert packed["track_prediction"].dtype == np.uint8


@pytest.mark.parametrize(("score", "free"), [(80.0, []), (80.1, [4])])
def test_suppression_is_judged_where_p_is_over_80_percent(score, free):
    from types import SimpleNamespace

    runs = {f"{mode}-4": SimpleNamespace(facts={"seed": 4}, metrics={"P.tp": value})
            for mode, value in (("bce", score), ("hybrid", 99.0))}
    assert choose.free_seeds(runs) == free


@pytest.mark.parametrize(("error_s", "median"), [(1.0, 1.0), (1.01, math.nan)])
def test_a_timing_error_ends_at_one_second(error_s, median):
    from types import SimpleNamespace

    entry = sweep.Entry("x", {}, {"S": SimpleNamespace(error_samples=np.array([100 * error_s], np.float32))})
    assert entry.median_error_s("S") == pytest.approx(median, nan_ok=True)


@pytest.mark.parametrize(("height", "shift", "chosen"), [(0.69, 10, 1), (0.69, 11, 0), (0.7, 10, 0)])
def test_the_record_shown_is_in_time_and_below_the_threshold(height, shift, chosen):
    """The first window is high and in time, the second `height` high and `shift` samples off."""
    from types import SimpleNamespace

    t = np.arange(3001)
    curves, label = np.zeros((1, 2, 3, 3001)), np.zeros((2, 3, 3001))
    for k, (top, centre) in enumerate(((0.9, 1500), (height, 1500 + shift))):
        curves[0, k, 1] = top * np.exp(-0.5 * ((t - centre) / 20) ** 2)
        label[k, 1] = np.exp(-0.5 * ((t - 1500) / 20) ** 2)
    run = SimpleNamespace(track=SimpleNamespace(prediction=curves, label=label))
    assert choose.chosen_sample(run, run) == chosen
