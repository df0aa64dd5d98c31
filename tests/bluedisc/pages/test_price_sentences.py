"""Sentences about price and calibration that turn when the results turn."""

from dataclasses import replace

import numpy as np
import pytest

from quakebook.bluedisc.pages import price_sentences
from quakebook.bluedisc.recorded import read as recorded
from quakebook.bluedisc.studies.expected_heights import Expected


@pytest.fixture()
def training(kept):
    """A training with S peaks of given heights, errors in samples, and label 0.6 at each; ten labels."""
    run = recorded.read("bce-42", kept)

    def make(name, heights, errors=0.0, precision=50.0, tp=20.0):
        heights = np.asarray(heights, np.float32)
        errors = np.broadcast_to(np.float32(errors), heights.shape).copy()
        s = replace(run.peaks["S"], height=heights, distance_samples=np.abs(errors), error_samples=errors,
                    label_at_peak=np.full(len(heights), 0.6, np.float32), labels=np.ones(10, np.int32))
        mode, _, seed = name.rpartition("-")
        facts = run.facts | {"seed": int(seed), "mode": mode,
                             "metrics": {f"{name}.S.precision": precision, f"{name}.S.tp": tp}}
        return name, replace(run, name=name, facts=facts, peaks={"S": s})

    return make


def _modes(runs):
    return {name: name.rpartition("-")[0] for name in runs}


def test_part_of_the_gain_that_a_lower_threshold_gives(training):
    """BCE finds 1 at 0.7 and 4 in all, every peak in time; the hybrid finds 6: 3 of 5, so 60 %."""
    runs = dict([training("bce-0", [0.8, 0.6, 0.5, 0.4]), training("hybrid-0", [0.9] * 6)])
    assert price_sentences.gain_shares(runs, _modes(runs)) == {0: pytest.approx(0.6)}
    assert "BCE most of the gain" in price_sentences.gain_sentence(runs, _modes(runs))


def test_gain_at_a_lower_precision_does_not_count(training):
    """Under 0.7 BCE has one wrong peak before each right one, the hybrid none."""
    runs = dict([training("bce-0", [0.8, 0.65, 0.6, 0.55, 0.5], [0, 50, 0, 50, 0]), training("hybrid-0", [0.9] * 6)])
    assert price_sentences.gain_shares(runs, _modes(runs)) == {0: 0.0}
    assert "less than half" in price_sentences.gain_sentence(runs, _modes(runs))
    both = runs | dict([training("bce-1", [0.8, 0.6, 0.5, 0.4]), training("hybrid-1", [0.9] * 6)])
    assert "differs from seed to seed" in price_sentences.gain_sentence(both, _modes(both))
    none = dict([training("bce-0", [0.8]), training("hybrid-0", [0.8])])
    assert "no more S" in price_sentences.gain_sentence(none, _modes(none))


def test_precision_at_the_last_step_and_over_validations_are_told_apart(training):
    """Last step: 1 of 2 against 2 of 2, -50 points; means of the validations: -8."""
    runs = dict([training("bce-0", [0.8, 0.8]), training("hybrid-0", [0.8, 0.8], [0, 50], precision=42.0)])
    words = price_sentences.precision_sentence(runs, _modes(runs))
    assert "falls at every seed" in words and "by -50.0 points at the last step" in words
    assert "by -8.0 in the mean" in words
    runs = dict([training("bce-0", [0.8, 0.8]), training("hybrid-0", [0.8, 0.8], [0, 50], precision=51.0)])
    assert "does not fall at every seed" in price_sentences.precision_sentence(runs, _modes(runs))


def test_calibration_counts_each_side(training):
    runs = dict([training("bce-0", [0.65]), training("bce-1", [0.8]), training("bce-2", [0.5]),
                 training("hybrid-0", [0.9]), training("hybrid-1", [0.55]), training("hybrid-2", [0.7])])
    runs["bce-2"] = replace(runs["bce-2"], peaks={"S": replace(
        runs["bce-2"].peaks["S"], label_at_peak=np.array([0.7], np.float32))})
    words = price_sentences.calibration_verdict(runs, _modes(runs))
    assert "S peaks of 1 are as high as their labels" in words and "of 1 lower" in words and "of 1 higher" in words
    assert "in 2 of 3 trainings" in words and words.endswith("with any BCE in 1.")


def test_formula_beside_the_recorded_trainings(training):
    def answer(heights):
        return Expected(np.array(heights), np.ones(4), np.ones(4))

    expected = {0.0: answer([0.65, 0.75, 0.79, 0.9]), 0.08: answer([0.5, 0.6, 0.69, 0.8])}
    runs = dict([training("bce-0", [0.8], tp=20.0), training("bce-1", [0.8], tp=30.0)])
    words = price_sentences.formula_sentence(expected, runs)
    assert "75 % lie between 0.6 and 0.8" in words and "goes from 75 to 25 %" in words
    assert "1 of 2 recorded BCE trainings find fewer than every row" in words
    more = dict([training("bce-0", [0.8], tp=26.0)])
    assert "find no fewer" in price_sentences.formula_sentence(expected, more)
