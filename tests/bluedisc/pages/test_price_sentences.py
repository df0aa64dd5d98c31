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


@pytest.mark.parametrize(("gain", "words"), [(5, "most of the gain"), (4, "differs from seed to seed"),
                                             (3, "less than half of the gain")])
def test_half_of_the_gain_is_neither_most_nor_less(training, gain, words):
    """BCE finds 1 of ten at 0.7; the hybrid 9, eight more; 1 + gain peaks of BCE are in time in all: 5, 4, 3 of 8."""
    runs = dict([training("bce-0", [0.8] + [0.5] * gain), training("hybrid-0", [0.9] * 9)])
    assert price_sentences.gain_shares(runs, _modes(runs)) == {0: pytest.approx(gain / 8)}
    assert words in price_sentences.gain_sentence(runs, _modes(runs))


@pytest.mark.parametrize(("height", "near"), [(0.695, 1), (0.705, 0), (0.505, 1), (0.495, 0)])
def test_a_tenth_from_the_line_is_near(training, height, near):
    """The label at each peak is 0.6."""
    runs = dict([training("bce-0", [height]), training("hybrid-0", [0.9])])
    assert f"S peaks of {near} are as high" in price_sentences.calibration_verdict(runs, _modes(runs))


def test_six_tenths_are_near_seven_and_eight_are_not():
    """Heights 0.6 and 0.8 at the ends: one of two; a training that finds as many as the formula finds no fewer."""
    first = Expected(np.array([0.6, 0.8]), np.ones(2), np.ones(2))
    assert "expected heights 50 % lie between" in price_sentences.formula_sentence({0.0: first}, {})


def test_as_many_as_the_formula_is_not_fewer(training):
    first = Expected(np.array([0.6, 0.8, 0.3, 0.2]), np.ones(4), np.ones(4))
    for tp, words in ((25.0, "find no fewer"), (24.9, "1 of 1 recorded BCE trainings find fewer")):
        runs = dict([training("bce-0", [0.8], tp=tp)])
        assert words in price_sentences.formula_sentence({0.0: first}, runs)


def test_precision_that_stays_has_not_fallen(training):
    """Both have two of two in time at the last step: no change, whatever the validations say."""
    runs = dict([training("bce-0", [0.8, 0.8]), training("hybrid-0", [0.8, 0.8], precision=42.0)])
    words = price_sentences.precision_sentence(runs, _modes(runs))
    assert "does not fall at every seed" in words and "by +0.0 points at the last step" in words
