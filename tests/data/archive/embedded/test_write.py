"""The archive as files: real miniSEED and StationXML, and the planted faults."""

import numpy as np
import obspy
import pandas as pd
import pytest
from obspy.io.mseed.util import get_record_information

from quakebook.data import DataError
from quakebook.data.archive import embedded
from quakebook.data.archive.embedded import quakes, tremor
from quakebook.data.archive.embedded.instrument import response
from quakebook.data.archive.embedded.presets import PRESETS
from quakebook.data.checksums import damaged_files


def stream(folder, pattern):
    return obspy.read(str(next(folder.rglob(pattern))))


def test_files(folder):
    assert damaged_files(folder) == []
    assert "ynthetic" in (folder / "SYNTHETIC.txt").read_text()
    inventory = obspy.read_inventory(str(folder / "stations.xml"))
    assert all("synthetic" in station.site.name for network in inventory for station in network)
    assert {network.code for network in inventory} == {"CI", "AZ", "NC", "HV"}
    record = get_record_information(str(next(folder.rglob("*.ms"))))
    assert record["encoding"] == 11 and record["record_length"] == 512  # STEIM2
    size = sum(file.stat().st_size for file in folder.rglob("*.ms"))
    samples = sum(trace.stats.npts for file in folder.rglob("*.ms") for trace in obspy.read(str(file)))
    assert 0.5 < size / samples < 2.0


def test_faults(folder):
    gap = stream(folder, "CIGPA00HHZ*2023061.ms")
    assert len(gap) == 2 and gap[1].stats.starttime - gap[0].stats.endtime == pytest.approx(4.01)
    assert not list(folder.rglob("AZGPB00HHE*2023060.ms")) and list(folder.rglob("AZGPB00HHE*2023061.ms"))
    clipped = stream(folder, "CIGPA01BHZ*2023061.ms")[0].data[2400:4800]
    assert (clipped == clipped.max()).sum() > 10
    quiet = [trace.data.std() for trace in (stream(folder, "CIGPA00HHZ*2023060.ms")[0],)]
    assert quiet[0] > 0


def test_picks_lie_on_the_waves(folder):
    picks = pd.read_parquet(folder / "picks.parquet")
    events = pd.read_parquet(folder / "events.parquet")
    assert set(picks["event"]) <= set(events["event"]) and set(picks["phase"]) == {"P", "S"}
    loud = picks[(picks["snr_db"] > 15) & (picks["phase"] == "S") & (picks["station"] == "GPA00")]
    assert len(loud) > 0
    for row in loud.itertuples():
        trace = stream(folder, f"CIGPA00HHN*2023{row.time.day_of_year:03d}.ms").merge(fill_value=0)[0]
        trace.filter("bandpass", freqmin=2, freqmax=18)
        at = obspy.UTCDateTime(ns=row.time.value)
        after = trace.slice(at, at + 2).data.std()
        assert after > 3 * np.median(np.abs(trace.data))
    p, s = (picks[picks["phase"] == phase].set_index(["event", "station"])["time"] for phase in "PS")
    assert (s.reindex(p.index).dropna() > p.reindex(s.index).dropna()).all()


def test_the_response_in_the_file_is_the_one_that_was_used(inventory):
    frequency = np.logspace(-2, np.log10(45), 50)
    for code, kind, factor, time in (("CI.GPA00..HHZ", "A", 1.0, "2023-03-01T12"), ("AZ.GPB00.10.HHN", "B", 1.0,
                                     "2023-03-01T12"), ("CI.GPA00..HHE", "A", 2.0, "2023-03-02T12")):
        found = inventory.get_response(code, obspy.UTCDateTime(time))
        values = found.get_evalresp_response_for_frequencies(frequency, output="VEL")
        np.testing.assert_allclose(values, response(kind, frequency, factor), rtol=1e-5)


def test_the_same_seed_gives_the_same_samples(folder, tmp_path):
    again = embedded.make(tmp_path / "again", "test", 42, parts=["network"])
    for file in again.rglob("*.ms"):
        same = folder / file.relative_to(again)
        assert same.read_bytes() == file.read_bytes()
    assert not list(again.rglob("HV*")) and not (again / "displacement.parquet").exists()


def test_the_caldera_table_fits_its_waveforms(folder):
    table = pd.read_parquet(folder / "displacement.parquet")
    trace = stream(folder, "HVGPK01HHZ*.ms")[0]
    assert trace.stats.npts == 100 * len(table)
    assert trace.stats.starttime.ns == table["time"].iloc[0].value
    collapses = pd.read_parquet(folder / "collapses.parquet")
    assert len(collapses) == 6 and table["time"].iloc[0] < collapses["time"].iloc[0] < table["time"].iloc[-1]


def test_wrong_wishes(tmp_path):
    with pytest.raises(DataError, match="unknown preset 'tiny'; known: test, default, large"):
        embedded.make(tmp_path / "x", "tiny")
    with pytest.raises(DataError, match="unknown parts volcano"):
        embedded.make(tmp_path / "x", "test", parts=["volcano"])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("")
    with pytest.raises(DataError, match="not empty"):
        embedded.make(tmp_path / "full", embedded.Preset(1, 1, 30.0, 1, 0, 1, 20.0))


def test_cached(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    monkeypatch.setitem(embedded.PRESETS, "test", embedded.Preset(1, 1, 30.0, 1, 0, 1, 20.0))
    first = embedded.cached("test")
    written = (first / "stations.xml").stat().st_mtime_ns
    assert embedded.cached("test") == first and (first / "stations.xml").stat().st_mtime_ns == written
    assert embedded.cached("test", seed=1) != first


def test_tables_hold_times_of_the_catalogue_and_of_the_tremor(folder):
    """Midnight of the first of March 2023, plus whole days, plus seconds."""
    midnight = pd.Timestamp("2023-03-01", tz="UTC")
    events, tremors = quakes.catalogue(PRESETS["test"], 42), tremor.intervals(PRESETS["test"], 42)
    found = pd.read_parquet(folder / "events.parquet")
    seconds = (found["time"] - midnight).dt.total_seconds()
    np.testing.assert_allclose(seconds, events["day"] * 86400 + events["origin_s"], atol=1e-6)
    found = pd.read_parquet(folder / "tremor.parquet")
    begin, end = ((found[name] - midnight).dt.total_seconds() for name in ("start", "end"))
    np.testing.assert_allclose(begin, tremors["day"] * 86400 + tremors["start_s"], atol=1e-6)
    np.testing.assert_allclose(end - begin, tremors["length_s"], atol=1e-6)
    assert found["kind"].tolist() == tremors["kind"].tolist()
