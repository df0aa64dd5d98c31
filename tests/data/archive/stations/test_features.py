"""Derived columns, by hand."""

import numpy as np
import pandas as pd
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


@pytest.mark.parametrize(("column", "values", "name", "classes"), [
    ("elevation", [-0.1, 0.0, 499.9, 500.0, 1499.9, 1500.0], "elevation_band", [0, 1, 1, 2, 2, 3]),
    ("sample_rate", [0.0, 9.9, 10.0, 79.9, 80.0, 249.9, 250.0], "rate_class", [0, 0, 1, 1, 2, 2, 3])])
def test_edges_of_the_classes(table, column, values, name, classes):
    """Rates: SEED's band codes change at 10, 80 and 250 samples a second."""
    table = pd.concat([table] * 3, ignore_index=True).iloc[: len(values)].assign(**{column: values})
    assert derive(table)[name].tolist() == classes


def test_cells_of_five_degrees(table):
    out = derive(table.iloc[:2].assign(latitude=[4.99, 5.0], longitude=[-5.0, -5.01]), ["geographic_region"])
    assert out["region_cell"].tolist() == ["+0-5", "+5-10"]


def test_four_years_are_1461_days(table):
    begin, end = (pd.Timestamp(f"{year}-01-01", tz="UTC") for year in (2000, 2004))
    out = derive(table.iloc[:1].assign(start_time=begin, end_time=end), ["temporal"])
    assert out[["start_year", "years_open"]].to_numpy().tolist() == [[2000.0, 4.0]]


def test_places_at_the_edge_are_not_odd(table):
    two = table.iloc[:2]
    assert problems(two.assign(latitude=[-90.0, 90.0], longitude=[-180.0, 180.0])) == []
    assert len(problems(two.assign(latitude=[-90.1, 90.1]))) == 2
    assert len(problems(two.assign(longitude=[-180.1, 180.1]))) == 2
    assert len(problems(two.assign(sample_rate=[0.0, 1.0]))) == len(problems(two.assign(gain=[0.0, 1.0]))) == 1
