"""Association of exact picks of known events, comparison with a catalogue, and the refused versions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quakebook.picking.continuous import table

pytest.importorskip("pyocto", reason="PyOcto is not installed")
from quakebook.picking import association  # noqa: E402


@pytest.fixture(scope="module")
def stations():
    rng = np.random.default_rng(0)
    return pd.DataFrame({"id": [f"XX.S{k:02d}." for k in range(12)], "latitude": -21 + rng.uniform(-0.5, 0.5, 12),
                         "longitude": -69 + rng.uniform(-0.5, 0.5, 12), "elevation": 0.0})


@pytest.fixture(scope="module")
def truth():
    return pd.DataFrame({"time": pd.to_datetime(["2024-01-01T00:10:00", "2024-01-01T00:20:00"]),
                         "latitude_deg": [-21.0, -20.8], "longitude_deg": [-69.0, -69.2], "depth_km": [10.0, 30.0]})


@pytest.fixture(scope="module")
def picks(stations, truth):
    rows = []
    for event in truth.itertuples():
        flat = association.distance_km(stations.latitude, stations.longitude, event.latitude_deg, event.longitude_deg)
        ray = np.hypot(flat, event.depth_km)
        for code, length in zip(stations.id, ray, strict=True):
            rows += [(code, phase, event.time + pd.Timedelta(seconds=length / speed))
                     for phase, speed in (("P", 6.0), ("S", 3.5))]
    frame = pd.DataFrame(rows, columns=["trace_id", "phase", "time"])
    filled = {name: (frame["time"] if kind.startswith("date") else 0.5) for name, kind in table.COLUMNS.items()}
    return pd.DataFrame(filled | {"trace_id": frame.trace_id, "channel": "HH", "phase": frame.phase}).astype(
        table.COLUMNS).sort_values("time", ignore_index=True)


def test_exact_picks_give_the_events(picks, stations, truth):
    result = association.associate(picks, stations, association.homogeneous(6.0, 3.5), n_picks=6)
    assert len(result.events) == 2 and len(result.assignments) == 48
    matches = association.compare(result.events, truth)
    assert matches.catalogue.tolist() == [0, 1] and matches.epicentre_km.max() < 2 and matches.time_s.abs().max() < 0.5
    assert result.events.picks.tolist() == [24, 24]
    first = result.assignments[result.assignments.event == result.events.event[0]]
    assert (picks.time[first.pick] < truth.time[1]).all()


def test_nothing_to_associate(picks, stations):
    result = association.associate(picks.iloc[:3], stations, association.homogeneous(6.0, 3.5))
    assert len(result.events) == len(result.assignments) == 0
    assert len(association.compare(result.events, result.events)) == 0


def test_unknown_station(picks, stations):
    with pytest.raises(ValueError, match="no coordinates for XX.S03"):
        association.associate(picks, stations[stations.id != "XX.S03."], association.homogeneous(6.0, 3.5))


def test_comparison_by_hand(truth):
    found = truth.iloc[[1, 0, 0]].assign(time=[truth.time[1] + pd.Timedelta("1s"), truth.time[0] - pd.Timedelta("2s"),
                                               truth.time[0] + pd.Timedelta("100s")])
    found.iloc[1, 1] += 1.0  # a degree north: 111 km away
    matches = association.compare(found, truth)
    assert matches[["event", "catalogue", "time_s"]].to_numpy().tolist() == [[0, 1, 1.0]]
    assert association.compare(found, truth, tolerance_km=112).epicentre_km.max() == pytest.approx(111.19, abs=0.01)


@pytest.mark.parametrize("version", ["0.1.4", "0.1.11"])
def test_old_versions_are_refused(version):
    with pytest.raises(ImportError, match=f"PyOcto {version} has a wrong velocity model"):
        association.check_version(version)
    association.check_version("0.1.12")
    association.check_version("0.2.2")


def test_stations_of_an_inventory():
    from quakebook.data.synthetic import archive, presets

    inventory = archive.inventory(presets.get("continuous", archive_stations=3), 3)
    found = association.stations_of(inventory)
    assert found.id.tolist() == ["SY.S001.", "SY.S002.", "SY.S003."]
    assert found.latitude.between(44, 46).all() and (found.elevation >= 0).all()


@pytest.mark.parametrize(("late_s", "north_deg", "fits"), [
    (3.0, 0.0, True), (3.01, 0.0, False), (0.0, 0.2695, True), (0.0, 0.2701, False)])
def test_three_seconds_and_thirty_kilometres(truth, late_s, north_deg, fits):
    """A degree of latitude is 111.19 km."""
    found = truth.iloc[:1].assign(time=truth.time[0] + pd.Timedelta(seconds=late_s),
                                  latitude_deg=truth.latitude_deg[0] + north_deg)
    assert len(association.compare(found, truth)) == fits


def test_a_quarter_of_the_globe():
    """A sphere of 6371 km: from the equator to the pole, and along it, a quarter of its circumference."""
    quarter = np.pi / 2 * 6371
    assert association.distance_km(0, 0, 90, 50) == pytest.approx(quarter)
    assert association.distance_km(0, -30, 0, 60) == pytest.approx(quarter)
    assert association.distance_km(10, 20, -10, -160) == pytest.approx(2 * quarter)


def test_box_depths_and_travel_times_unless_told(picks, stations, monkeypatch):
    """Half a degree round the outermost stations, 0 to 50 km deep, travel times up to two minutes, one second off."""
    import pyocto

    asked = {}

    def from_area(latitude, longitude, depth_km, **options):
        asked.update(options, latitude=latitude, longitude=longitude, depth_km=depth_km)
        raise StopIteration

    monkeypatch.setattr(pyocto.OctoAssociator, "from_area", from_area)
    monkeypatch.setattr(pyocto, "VelocityModel0D", lambda **options: options)
    with pytest.raises(StopIteration):
        association.associate(picks, stations, association.homogeneous(6.0, 3.5), n_picks=6)
    assert asked["velocity_model"] == {"p_velocity": 6.0, "s_velocity": 3.5, "tolerance": 1.0}
    assert (asked["depth_km"], asked["time_before"], asked["n_picks"]) == ((0, 50), 120.0, 6)
    for axis in ("latitude", "longitude"):
        assert asked[axis] == pytest.approx((stations[axis].min() - 0.5, stations[axis].max() + 0.5))


def test_the_first_five_unknown_stations_are_named(picks, stations):
    with pytest.raises(ValueError, match="for XX.S00., XX.S01., XX.S02., XX.S03., XX.S04.; the station table has 5"):
        association.associate(picks, stations[7:], association.homogeneous(6.0, 3.5))


def test_times_of_either_kind_are_nanoseconds():
    """PyOcto gives seconds since 1970, or times with a zone."""
    for seconds in (pd.Series([1.5, 2.25]), pd.to_datetime(pd.Series([1.5, 2.25]), unit="s", utc=True)):
        found = association._times(seconds)
        assert found.dtype == "datetime64[ns]" and found.astype("int64").tolist() == [1_500_000_000, 2_250_000_000]


def test_depth_errors_are_found_minus_true(truth):
    found = truth.assign(depth_km=[14.0, 25.0])
    assert association.compare(found, truth).depth_km.tolist() == [4.0, -5.0]
