"""Grouping a manifest."""

import pandas as pd
import pytest

from quakebook.data.archive import StoreError, station_days
from quakebook.data.archive.motion.station_days import plan_digest


def test_instrument_days(days):
    assert [(day.code, day.date, len(day.rows)) for day in days] == [
        ("AZ.GPB00.10.HH", "2023-03-01", 2), ("AZ.GPB00.10.HH", "2023-03-02", 3), ("CI.GPA00..HH", "2023-03-01", 3),
        ("CI.GPA00..HH", "2023-03-02", 3), ("CI.GPA01.00.BH", "2023-03-01", 3), ("CI.GPA01.00.BH", "2023-03-02", 3),
        ("HV.GPK01..HH", "2023-03-01", 3)]
    assert days[0].seconds == pytest.approx(180.0, abs=0.01)


def test_bands_and_other_channels(manifest):
    assert {day.band for day in station_days(manifest, ["BH"])} == {"BH"}
    with pytest.raises(StoreError, match="no three-component data of EH; it has BH, HH"):
        station_days(manifest, ["EH"])
    with pytest.raises(StoreError, match="no three-component data"):
        station_days(manifest.assign(channel="VKI"))


def test_files_over_midnight(manifest):
    row = manifest.iloc[[0]].copy()
    row["start_time"], row["end_time"] = pd.Timestamp("2023-03-01T12:00Z"), pd.Timestamp("2023-03-03T06:00Z")
    found = station_days(row)
    assert [(day.date, day.seconds) for day in found] == [
        ("2023-03-01", 43_200.0), ("2023-03-02", 86_400.0), ("2023-03-03", 21_600.0)]
    row["end_time"] = pd.Timestamp("2023-03-02T00:00:05Z")  # five seconds are no day
    assert [day.date for day in station_days(row)] == ["2023-03-01"]


def test_a_short_file_inside_a_day_stays_whatever_others_do(manifest):
    """Only what midnight cuts off may be too short."""
    row = manifest.iloc[[0]].copy()
    row["start_time"], row["end_time"] = pd.Timestamp("2023-03-01T12:00Z"), pd.Timestamp("2023-03-01T12:00:05Z")
    long = row.assign(start_time=pd.Timestamp("2023-03-01T13:00Z"), end_time=pd.Timestamp("2023-03-02T06:00Z"))
    assert [(day.date, day.seconds) for day in station_days(row)] == [("2023-03-01", 5.0)]
    found = station_days(pd.concat([row, long]))
    assert [(day.date, len(day.rows)) for day in found] == [("2023-03-01", 2), ("2023-03-02", 1)]


def test_the_plan_changes_with_objects_and_settings(days, manifest):
    name = plan_digest(days, "a")
    assert name == plan_digest(station_days(manifest.sample(frac=1, random_state=0)), "a")
    assert name != plan_digest(days, "b") and name != plan_digest(days[1:], "a")
    changed = manifest.copy()
    changed.loc[0, "etag"] = "other"
    assert name != plan_digest(station_days(changed), "a")
