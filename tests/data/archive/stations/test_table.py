"""Station tables against analytic responses and hand-made inventories."""

import numpy as np
import pandas as pd
import pytest
from obspy import Inventory, UTCDateTime
from obspy.core.inventory import Channel, Network, Station

from quakebook.data.archive import DamagedError, Stations, StoreError, read_inventories, stations_of
from quakebook.data.archive.embedded.instrument import POLES
from quakebook.data.archive.stations.table import RESPONSE_FREQUENCIES_HZ, chosen


def test_curves_are_the_analytic_poles_and_zeros(stations):
    s = 2j * np.pi * RESPONSE_FREQUENCIES_HZ
    for station, kind, gain in (("GPA01", "A", 1500.0), ("GPB00", "B", 88.0)):
        row = stations.table[stations.table["station"] == station].iloc[0]
        shape = np.abs(s**2 / np.prod([s - pole for pole in POLES[kind]], axis=0))
        one = 2j * np.pi * 1.0
        shape /= abs(one**2 / np.prod([one - pole for pole in POLES[kind]]))
        expected = np.log10(gain * 629_145.0 * shape)
        curve = np.array(row["response_logamp"])
        below = row["sample_rate"] / 2 >= RESPONSE_FREQUENCIES_HZ
        np.testing.assert_allclose(curve[below], expected[below], atol=1e-6)
        assert np.isnan(curve[~below]).all()


def test_epochs(stations):
    rows = stations.table[(stations.table["station"] == "GPA00") & (stations.table["channel"] == "HHZ")]
    assert len(rows) == 2 and rows["gain"].iloc[1] == 2 * rows["gain"].iloc[0]
    code = ("CI", "GPA00", "", "HHZ")
    assert stations.lookup(*code, "2023-03-01T23:59:59.99")["gain"] == rows["gain"].iloc[0]
    assert stations.lookup(*code, "2023-03-02")["gain"] == rows["gain"].iloc[1]
    assert stations.lookup(*code, UTCDateTime(2031, 1, 1).datetime)["gain"] == rows["gain"].iloc[1]
    assert stations.lookup(*code, "2019-12-31") is None
    assert stations.lookup("CI", "GPA00", "00", "HHZ", "2023-03-01") is None


def test_missing_parts_give_nothing_but_no_error():
    channel = Channel("HHZ", "", latitude=1.0, longitude=2.0, elevation=3.0, depth=0.0)
    bare = Inventory([Network("XX", [Station("AAA", 1.0, 2.0, 3.0, channels=[channel])])])
    row = stations_of(bare).iloc[0]
    assert np.isnan(row["gain"]) and np.isnan(row["azimuth"]) and np.isnan(row["sample_rate"])
    assert row["response_logamp"] is None and row["sensor"] == "" and pd.isna(row["start_time"])
    assert Stations(stations_of(bare)).lookup("XX", "AAA", "", "HHZ", "2000-01-01")["latitude"] == 1.0


def test_files(folder, tmp_path):
    assert len(stations_of(read_inventories([folder]))) == 18
    with pytest.raises(StoreError, match="no StationXML file"):
        read_inventories([tmp_path / "none.xml"])
    (tmp_path / "half.xml").write_bytes((folder / "stations.xml").read_bytes()[:2000])
    with pytest.raises(DamagedError, match=r"half.xml is no readable StationXML"):
        read_inventories([tmp_path / "half.xml"])


def test_choosing(stations):
    table = chosen(stations.table, {"network": ["CI", "A?"], "channel": ["*Z"]}, (32, 42, -125, -114), None,
                   "2023-03-01")
    assert table[["station", "channel"]].to_numpy().tolist() == [["GPB00", "HHZ"], ["GPA00", "HHZ"], ["GPA01", "BHZ"]]
    with pytest.raises(StoreError, match="no station matches"):
        chosen(stations.table, {"network": ["ZZ"]}, None, None, None)
