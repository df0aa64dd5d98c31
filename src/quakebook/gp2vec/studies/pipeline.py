"""Windows a second that reach a training: from miniSEED and from shards, on disk and on an S3 server."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from quakebook.data import archive
from quakebook.data.archive.shards.reader import ShardSet
from quakebook.data.archive.stores.contract import Store

BUCKET = "windows"
Counts = Callable[[], Iterator[int]]


def speeds(seconds: float = 2.0, preset: str = "test") -> dict[str, float]:
    """Windows a second of wall-clock time, measured for about `seconds` each.

    Keys: "miniseed", "shards", and "s3_miniseed", "s3_shards" where the S3 server for tests (moto) is installed. That
    server runs in this process, so that no network lies between, and both share the time.

    Parameters
    ----------
    seconds : float
    preset : {"test", "default", "large"}
        Size of the synthetic archive that is made for it in a temporary folder.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = archive.embedded.make(Path(place) / "archive", preset)
        store = archive.open_store(folder)
        days, maker = prepared(store, Path(place) / "manifest.parquet")
        shards = archive.build_shards(days, maker, Path(place) / "shards")
        out = {"miniseed": rate(lambda: from_miniseed(days, maker), seconds),
               "shards": rate(lambda: from_shards(shards), seconds)}
        if find_spec("moto") and find_spec("boto3"):
            with bucket() as opened:
                there, remote = opened("archive"), opened("shards")
                upload(store, there)
                archive.publish(shards, remote)
                days, maker = prepared(there, Path(place) / "remote.parquet")
                out["s3_miniseed"] = rate(lambda: from_miniseed(days, maker), seconds)
                out["s3_shards"] = rate(lambda: from_shards(ShardSet(remote)), seconds)
    return out


def prepared(store: Store, manifest: Path) -> tuple[list, archive.WindowMaker]:
    """The station-days of a store, listed anew, and what cuts their windows."""
    archive.build_manifest(store, manifest)
    return archive.station_days(archive.read_manifest(manifest)), archive.WindowMaker(store, archive.Processing())


def from_miniseed(days: list, maker: archive.WindowMaker) -> Iterator[int]:
    """Read, filter and cut each station-day; yields how many windows it gave."""
    for day in days:
        yield len(maker(day).waveforms)


def from_shards(shards: ShardSet) -> Iterator[int]:
    """Fetch each window and compare its checksum."""
    for row in range(len(shards)):
        shards.waveform(row)
        yield 1


def rate(counts: Counts, seconds: float) -> float:
    """Windows a second, of one window at least; begins again where `counts` ends before the time is over."""
    began, total = time.perf_counter(), 0
    while True:
        before = total
        for count in counts():
            total += count
            if total and time.perf_counter() - began > seconds:
                return total / (time.perf_counter() - began)
        if total == before:
            raise ValueError("the source gives no windows, so that their speed cannot be measured")


def upload(source: Store, target: Store) -> None:
    """Copy the miniSEED files of a store."""
    for item in source.list(""):
        if item.key.endswith(".ms"):
            target.write(item.key, source.read(item.key))


@contextmanager
def bucket() -> Iterator[Callable[[str], Store]]:
    """An S3 server on loopback with one bucket; yields what opens a prefix of it."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    keys = {"access_key_id": "x", "secret_access_key": "x"}
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        address = "http://{}:{}".format(*server.get_host_and_port())
        boto3.client("s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="x",
                     aws_secret_access_key="x").create_bucket(Bucket=BUCKET)
        yield lambda prefix: archive.open_store(f"s3://{BUCKET}/{prefix}", endpoint_url=address, region="us-east-1",
                                                **keys)
    finally:
        server.stop()
