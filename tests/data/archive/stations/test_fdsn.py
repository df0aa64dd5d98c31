"""The station service over loopback."""

import pandas as pd
import pytest
from tests.data.archive.servers import serving, station_service

from quakebook.data.archive import Query, StationService, StoreError, stations_of


@pytest.fixture
def served(inventory):
    """Start a service; returns (address, questions asked)."""
    contexts = []

    def start(*faults):
        handler = station_service(inventory, list(faults))
        contexts.append(serving(handler))
        return contexts[-1].__enter__(), handler.asked

    yield start
    for context in contexts:
        context.__exit__(None, None, None)


def test_a_network_in_a_box(served, stations):
    address, asked = served()
    query = Query(channels="HH?,BH?", start="2023-01-01", end="2024-01-01", box_deg=(32, 42, -125, -114))
    service = StationService(address)
    assert not asked  # nothing is contacted before the first question
    table = stations_of(service.network("CI", query))
    expected = stations.table[stations.table["network"] == "CI"]
    assert table["gain"].tolist() == expected["gain"].tolist()
    assert asked[0]["level"] == "response" and asked[0]["channel"] == "HH?,BH?"
    assert float(asked[0]["minlatitude"]) == 32.0 and asked[0]["starttime"].startswith("2023-01-01")


def test_a_network_without_stations_is_none(served):
    address, _ = served()
    assert StationService(address).network("QQ", Query()) is None


@pytest.mark.parametrize("fault", [503, "cut"])
def test_a_fault_that_passes(served, fault):
    address, asked = served(fault)
    assert StationService(address).network("AZ", Query()) is not None
    assert len(asked) == 2


def test_a_fault_that_stays(served):
    address, asked = served(503, 503)
    with pytest.raises(StoreError, match=r"network AZ.* after 2 tries\. .*--stationxml"):
        StationService(address, retries=1).network("AZ", Query())
    assert len(asked) == 2


def test_three_further_tries_unless_told_otherwise(served, monkeypatch):
    from quakebook.data.archive.stations import fdsn

    monkeypatch.setattr(fdsn.time, "sleep", lambda pause: None)
    address, asked = served(503, 503, 503, 503)
    with pytest.raises(StoreError, match="after 4 tries"):
        StationService(address).network("AZ", Query())
    assert len(asked) == 4


def test_a_refusal_is_not_repeated(served):
    address, asked = served(403)
    with pytest.raises(StoreError, match="network AZ"):
        StationService(address).network("AZ", Query())
    assert len(asked) == 1


def test_nobody_there():
    with pytest.raises(StoreError, match="Check the address"):
        StationService("http://127.0.0.1:9", timeout_s=1.0, retries=0).network("CI", Query())


def test_answers_are_kept(served, tmp_path):
    address, asked = served()
    first = StationService(address, tmp_path).network("CI", Query())
    second = StationService(address, tmp_path).network("CI", Query())
    assert len(asked) == 1 and len(list(tmp_path.glob("*.xml"))) == 1
    pd.testing.assert_frame_equal(stations_of(first), stations_of(second))
    StationService(address, tmp_path).network("CI", Query(channels="HHZ"))
    StationService(address, tmp_path, refresh=True).network("CI", Query())
    assert len(asked) == 3


def test_three_more_tries_with_growing_pauses(monkeypatch):
    """Four tries; 0.05, 0.1 and 0.2 s between them (chosen); a fault that stays is not tried again."""
    pauses, tries = [], []
    monkeypatch.setattr("quakebook.data.archive.stations.fdsn.time.sleep", pauses.append)
    service = StationService("IRIS")

    def fail(error):
        tries.append(error)
        raise error

    with pytest.raises(StoreError, match="reset after 4 tries"):
        service._retry(lambda: fail(ConnectionError("reset")), "x")
    assert len(tries) == 4 and pauses == pytest.approx([0.05, 0.1, 0.2])
    with pytest.raises(StoreError, match=r"wrong\. Check the address"):
        service._retry(lambda: fail(RuntimeError("wrong")), "x")
    assert len(tries) == 5 and service.timeout_s == 300.0
