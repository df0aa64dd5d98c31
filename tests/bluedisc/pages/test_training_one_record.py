"""Numbers of the figures that follow one record."""

import numpy as np
import pytest

from quakebook.bluedisc.pages import training_one_record
from quakebook.bluedisc.scoring.followed import Track

SAMPLE = np.arange(3001)


def _peak(centre, height):
    return height * np.exp(-0.5 * ((SAMPLE - centre) / 20) ** 2)


def _track(s_height, s_centre=1500, p_height=0.9):
    """A track whose S peak has the given height at each step."""
    label = np.stack([_peak(1000, 1.0), _peak(1500, 1.0), np.zeros(3001)])[None]
    curves = np.stack([[[_peak(1000, p_height), _peak(s_centre, h), np.zeros(3001)]] for h in s_height])
    steps = len(s_height)
    return Track(np.arange(1, steps + 1), curves.astype(np.float32), np.zeros((1, 3, 3001)), label,
                 np.zeros((steps, 3, 8)), np.zeros((steps, 3)), ["a"])


def test_heights_count_only_near_the_label():
    assert training_one_record.heights_in_time(_track([0.4, 0.8]), 0, "S") == pytest.approx([0.4, 0.8])
    assert training_one_record.heights_in_time(_track([0.8], s_centre=1510), 0, "S") == pytest.approx([0.8])
    off = training_one_record.heights_in_time(_track([0.8], s_centre=1520), 0, "S")
    assert off == pytest.approx([0.8 * np.exp(-0.125)], rel=1e-5)


def test_numbers_compare_the_trainings():
    made = training_one_record.numbers({"bce": _track([0.1, 0.3, 0.5, 0.5]),
                                 "hybrid": _track([0.2, 0.5, 0.6, 0.9], p_height=0.95)}, 0)
    assert made["record.bce.S.height"] == pytest.approx(0.5) and made["record.bce.S.found_percent"] == 0
    assert made["record.hybrid.S.found_percent"] == made["record.s_gain_percent"] == 50
    assert made["record.hybrid.S.rise"] == pytest.approx(0.7)
    assert made["record.p_difference"] == pytest.approx(0.05) and made["record.hybrid.P.found_percent"] == 100


def test_window_without_a_single_label_is_refused():
    track = _track([0.5])
    track.label[0, 1] += _peak(2500, 1.0)
    with pytest.raises(ValueError, match="must hold one S label; found 2"):
        training_one_record.heights_in_time(track, 0, "S")


def test_the_rise_is_between_the_means_of_two_quarters_and_later_is_the_second_half():
    """Of eight steps the last two minus the first two; of five the last three are later, and one is a quarter."""
    made = training_one_record.numbers({"bce": _track([0.1, 0.2, 0.9, 0.3, 0.8, 0.4, 0.5, 0.7])}, 0)
    assert made["record.bce.S.rise"] == pytest.approx(0.6 - 0.15) and made["record.bce.S.found_percent"] == 50
    made = training_one_record.numbers({"bce": _track([0.9, 0.1, 0.9, 0.2, 0.3])}, 0)
    assert made["record.bce.S.rise"] == pytest.approx(-0.6)
    assert made["record.bce.S.found_percent"] == pytest.approx(100 / 3)
    assert "record.s_gain_percent" not in made
    assert training_one_record.numbers({"a": _track([0.5])}, 0)["record.a.S.rise"] == 0.0


@pytest.mark.parametrize("edge", [5, 2995])
def test_labels_beside_the_ends_of_a_window(edge):
    track = _track([0.5])
    track.label[0, 1], track.prediction[0, 0, 1] = _peak(edge, 1.0), _peak(edge, 0.6)
    assert training_one_record.heights_in_time(track, 0, "S") == pytest.approx([0.6])


@pytest.mark.parametrize(("height", "labels"), [(0.52, 1), (0.48, 0)])
def test_a_label_is_at_least_one_half_high(height, labels):
    track = _track([0.5])
    track.label[0, 1] = _peak(1500, height)
    if labels:
        assert training_one_record.heights_in_time(track, 0, "S") == pytest.approx([0.5])
    else:
        with pytest.raises(ValueError, match="found 0"):
            training_one_record.heights_in_time(track, 0, "S")
