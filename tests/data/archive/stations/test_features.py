"""Derived columns, by hand."""

import numpy as np
import pytest

from quakebook.data.archive import StoreError
from quakebook.data.archive.stations.features import derive, problems


@pytest.fixture
def table(stations):
    return stations.table.copy()


def test_classes(table):
    table = table.iloc[:5].assign(elevation=[-1.0, 0.0, 499.9, 1500.0, np.nan], sample_rate=[1.0, 40.0, 100.0, 250.0,
                                                                                           np.nan])
    out = derive(table)
    assert out["elevation_band"].tolist() == [0, 1, 1, 3, -1]
    assert out["rate_class"].tolist() == [0, 1, 2, 3, -1]
    assert (out["distance_from_equator_deg"] == table["latitude"].abs()).all()
    assert out[["band_code", "instrument_code", "component"]].iloc[0].tolist() == ["H", "H", "E"]


def test_cells_have_a_south_west_corner(table):
    out = derive(table.assign(latitude=-0.1, longitude=179.9), ["geographic_region"])
    assert set(out["region_cell"]) == {"-5+175"}
    assert "component" not in out


def test_years(table):
    out = derive(table)
    closed = out[out["end_time"].notna()]
    assert closed["years_open"].iloc[0] == pytest.approx((365 + 365 + 366 + 59 + 1 - 0) / 365.25, abs=0.01)
    assert out.loc[out["end_time"].isna(), "years_open"].isna().all()


def test_unknown_family(table):
    with pytest.raises(StoreError, match="unknown features colour; known: coordinates"):
        derive(table, ["colour"])


def test_odd_rows_are_named(table):
    assert problems(table) == []
    table.loc[0, ["latitude", "gain"]] = [99.0, np.nan]
    assert problems(table) == ["AZ.GPB00.10.HHE: latitude outside -90 to 90", "AZ.GPB00.10.HHE: no positive gain"]
