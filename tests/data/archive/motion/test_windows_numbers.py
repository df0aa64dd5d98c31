"""Where windows may begin, by hand: channels that begin and end at different times, and which of them count."""

import numpy as np
import pytest

from quakebook.data.archive import Processing, WindowMaker
from quakebook.data.archive.motion.merging import Channel
from quakebook.data.archive.motion.station_days import DAY_NS, StationDay
from quakebook.data.archive.motion.windows import _ns, by_component

DAY = StationDay("CI", "A", "", "HH", 19_000, None)


def channel(letter, begin_s, seconds, rate=100.0):
    return Channel(f"CI.A..HH{letter}", DAY.start_ns + round(begin_s * 1e9), rate, np.zeros(round(seconds * rate)))


def begins(settings, *channels):
    return (WindowMaker(None, settings)._candidates(DAY, list(channels)) / settings.rate_hz).tolist()


def test_windows_lie_on_the_grid_of_the_day():
    """Windows of 30 s, one every 15 s after midnight, inside the data."""
    assert begins(Processing(), channel("Z", 0, 75)) == [0, 15, 30, 45]
    assert begins(Processing(), channel("Z", 0, 74.98)) == [0, 15, 30]
    assert begins(Processing(), channel("Z", 1, 75)) == [15, 30, 45]
    assert begins(Processing(overlap=0.0), channel("Z", 29, 95)) == [30, 60, 90]
    assert begins(Processing(), channel("Z", 0, 29)) == [] == begins(Processing())


def test_half_a_sample_more_or_less_does_not_count():
    assert begins(Processing(), channel("Z", 0.004, 75)) == [0, 15, 30, 45]
    assert begins(Processing(), channel("Z", 0.006, 75)) == [15, 30, 45]
    assert begins(Processing(), channel("Z", -0.004, 75)) == [0, 15, 30, 45]
    assert begins(Processing(), channel("Z", -0.006, 75)) == [0, 15, 30]


def test_the_span_is_that_of_all_channels_together():
    """What lacks a component in part is judged later, and counted as such."""
    assert begins(Processing(), channel("Z", 0, 45), channel("N", 30, 45)) == [0, 15, 30, 45]
    assert begins(Processing(), channel("N", 30, 45), channel("Z", 0, 45)) == [0, 15, 30, 45]
    assert begins(Processing(), channel("Z", 0, 75, 40.0), channel("N", 0, 60)) == [0, 15, 30, 45]


def test_data_before_midnight_give_no_window_that_begins_there():
    assert begins(Processing(), channel("Z", -20, 80)) == [0, 15, 30]
    assert DAY_NS == 24 * 3600 * 10**9


@pytest.mark.parametrize(("letters", "chosen"), [
    ("ZNE", "ZNE"), ("123", "312"), ("12Z", "Z12"), ("3Z", "Z"), ("E2N1", "NE"), ("XYZ", "Z")])
def test_letters_before_numbers(letters, chosen):
    found = by_component([channel(letter, 0, 1) for letter in letters])
    assert "".join(found[k].code[-1] for k in sorted(found)) == chosen
    assert all(found[k].code[-1] in ["Z3", "N1", "E2"][k] for k in found)


def test_times_of_samples():
    assert _ns(np.array([0, 1, 3]), 40.0).tolist() == [0, 25_000_000, 75_000_000]
    assert _ns(np.array([2]), 3.0).tolist() == [666_666_667]
