"""Splits without leakage."""

import numpy as np
import pandas as pd
import pytest

from quakebook.data import DataError
from quakebook.data.archive import Split
from quakebook.data.archive.motion.splits import assign, leaks
from quakebook.data.archive.motion.station_days import StationDay


def network(stations=20, days=20):
    return [StationDay("CI", f"S{s}", "", "HH", 19_000 + day, pd.DataFrame()) for s in range(stations)
            for day in range(days)]


def test_temporal_by_share_and_by_date():
    days = network(3, 20)
    out = pd.Series(assign(days, Split()))
    assert out.value_counts().to_dict() == {"train": 3 * 14, "dev": 3 * 3, "test": 3 * 3}
    numbers = np.array([day.day for day in days])
    assert numbers[out == "train"].max() < numbers[out == "dev"].min() <= numbers[out == "dev"].max() < \
        numbers[out == "test"].min()
    date = str(np.datetime64(19_010, "D"))
    out = pd.Series(assign(days, Split(dev_from=date)))
    assert set(numbers[out == "dev"]) == set(range(19_010, 19_020)) and "test" not in set(out)
    out = pd.Series(assign(days, Split(dev_from=date, test_from=str(np.datetime64(19_015, "D")))))
    assert set(numbers[out == "test"]) == set(range(19_015, 19_020))


def test_few_days_keep_something_for_training():
    assert assign(network(1, 1), Split()) == ["train"]
    assert assign(network(1, 3), Split()) == ["train", "dev", "test"]


def test_spatial_keeps_stations_whole():
    days = network()
    table = pd.DataFrame({"station": [day.station for day in days], "split": assign(days, Split("spatial"))})
    assert (table.groupby("station")["split"].nunique() == 1).all()
    assert set(table["split"]) == {"train", "dev", "test"}


def test_random_follows_its_shares_and_seed():
    days = network(40, 50)
    out = pd.Series(assign(days, Split("random")))
    shares = out.value_counts(normalize=True)
    assert shares["dev"] == pytest.approx(0.15, abs=0.03) and shares["test"] == pytest.approx(0.15, abs=0.03)
    assert out.tolist() == assign(days, Split("random")) != assign(days, Split("random", seed=1))
    assert assign(days[::-1], Split("random"))[::-1] == out.tolist()


@pytest.mark.parametrize("kind", ["temporal", "random", "spatial"])
def test_no_window_overlaps_one_of_another_split(kind):
    days = network(4, 6)
    rows = [{"network": d.network, "station": d.station, "start_ns": d.start_ns + k * 15 * 10**9, "split": name}
            for d, name in zip(days, assign(days, Split(kind)), strict=True) for k in (0, 1, 5757, 5758)]
    assert leaks(pd.DataFrame(rows), 30.0) == []


def test_a_leak_is_found_and_named():
    table = pd.DataFrame({"network": "CI", "station": ["A", "A", "A", "B"], "start_ns": [0, 60 * 10**9, 75 * 10**9, 0],
                          "split": ["train", "train", "dev", "dev"]})
    found = leaks(table, 30.0)
    assert len(found) == 2 and all("CI.A: 1 windows" in line for line in found)
    assert leaks(table, 15.0) == []


@pytest.mark.parametrize("wrong", [
    {"kind": "time"}, {"dev_share": 0.6, "test_share": 0.5}, {"dev_share": -0.1}, {"dev_from": "yesterday"},
    {"kind": "random", "dev_from": "2023-01-01"}])
def test_wrong_wishes(wrong):
    with pytest.raises(DataError):
        Split(**wrong)


def test_nothing_left_for_training():
    with pytest.raises(DataError, match="leaves no station-day for training"):
        assign(network(2, 2), Split(dev_from="2000-01-01"))
    with pytest.raises(DataError, match="must not be later"):
        assign(network(2, 2), Split(dev_from="2022-01-09", test_from="2022-01-02"))


def test_shares_that_were_chosen():
    out = assign(network(1, 100), Split())
    assert [out.count(name) for name in ("train", "dev", "test")] == [70, 15, 15]
    assert Split() == Split("temporal", "", "", 0.15, 0.15, 0)


@pytest.mark.parametrize(("days", "counts"), [(2, (2, 0, 0)), (3, (1, 1, 1)), (4, (2, 1, 1)), (10, (6, 2, 2))])
def test_shares_of_few_days(days, counts):
    """A share of 0.15 of three days is still one day, of two days none."""
    out = assign(network(1, days), Split())
    assert tuple(out.count(name) for name in ("train", "dev", "test")) == counts


def test_nothing_is_left_over_for_shares_of_all():
    with pytest.raises(DataError, match="leave something for training"):
        Split(dev_share=0.5, test_share=0.5)
    assert set(assign(network(1, 10), Split(dev_share=0.0, test_share=0.0))) == {"train"}


@pytest.mark.parametrize("at_s", [-29.99, 29.99, -30.0, 30.0])
def test_windows_leak_before_and_after(at_s):
    rows = pd.DataFrame({"network": "CI", "station": "A", "start_ns": [int(100e9), int((100 + at_s) * 1e9)],
                         "split": ["train", "dev"]})
    assert len(leaks(rows, 30.0)) == (2 if abs(at_s) < 30 else 0)
