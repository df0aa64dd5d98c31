"""Calibration, precision and equal detections."""

from dataclasses import replace

import numpy as np
import pytest

from quakebook.bluedisc.pages import what_it_costs
from quakebook.bluedisc.recorded import read as recorded


@pytest.fixture()
def training(kept):
    """A recorded training with S peaks of our own: all in time, of given heights, label 0.5 at each."""
    run = recorded.read("bce-42", kept)

    def make(name, heights, precision=np.nan, distance=0.0, labels=4):
        heights = np.asarray(heights, np.float32)
        away = np.broadcast_to(np.float32(distance), heights.shape)
        s = replace(run.peaks["S"], height=heights, distance_samples=away, error_samples=away.copy(),
                    label_at_peak=np.full(len(heights), 0.5, np.float32), labels=np.ones(labels, np.int32))
        mode, _, seed = name.rpartition("-")
        facts = run.facts | {"seed": int(seed), "mode": mode, "metrics": {f"{name}.S.precision": precision}}
        return replace(run, name=name, facts=facts, peaks={"S": s})

    return make


def test_each_price_comes_from_its_worst_seed(training):
    runs = {run.name: run for run in (
        training("bce-0", [0.7, 0.7], 60.0), training("bce-1", [0.9, 0.9], 50.0),
        training("hybrid-0", [0.8, 0.8], 40.0), training("hybrid-1", [0.9, 0.9], 45.0))}
    made = what_it_costs.metrics(runs, {name: name[:-2] for name in runs})
    assert made["price.bce.overconfidence"] == pytest.approx(0.4) and made["price.bce.precision"] == 50
    assert made["price.hybrid.overconfidence"] == pytest.approx(0.3) and made["price.hybrid.precision"] == 40
    assert made["price.precision_change"] == -5  # the smallest loss: every seed must lose


def test_a_seed_without_peaks_over_the_threshold_is_not_hidden_by_the_others(training):
    for low in (0, 1):
        runs = {f"{mode}-{seed}": training(f"{mode}-{seed}", [0.4 if seed == low else 0.8],
                                           np.nan if seed == low else 60.0)
                for mode in ("bce", "hybrid") for seed in (0, 1)}
        made = what_it_costs.metrics(runs, {name: name[:-2] for name in runs})
        assert all(np.isnan(made[f"price.{key}"]) for key in ("bce.precision", "bce.overconfidence",
                                                              "precision_change"))


def test_bce_is_compared_at_the_highest_threshold_that_finds_as_many(training):
    runs = {run.name: run for run in (
        training("bce-0", [0.8, 0.6, 0.4, 0.3]), training("hybrid-0", [0.9, 0.9, 0.2]),
        training("bce-1", [0.8]), training("hybrid-1", [0.9, 0.9]))}
    table = what_it_costs.price_table(runs, {name: name[:-2] for name in runs})
    assert table["BCE threshold"].tolist() == ["0.60", "none"]
    assert table["BCE found"].tolist() == [25, 25] and table["hybrid found"].tolist() == [50, 50]
    words = what_it_costs.equal_detections_sentence(runs, {name: name[:-2] for name in runs})
    assert "seed 0 its precision at 0.60 differs by +0 points" in words and "seed 1 it never finds as many" in words


def test_calibration_table_names_each_training(training):
    runs = {run.name: run for run in (training("bce-0", [0.6, 0.7, 0.1]), training("hybrid-0", [0.9]))}
    table = what_it_costs.calibration_table(runs, {"bce-0": "bce", "hybrid-0": "hybrid"})
    assert table["training"].tolist() == ["BCE, seed 0", "hybrid, seed 0"]
    assert table["peak height minus label"].tolist() == ["+0.15", "+0.40"]  # 0.1 is below 0.5 and does not count


def test_the_farthest_bce_and_the_nearest_hybrid_are_named(training):
    """Heights minus 0.5: BCE +0.10, -0 and +0.15 (the 0.5 of seed 1 counts); hybrids +0.40 and +0.30."""
    runs = {run.name: run for run in (
        training("bce-0", [0.6]), training("bce-1", [0.5, 0.4]), training("bce-2", [0.65]),
        training("hybrid-0", [0.9]), training("hybrid-1", [0.8]))}
    modes = {name: name[:-2] for name in runs}
    assert what_it_costs.calibration_sentence(runs, modes) == (
        "Of the BCE trainings BCE, seed 2 lies farthest from the line (+0.15); of the hybrids hybrid, seed 1 lies "
        "nearest to it (+0.30).")
    below = runs | {"bce-1": replace(runs["bce-1"], peaks={"S": replace(
        runs["bce-1"].peaks["S"], label_at_peak=np.array([0.9, 0.9], np.float32))})}
    assert "BCE, seed 1 lies farthest from the line (-0.40)" in what_it_costs.calibration_sentence(below, modes)
    assert what_it_costs.calibration_sentence(runs, {"bce-0": "bce"}) == ""


def test_suppressed_shares_and_widths_from_lowest_to_highest(made):
    runs = {"bce-0": made("bce-0", S_below=30.4, S_width=61.0), "bce-1": made("bce-1", S_below=25.6, S_width=70.0),
            "exact-bce-0": made("exact-bce-0", S_below=3.2), "hybrid-0": made("hybrid-0", S_width=47.0)}
    words = what_it_costs.exact_labels_sentence(runs)
    assert words.startswith("In time but below 0.7 are 3 % of the S labels when they are exact, 26 to 30 % when they")
    assert "61 to 70 samples wide with BCE, 47 with the hybrid: the low ones are broad as well." in words
    overlap = runs | {"hybrid-1": made("hybrid-1", S_width=61.0)}
    assert "47 to 61 with the hybrid; the seeds overlap" in what_it_costs.exact_labels_sentence(overlap)
    alone = {name: run for name, run in runs.items() if name.startswith("bce")}
    words = what_it_costs.exact_labels_sentence(alone)
    assert "are none % of the S labels when they are exact" in words and "none with the hybrid. (Lowest" in words


def test_steps_under_a_ceiling_are_counted_for_each_phase():
    """P is capped in 3 of 4 steps: at the third one weight of it is above 0. S never is."""
    from types import SimpleNamespace

    weight = np.full((4, 3, 8), -1.0)
    weight[2, 0, 3] = weight[:, 1, 0] = 0.1
    track = SimpleNamespace(head_weight=weight, head_bias=np.zeros((4, 3)))
    words = what_it_costs.ceiling_sentence([("seed 42", {}, track), ("seed 7", {}, track)])
    assert words == ("Under a ceiling. seed 42: P 75 % of the steps, S never; seed 7: P 75 % of the steps, S never.")


def test_price_table_rounds_and_signs_its_numbers(training):
    """Three labels: BCE finds one of two over 0.7 in time, the hybrid two of two; validations differ by -12.5."""
    runs = {run.name: run for run in (
        training("bce-3", [0.9, 0.8], 62.5, [0.0, 50.0], labels=3), training("hybrid-3", [0.9, 0.8], 50.0, labels=3))}
    row = what_it_costs.price_table(runs, {name: name[:-2] for name in runs}).iloc[0]
    assert (row["seed"], row["BCE found"], row["BCE precision"]) == (3, 33.3, 50.0)
    assert (row["hybrid found"], row["hybrid precision"]) == (66.7, 100.0)
    assert row["precision change, last step"] == "+50.0" and row["precision change, last validations"] == "-12.5"
