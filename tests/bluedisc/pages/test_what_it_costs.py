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
