"""Truncated and damaged files are noticed, where ObsPy alone reads on."""

import io

import numpy as np
import obspy
import pytest
from obspy.io.mseed import InternalMSEEDWarning

from quakebook.data.archive import DamagedError, open_store
from quakebook.data.archive.motion.reading import decode, read_object


@pytest.fixture
def content(folder):
    return next(folder.rglob("CIGPA00HHZ*2023060.ms")).read_bytes()


def test_whole_files_are_read(folder):
    for file in folder.rglob("*.ms"):
        stream = decode(file.read_bytes(), file.name)
        assert np.array_equal(stream[0].data, obspy.read(str(file))[0].data)


def test_cut_inside_a_record(content):
    with pytest.warns(InternalMSEEDWarning):  # ObsPy alone goes on
        assert obspy.read(io.BytesIO(content[:-300]))[0].stats.npts < 18_000
    with pytest.raises(DamagedError, match="x is cut off"):
        decode(content[:-300], "x")


def test_cut_between_records_shows_against_the_manifest(content):
    assert decode(content[:-512], "x")[0].stats.npts < 18_000  # whole records: the file alone does not tell
    with pytest.raises(DamagedError, match=rf"x holds {len(content) - 512} bytes; the manifest says {len(content)}"):
        decode(content[:-512], "x", len(content))


def test_a_record_whose_samples_are_damaged(content):
    spoiled = bytearray(content)
    spoiled[512 * 3 + 80 : 512 * 4] = b"\xff" * 432
    with pytest.raises(DamagedError, match="x"):
        decode(bytes(spoiled), "x")


def test_a_record_that_announces_more_samples_than_it_holds(content):
    spoiled = bytearray(content)
    spoiled[512 * 2 + 30 : 512 * 2 + 32] = (60_000).to_bytes(2, "big")
    with pytest.raises(DamagedError, match="x"):
        decode(bytes(spoiled), "x")


def test_a_decoder_that_loses_samples(content, monkeypatch):
    whole = obspy.read(io.BytesIO(content))
    whole[0].data = whole[0].data[:-7]
    monkeypatch.setattr(obspy, "read", lambda *args, **options: whole)
    with pytest.raises(DamagedError, match=r"CI.GPA00..HHZ must have 18000 samples by its record headers; found 17993"):
        decode(content, "x")


def test_a_file_that_was_replaced(folder, manifest, tmp_path):
    row = manifest[manifest["channel"] == "BHZ"].iloc[[0]]
    place = tmp_path / row["key"].iloc[0]
    place.parent.mkdir(parents=True)
    trace = obspy.read(str(folder / row["key"].iloc[0]))[0]
    trace.stats.starttime += 3600
    trace.write(str(place), format="MSEED", encoding="STEIM2", reclen=512)
    assert place.stat().st_size == row["size_bytes"].iloc[0]
    with pytest.raises(DamagedError, match=r"CI.GPA01.00.BHZ ends -3600.000 s from where the manifest says"):
        read_object(open_store(tmp_path), row)
    trace.stats.channel = "BHX"
    trace.write(str(place), format="MSEED", encoding="STEIM2", reclen=512)
    with pytest.raises(DamagedError, match="has no such channel"):
        read_object(open_store(tmp_path), row)
