"""Figures of continuous picking: distances, times and sizes read back, from an archive of two stations."""

from types import SimpleNamespace

import numpy as np
import obspy
import pandas as pd
import pytest
from obspy.geodetics import gps2dist_azimuth

from quakebook.picking import figures
from quakebook.plots import PALETTE, PHASE_COLOURS

BEGIN = obspy.UTCDateTime("2024-01-01T00:00:00")
ORIGIN = pd.Timestamp("2024-01-01T00:00:20")


def trace(station, channel, data, rate=10.0, start=BEGIN):
    return obspy.Trace(np.asarray(data, float), {"network": "XX", "station": station, "location": "",
                                                 "channel": channel, "sampling_rate": rate, "starttime": start})


@pytest.fixture
def small():
    """Two stations north of an event at 0 N 0 E; a minute at 10 Hz whose vertical is a spike of 50 at 25 s."""
    data = np.zeros(600)
    data[250] = 50.0
    stations = [SimpleNamespace(code="A", latitude=0.1, longitude=0.0), SimpleNamespace(code="B", latitude=0.3,
                                                                                      longitude=0.0)]
    network = type("Network", (list,), {"code": "XX"})(stations)
    streams = {f"XX.{station.code}.": obspy.Stream([trace(station.code, "HHE", data + 1e6), trace(
        station.code, "HHZ", data)]) for station in stations}
    catalogue = pd.DataFrame({"magnitude": [2.0, 4.0], "latitude_deg": [0.0, 0.2], "longitude_deg": [0.0, 0.1]})
    events = pd.DataFrame({"event": [7], "time": [ORIGIN], "latitude_deg": [0.0], "longitude_deg": [0.0]})
    times = [ORIGIN + pd.Timedelta(seconds=s) for s in (5, -2, -4, 12)]
    picks = pd.DataFrame({"trace_id": ["XX.A.", "XX.A.", "XX.A.", "XX.B."], "phase": list("PSPS"), "time": times})
    located = SimpleNamespace(matches=pd.DataFrame({"catalogue": [0], "event": [0]}), result=SimpleNamespace(
        events=events, assignments=pd.DataFrame({"event": [7], "pick": [0]})))
    return SimpleNamespace(inventory=[network], streams=streams, catalogue=catalogue), picks, located


def test_records_stand_at_their_distance_from_the_located_epicentre(small):
    axes, = figures.record_section(*small, seconds=30.0).axes
    wiggles = [line for line in axes.get_lines() if line.get_color() == "k"]
    for line, latitude in zip(wiggles, (0.1, 0.3), strict=True):
        away = gps2dist_azimuth(0, 0, latitude, 0)[0] / 1000
        t, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        assert t[0] == pytest.approx(-3) and t[-1] == pytest.approx(29.9)
        assert t[y.argmax()] == pytest.approx(5.0)  # 25 s into the record, 20 s of it before the origin
        mean = 50 / 330
        low = away - 5 * mean / (50 - mean)  # a sphere and the ellipsoid differ by half a percent
        assert [y.max(), y[0]] == pytest.approx([away + 5, low], abs=0.3)


def test_picks_of_the_event_are_full_and_others_dotted(small):
    axes, = figures.record_section(*small, seconds=30.0).axes
    bars = [line for line in axes.get_lines() if len(line.get_xdata()) == 2]
    found = [(round(float(line.get_xdata()[0]), 3), line.get_color(), line.get_linestyle()) for line in bars]
    assert found == [(5.0, PHASE_COLOURS["P"], "-"), (-2.0, PHASE_COLOURS["S"], ":"), (12.0, PHASE_COLOURS["S"], ":")]
    heights = [np.diff(line.get_ydata())[0] for line in bars]
    assert heights == pytest.approx([6, 6, 6]) and axes.get_xlim() == (-3, 30)


def test_the_map_joins_what_matches_and_sizes_by_magnitude(small):
    archive, _, located = small
    axes, = figures.event_map(archive, located).axes
    true, found, stations = axes.collections
    np.testing.assert_allclose(true.get_offsets(), [(0.0, 0.0), (0.1, 0.2)])
    np.testing.assert_allclose(true.get_sizes(), [10.0, 10 * 3 ** 2.2])  # ten times (M - 1) to the 2.2
    np.testing.assert_allclose(found.get_offsets(), [(0.0, 0.0)])
    np.testing.assert_allclose(stations.get_offsets(), [(0.0, 0.1), (0.0, 0.3)])
    assert len(axes.get_lines()) == 1 and axes.get_aspect() == pytest.approx(1 / np.cos(np.deg2rad(0.2)))


def test_gains_run_to_the_lower_nyquist_frequency():
    axes, = figures.resampler_gains(40.0, 100.0).axes
    ours, theirs, nyquist = axes.get_lines()
    assert nyquist.get_xdata()[0] == 20.0 and axes.get_title(loc="left") == "40 Hz to 100 Hz"
    for line, colour in ((ours, PALETTE[0]), (theirs, PALETTE[1])):
        assert (line.get_xdata()[0], line.get_xdata()[-1]) == pytest.approx((1.0, 19.6)) and line.get_color() == colour


def test_curves_and_picks_stand_at_their_time_after_the_first_record():
    later = BEGIN + 10
    stream = obspy.Stream([trace("A", "HHZ", [3.0, 5.0, 4.0]), trace("B", "HHZ", [1.0, 1.0, 1.0], 20.0, later),
                           trace("B", "HHN", [9.0] * 3, 20.0, later)])
    curves = obspy.Stream([trace("B", "PN_P", [0.1, 0.9], 1.0, later), trace("B", "PN_S", [0.2, 0.3], 1.0, later + 1),
                           trace("A", "PN_P", [0.4, 0.5], 1.0)])
    picks = pd.DataFrame({"trace_id": ["XX.B.", "XX.A."], "phase": ["S", "P"], "time": [
        pd.Timestamp("2024-01-01T00:00:12.5"), pd.Timestamp("2024-01-01T00:00:01")]})
    annotation = SimpleNamespace(picks=picks, select=lambda station, channel: curves.select(station=station,
                                                                                          channel=channel))
    top_a, curve_a, top_b, curve_b = figures.stations_with_picks(stream, annotation).axes
    assert [axes.get_title(loc="left") for axes in (top_a, top_b)] == ["XX.A..HHZ, 10 Hz", "XX.B..HHZ, 20 Hz"]
    wave, pick = top_a.get_lines()
    np.testing.assert_allclose(wave.get_xdata(), [0, 0.1, 0.2])
    np.testing.assert_allclose(wave.get_ydata(), [-1, 1, 0])
    assert (pick.get_xdata()[0], pick.get_color()) == (1.0, PHASE_COLOURS["P"])
    wave, pick = top_b.get_lines()
    np.testing.assert_allclose(wave.get_xdata(), [10, 10.05, 10.1])
    assert (pick.get_xdata()[0], pick.get_color()) == (12.5, PHASE_COLOURS["S"])
    p, s = curve_b.get_lines()
    np.testing.assert_allclose([p.get_xdata(), s.get_xdata()], [[10, 11], [11, 12]])
    np.testing.assert_allclose([p.get_ydata(), s.get_ydata()], [[0.1, 0.9], [0.2, 0.3]])
    assert len(curve_a.get_lines()) == 1 and curve_b.get_xlabel() == "Time after 2024-01-01T00:00:00 UTC (s)"
