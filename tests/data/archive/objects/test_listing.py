"""Which objects are wanted, and how many keys are looked at to find them."""

from datetime import date

import pandas as pd
import pytest

from quakebook.data.archive.objects.layouts import LAYOUTS, Identity
from quakebook.data.archive.objects.listing import Wish, listed
from quakebook.data.archive.stores.contract import StoredObject


class Store:
    url, remote = "s3://mine", False

    def __init__(self, *keys):
        self.keys, self.prefixes, self.given = keys, [], 0

    def list(self, prefix=""):
        self.prefixes.append(prefix)
        for key in self.keys:
            if key.startswith(prefix):
                self.given += 1
                yield StoredObject(key, 1, "")


def scedc(station, day, year=2022):
    return f"{year}/{year}_{day:03d}/CI{station:_<5}HHZ___{year}{day:03d}.ms"


def test_twenty_keys_decide_the_layout():
    """Half of twenty keys make a layout; what comes later has no vote."""
    for others, name in ((10, "scedc"), (11, "generic")):
        store = Store(*[f"notes-{k}" for k in range(others)], *[scedc("A", k + 1) for k in range(60)])
        layout, _ = listed(store, Wish())
        assert layout.name == name and store.given == 20


def test_days_are_listed_one_by_one_where_keys_begin_with_them():
    store = Store(*(scedc("A", day) for day in range(1, 9)))
    wish = Wish(first=date(2022, 1, 3), last=date(2022, 1, 5))
    assert [item.key for item in listed(store, wish)[1]] == [scedc("A", day) for day in (3, 4, 5)]
    assert store.prefixes[1:] == ["2022/2022_003/", "2022/2022_004/", "2022/2022_005/"]


@pytest.mark.parametrize(("networks", "folders"), [
    (["BK"], ["BK/2022/2022.002/"]), (["B?"], [""]), (["BK", "N*"], [""]), (["BK", "NC"], ["BK/2022/2022.002/",
                                                                                          "NC/2022/2022.002/"])])
def test_networks_with_wildcards_have_no_folder(networks, folders):
    store = Store("BK/2022/2022.002/CMB.BK.HHZ.00.D.2022.002")
    wish = Wish(networks=networks, first=date(2022, 1, 2), last=date(2022, 1, 2))
    assert len(list(listed(store, wish)[1])) == 1 and store.prefixes[1:] == folders


def test_so_many_files_of_a_station():
    store = Store(*(scedc(station, day) for day in range(1, 5) for station in "AB"))
    kept = [item.key for item in listed(store, Wish(max_files_per_station=3))[1]]
    assert kept == [scedc(station, day) for day in (1, 2, 3) for station in "AB"]
    assert Wish().max_files_per_station == 10_000
    plain = Store(*(f"{k}.mseed" for k in range(5)))
    assert len(list(listed(plain, Wish(max_files_per_station=1))[1])) == 5  # their keys name no station


@pytest.mark.parametrize(("day", "fits"), [(2, False), (3, True), (5, True), (6, False)])
def test_both_ends_of_the_days_are_included(day, fits):
    wish = Wish(first=date(2022, 1, 3), last=date(2022, 1, 5))
    assert wish.allows(Identity("CI", "A", "", "HHZ", 2022, day)) is fits
    assert wish.allows(Identity())  # what a key does not say is decided later
    assert not Wish(channels=["B*"]).allows(Identity("CI", "A", "", "HHZ", 2022, day))


def rows(*spans):
    return pd.DataFrame({"network": "CI", "station": [name for name, _, _ in spans], "channel": "HHZ",
                         "start_time": [pd.Timestamp(begin, tz="UTC") for _, begin, _ in spans],
                         "end_time": [pd.Timestamp(end, tz="UTC") for _, _, end in spans]})


def test_headers_that_touch_the_days():
    table = rows(("a", "2022-01-02", "2022-01-02T23:59:59"), ("b", "2022-01-02", "2022-01-03"),
                 ("c", "2022-01-05T23:59:59", "2022-01-07"), ("d", "2022-01-06", "2022-01-07"))
    wish = Wish(first=date(2022, 1, 3), last=date(2022, 1, 5))
    assert wish.of_rows(table)["station"].tolist() == ["b", "c"]
    assert Wish().of_rows(table)["station"].tolist() == list("abcd")


def test_stations_in_a_box():
    table = rows(*((name, "2022-01-02", "2022-01-03") for name in "abcd"))
    places = pd.DataFrame({"network": "CI", "station": list("abcd"), "latitude": [32.0, 42.0, 31.9, 35.0],
                           "longitude": [-125.0, -114.0, -120.0, -113.9]})
    box = (32.0, 42.0, -125.0, -114.0)
    assert Wish(box_deg=box, places=places).of_rows(table)["station"].tolist() == ["a", "b"]
    assert len(Wish(box_deg=box).of_rows(table)) == 4


def test_a_wish_in_words():
    assert str(Wish()) == "layout auto" and str(Wish(layout="")) == "any miniSEED"
    assert str(Wish(networks=["CI", "AZ"], first=date(2022, 1, 2))) == "layout auto, networks CI AZ, from 2022-01-02"


def test_buckets_that_are_published():
    """Regions and folders of the open data of SCEDC, NCEDC, EarthScope and GeoNet."""
    assert {name: (layout.bucket, layout.prefix, layout.region, layout.anonymous, layout.many_channels)
            for name, layout in LAYOUTS.items()} == {
        "scedc": ("scedc-pds", "continuous_waveforms/", "us-west-2", True, False),
        "ncedc": ("ncedc-pds", "continuous_waveforms/", "us-east-2", True, False),
        "earthscope": ("earthscope-geophysical-data", "miniseed/", "us-east-2", True, True),
        "earthscope-restricted": ("", "miniseed/", "us-east-2", False, True),
        "geonet": ("geonet-open-data", "waveforms/miniseed/", "ap-southeast-2", True, False),
        "generic": ("", "", "us-west-2", True, True)}
    assert Identity("CI", "A", year=2022).day == date(2022, 1, 1) and Identity().day is None
