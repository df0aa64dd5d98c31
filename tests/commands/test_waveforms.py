"""Continuous data by their words: folders, manifests, services, and what is refused."""

from __future__ import annotations

import numpy as np
import obspy
import pandas as pd
import pytest

from quakebook.commands import waveforms
from quakebook.commands.chapters import UsageError
from quakebook.data import DataError
from quakebook.picking.chunks import cut

BEGIN = obspy.UTCDateTime("2024-05-01")


def trace(channel: str = "HHZ", station: str = "A", seconds: float = 100) -> obspy.Trace:
    values = np.random.default_rng(0).integers(-999, 999, int(seconds * 100)).astype(np.int32)
    return obspy.Trace(values, {"network": "XX", "station": station, "channel": channel, "sampling_rate": 100.0,
                                "starttime": BEGIN})


def test_a_file_with_several_channels_and_a_folder_with_other_files(tmp_path):
    obspy.Stream([trace(), trace("HHN")]).write(str(tmp_path / "a.mseed"), format="MSEED")
    trace(station="B").write(str(tmp_path / "b.sac"), format="SAC")
    (tmp_path / "notes.txt").write_text("x")
    table = waveforms.manifest_of([str(tmp_path)])
    assert sorted(table.key) == ["a.mseed", "a.mseed", "b.sac"]
    assert table.etag.nunique() == 2 and len(table.etag[0]) == 64
    chunk = next(c for c in cut(table, {}).chunks if c.station == "XX.A")
    stream = waveforms.read_chunk(chunk)
    assert sorted(t.id for t in stream) == ["XX.A..HHN", "XX.A..HHZ"] and stream[0].stats.npts == 10_000
    only = waveforms.manifest_of([str(tmp_path)], ["XX.*.*.HHZ"])
    assert set(only.channel) == {"HHZ"} and len(only) == 2


def test_only_the_time_that_is_wanted(tmp_path):
    trace().write(str(tmp_path / "a.mseed"), format="MSEED")
    assert len(waveforms.manifest_of([str(tmp_path)], start="2024-05-01", end="2024-05-02")) == 1
    with pytest.raises(UsageError, match="none of the 1 channels"):
        waveforms.manifest_of([str(tmp_path)], start="2024-05-03")


def test_manifest_of_synthetic_data(tmp_path):
    from quakebook.data.synthetic import write_archive

    folder = write_archive(tmp_path / "archive", 1, 1, events_per_hour=2.0)
    table = waveforms.manifest_of([str(folder / "manifest.csv")])
    scanned = waveforms.manifest_of([str(folder)])
    assert sorted(table.etag) == sorted(scanned.etag) and len(table) == 3
    chunks = [cut(frame, {}).chunks[0] for frame in (table, scanned)]
    assert chunks[0].name({}) == chunks[1].name({})
    assert {t.stats.npts for t in waveforms.read_chunk(chunks[0])} == {360_000}


def test_refused_files(tmp_path):
    path = tmp_path / "a.mseed"
    trace().write(str(path), format="MSEED")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"a.mseed is cut off"):
        waveforms.manifest_of([str(path)])
    (tmp_path / "b").write_bytes(b"12345" * 300)
    with pytest.raises(UsageError, match="b is no waveform file"):
        waveforms.manifest_of([str(tmp_path / "b")])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no waveforms"):
        waveforms.manifest_of([str(tmp_path / "empty")])


class Service:
    """Stands where ObsPy's client contacts a server."""

    asked: list[tuple] = []

    def __init__(self, name: str) -> None:
        assert name == "ETH"

    def get_waveforms(self, network, station, location, channel, begin, end):
        from obspy.clients.fdsn.header import FDSNNoDataException

        self.asked.append((network, station, location, channel, begin, end))
        if channel == "HHE":
            raise FDSNNoDataException("nothing")
        return obspy.Stream([trace("HHZ"), trace("HHN")])


def test_a_service(monkeypatch):
    monkeypatch.setattr("obspy.clients.fdsn.Client", Service)
    table = waveforms.manifest_of(["fdsn:ETH"], ["XX.A..HH?", "XX.A..HHE"], "2024-05-01", "2024-05-01T06:00:00")
    chunk = cut(table, {}, hours=12, margin_s=60).chunks[0]
    stream = waveforms.read_chunk(chunk)
    assert len(stream) == 2 and len(Service.asked) == 2
    assert Service.asked[0][4] == BEGIN - 60 and Service.asked[0][5] == BEGIN + 12 * 3600 + 60
    with pytest.raises(UsageError, match="plain NET and STA"):
        waveforms.manifest_of(["fdsn:ETH"], ["*.A..HHZ"], "2024-05-01", "2024-05-02")


def test_a_manifest_that_lacks_columns(tmp_path):
    pd.DataFrame({"network": ["XX"], "station": ["A"], "location": [""], "channel": ["HHZ"], "start_time": [str(BEGIN)],
                  "end_time": [str(BEGIN)]}).to_csv(tmp_path / "m.csv", index=False)
    with pytest.raises(ValueError, match="lacks the columns key, bucket, etag"):
        cut(waveforms.manifest_of([str(tmp_path / "m.csv")]), {})


@pytest.mark.filterwarnings("ignore")
def test_objects_of_a_store(tmp_path, monkeypatch):
    """Against a loopback S3 server; the archive room lists and reads."""
    pytest.importorskip("quakebook.data.archive")
    pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        for name, value in (("AWS_ENDPOINT_URL", endpoint), ("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x")):
            monkeypatch.setenv(name, value)
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-west-2")
        client.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        for channel in ("HHZ", "HHN"):
            trace(channel).write(str(tmp_path / channel), format="MSEED")
            client.put_object(Bucket="bucket", Key=f"day/{channel}.mseed", Body=(tmp_path / channel).read_bytes())
        chunk = cut(waveforms.manifest_of(["s3://bucket/day"]), {}).chunks[0]
        assert [bucket for bucket, _, _ in chunk.objects] == ["s3://bucket/day"] * 2
        stream = waveforms.read_chunk(chunk)
    finally:
        server.stop()
    assert sorted(t.id for t in stream) == ["XX.A..HHN", "XX.A..HHZ"]
    assert all(np.array_equal(t.data, trace().data) for t in stream)
