"""Figures of the archive: minutes, shares and places read back."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from obspy.signal.spectral_estimation import get_nhnm, get_nlnm

from quakebook.data.archive import figures
from quakebook.data.archive.figures.places import regions
from quakebook.data.archive.motion.quality import REASONS

MIDNIGHT = pd.Timestamp("2023-03-01", tz="UTC")


def test_ground_between_petersons_models():
    frequency = np.array([0.1, 1.0, 10.0])
    levels = {f"s{k}": np.array([-120.0, -110, -100]) + k for k in range(8)}
    axis, = figures.against_peterson(frequency, levels).axes
    low, high, *ours = axis.get_lines()
    for line, model in ((low, get_nlnm()), (high, get_nhnm())):
        np.testing.assert_allclose(line.get_data(), [1 / model[0], model[1]])
    assert [line.get_ydata()[0] for line in ours] == [-120.0 + k for k in range(8)]
    assert [line.get_linestyle() for line in ours] == ["-"] * 7 + [":"] and axis.get_xlim() == (0.1, 10)


def test_shares_of_rejected_windows():
    """Of ten and four windows: 2 gaps and 3 tapers; one gap."""
    gap, taper = list(REASONS)[:2]
    table = pd.DataFrame({"code": ["A", "A", "B"], "reason": [gap, taper, gap], "count": [2, 3, 1]})
    axis, = figures.rejected(table, {"A": 5, "B": 3, "C": 7}).axes
    widths = [[bar.get_width() for bar in group] for group in axis.containers]
    np.testing.assert_allclose(widths, [[20, 25, 0], [30, 0, 0]])
    assert [bar.get_x() for bar in axis.containers[1]] == [20, 25, 0]
    assert [text.get_text().strip() for text in axis.texts] == ["50.0 % of 10", "25.0 % of 4", "0.0 % of 7"]
    assert axis.get_xlim() == (0, 62.5)


def test_windows_share_a_scale():
    axis, other = figures.examples({"a": np.array([[4.0, 0], [0, -2], [1, 0]]), "b": np.zeros((3, 2))}, 10.0).axes
    np.testing.assert_allclose([line.get_ydata() for line in axis.get_lines()], [[0.5, 0], [-1, -1.25], [-1.875, -2]])
    assert axis.get_lines()[0].get_xdata().tolist() == [0, 0.1]
    assert other.get_lines()[2].get_ydata().tolist() == [-2, -2]


def test_regions_reach_three_degrees_from_station_to_station():
    places = pd.DataFrame({"latitude": [0.0, 2.9, 5.8, 8.9, 0.0], "longitude": [0.0, 0.0, 0.0, 0.0, 3.0]})
    assert regions(places) == [[0, 1, 2], [3], [4]]


def test_earthquakes_near_the_stations_grow_with_magnitude():
    stations = pd.DataFrame({"network": ["N", "N"], "station": ["A", "B"], "latitude": [0.0, 1.0],
                             "longitude": [0.0, 1.0]})
    events = pd.DataFrame({"latitude": [0.5, 3.4, 3.6], "longitude": [0.5, 0.5, 0.5], "magnitude": [4.0, -1.0, 2.0]})
    axis, = figures.station_map(stations, events).axes
    quakes, triangles = axis.collections
    np.testing.assert_allclose(quakes.get_offsets(), [(0.5, 0.5), (0.5, 3.4)])
    np.testing.assert_allclose(quakes.get_sizes(), [2 + 6 * 8, 2])
    np.testing.assert_allclose(triangles.get_offsets(), [(0, 0), (1, 1)])


def test_minutes_of_a_day():
    """Recorded from 00:30 to 02:00; windows of 30 s at 01:00, and one of the day after."""
    rows = pd.DataFrame({"start_time": [MIDNIGHT + pd.Timedelta("30min")], "end_time": [MIDNIGHT + pd.Timedelta("2h")]})
    day = SimpleNamespace(code="N.A..HH", date="2023-03-01", start_ns=MIDNIGHT.value, rows=rows)
    starts = [MIDNIGHT.value + 3_600 * 10**9, MIDNIGHT.value + 86_400 * 10**9]
    windows = pd.DataFrame({"network": "N", "station": "A", "location": "", "channel": "HH", "start_ns": starts})
    axis, = figures.availability([day], windows, 30.0).axes
    recorded, kept = ([path.get_extents() for path in bar.get_paths()] for bar in axis.collections)
    assert [(box.x0, box.x1) for box in recorded] == [(30, 120)] and [(box.x0, box.x1) for box in kept] == [
        pytest.approx((60, 60.5))]


def test_gains_of_resamplers():
    axis, other = figures.resampler_gains({"a": (np.array([1.0, 2.0]), {"x": np.array([1.0, 0.5])}),
                                           "b": (np.array([1.0, 5.0]), {"y": np.array([0.25, 0.75])})}).axes
    assert axis.get_lines()[0].get_ydata().tolist() == [1, 0.5] and other.get_xlim() == (0, 5)
    assert other.get_lines()[0].get_ydata().tolist() == [0.25, 0.75]


def test_the_note_of_an_absent_window_stands_in_the_middle():
    from quakebook.data.archive.figures.moments import _frame

    note, = _frame("X.A..HH", 0, None, [], 40.0).axes[0].texts
    assert note.get_position() == (20.0, -1)
