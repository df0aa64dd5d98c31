"""Pictures by station and time: what is drawn is what was stored, and a hole says that it is one."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from quakebook.data.archive import explorer, pages
from quakebook.data.archive.figures import moments
from quakebook.plots.phone import READABLE_PX, for_phone, smallest_text_px

SECOND, RATE = 10**9, 100.0
MIDNIGHT = pd.Timestamp("2023-03-01").value


def shards(starts):
    """Windows of 10 s with a sine of 5 Hz, twice as large on N and thrice on E; `starts`: (station, second)."""
    table = pd.DataFrame([("X", station, "", "HH", MIDNIGHT + second * SECOND) for station, second in starts],
                         columns=["network", "station", "location", "channel", "start_ns"])
    sine = np.sin(2 * np.pi * 5 * np.arange(1000) / RATE)
    return SimpleNamespace(table=table, waveform=lambda row: np.outer([1.0, 2, 3], sine).astype(np.float32))


def test_each_station_has_a_picture_at_each_time():
    found, labels = moments.frames(shards([("A", 0), ("A", 15), ("A", 30), ("B", 15), ("C", 99)]),
                                   ["X.A..HH", "X.B..HH"], times=3)
    assert list(found) == ["X.A..HH", "X.B..HH"] and labels == ["01 Mar 00:00:00", "01 Mar 00:00:15",
                                                                "01 Mar 00:00:30"]
    assert [len(row) for row in found.values()] == [3, 3] and isinstance(found["X.A..HH"][0], Figure)
    empty, full, _ = (fig.axes[0] for fig in found["X.B..HH"])
    assert not empty.lines and empty.texts[0].get_text() == "no window was kept here"
    assert len(full.lines) == 3 and not full.texts


def test_times_are_spread_evenly_over_those_that_there_are():
    _, labels = moments.frames(shards([("A", second) for second in range(0, 600, 60)]), ["X.A..HH"], times=4)
    assert labels == ["01 Mar 00:00:00", "01 Mar 00:03:00", "01 Mar 00:06:00", "01 Mar 00:09:00"]


def test_traces_are_of_one_scale_and_arrivals_stand_where_they_are():
    picks = pd.DataFrame({"network": "X", "station": ["A", "A", "A", "B"], "phase": ["P", "S", "P", "P"],
                          "time": pd.Timestamp(MIDNIGHT, tz="UTC") + pd.to_timedelta([2.5, 6.0, 10.0, 3.0], unit="s")})
    found, _ = moments.frames(shards([("A", 0)]), ["X.A..HH"], 1, picks)
    axis = found["X.A..HH"][0].axes[0]
    z, n, e, p, s = axis.lines
    assert np.abs(e.get_ydata() + 2).max() == pytest.approx(0.5)
    for row, line in enumerate((z, n, e)):
        np.testing.assert_allclose(line.get_ydata() + row, (e.get_ydata() + 2) * (row + 1) / 3, atol=1e-6)
    assert (p.get_xdata()[0], s.get_xdata()[0]) == (2.5, 6.0)
    assert [text.get_text() for text in axis.texts] == ["P", "S"] and "counts" in axis.get_title("left")


def test_the_page_shows_instruments_of_its_archive(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    road = pages.travel("smoke", 42)
    found, labels = explorer.frames(road)
    counts = [pages.kept(road)[code] for code in found]
    assert list(found) == explorer.instruments(road) and counts == sorted(counts, reverse=True)
    assert explorer.instruments(road, 1) == [min(found)]  # by name
    assert "HV.GPK01..HH" not in found  # the caldera lies apart
    assert all(len(row) == len(labels) for row in found.values())
    picks = explorer.arrivals(road)
    assert set(picks["phase"]) == {"P", "S"}
    small = for_phone(next(iter(found.values()))[0])
    assert smallest_text_px(small) >= READABLE_PX - 0.01


def test_an_archive_of_ones_own_has_no_arrivals():
    assert explorer.arrivals(SimpleNamespace(events=None)) is None
