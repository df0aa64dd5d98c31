"""Turning components, against ObsPy."""

import numpy as np
import pytest
from obspy.signal.rotate import rotate2zne

from quakebook.data.archive import Stations
from quakebook.data.archive.motion.merging import Channel
from quakebook.data.archive.motion.orientation import direction, turned
from quakebook.data.archive.tables import STATION_SCHEMA


def station(orientations, letters):
    import pandas as pd

    rows = [dict.fromkeys(STATION_SCHEMA.names) | {
        "network": "CI", "station": "A", "location": "", "channel": f"HH{letter}", "azimuth": azimuth, "dip": dip}
        for letter, (azimuth, dip) in zip(letters, orientations, strict=True)]
    table = pd.DataFrame(rows)
    for name in ("start_time", "end_time"):
        table[name] = pd.to_datetime(table[name], utc=True)
    chosen = {k: Channel(f"CI.A..HH{letter}", 10**18, 100.0, np.zeros(1)) for k, letter in enumerate(letters)}
    return Stations(table), chosen


@pytest.mark.parametrize("orientations", [
    [(0, -90), (30, 0), (120, 0)], [(0, 90), (250, 0), (340, 0)], [(90, -35), (210, -35), (330, -35)]])
def test_against_obspy(orientations):
    data = np.random.default_rng(0).normal(size=(3, 50))
    stations, chosen = station(orientations, "Z12")
    out, was_turned = turned(data, chosen, stations)
    arguments = [item for row, pair in zip(data, orientations, strict=True) for item in (row, *pair)]
    np.testing.assert_allclose(out, rotate2zne(*arguments), atol=1e-10)
    assert was_turned


def test_straight_unknown_or_missing_components_stay():
    data = np.random.default_rng(0).normal(size=(3, 50))
    stations, chosen = station([(0, -90), (0.1, 0), (90, 0)], "ZNE")
    assert turned(data, chosen, stations) == (pytest.approx(data), False)
    assert turned(data, chosen, None)[1] is False
    stations, chosen = station([(0, -90), (np.nan, 0), (120, 0)], "Z12")
    assert turned(data, chosen, stations)[1] is False
    stations, chosen = station([(0, -90), (30, 0), (120, 0)], "Z12")
    assert turned(data, {0: chosen[0], 1: chosen[1]}, stations)[1] is False
    stations, chosen = station([(0, -90), (30, 0), (30, 0)], "Z12")  # cannot be right
    assert turned(data, chosen, stations)[1] is False


def test_directions():
    np.testing.assert_allclose(direction(0, -90), [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(direction(90, 0), [0, 0, 1], atol=1e-15)


@pytest.mark.parametrize(("azimuth", "was_turned"), [(0.49, False), (0.51, True), (-0.49, False), (-0.51, True)])
def test_half_a_degree_is_straight_enough(azimuth, was_turned):
    stations, chosen = station([(0, -90), (azimuth, 0), (90, 0)], "ZNE")
    assert turned(np.ones((3, 4)), chosen, stations)[1] is was_turned


@pytest.mark.parametrize(("between_deg", "was_turned"), [(5.7, False), (5.8, True)])
def test_components_in_nearly_one_plane_are_not_solved(between_deg, was_turned):
    """The volume that they span is the sine of the angle between the horizontal ones: 0.1 at 5.74 degrees."""
    stations, chosen = station([(0, -90), (30, 0), (30 + between_deg, 0)], "Z12")
    assert turned(np.ones((3, 4)), chosen, stations)[1] is was_turned
