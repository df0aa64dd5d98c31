"""Speeds are of windows that were read; those from the S3 server are the same windows."""

import itertools

import numpy as np
import pytest

from quakebook.data import archive
from quakebook.data.archive.shards.reader import ShardSet
from quakebook.gp2vec.studies import pipeline


def test_rates_count_windows_and_begin_again(monkeypatch):
    """Two and three windows a pass, one second a look at the clock: of 2, 5, 7 and 10 the last comes too late, at 4."""
    ticks = itertools.count()
    monkeypatch.setattr(pipeline.time, "perf_counter", lambda: float(next(ticks)))
    assert pipeline.rate(lambda: iter([2, 3]), 3.5) == 10 / 5  # the clock is read once more


def test_a_rate_needs_a_window():
    assert pipeline.rate(lambda: iter([0, 1]), 0.0) > 0
    with pytest.raises(ValueError, match="gives no windows"):
        pipeline.rate(lambda: iter([0]), 0.0)


def test_the_windows_of_a_bucket_are_those_of_the_disk(tmp_path):
    pytest.importorskip("moto.server")
    folder = archive.embedded.make(tmp_path / "archive", "test")
    store = archive.open_store(folder)
    days, maker = pipeline.prepared(store, tmp_path / "manifest.parquet")
    shards = archive.build_shards(days, maker, tmp_path / "shards")
    assert sum(pipeline.from_miniseed(days, maker)) == sum(pipeline.from_shards(shards)) == len(shards) > 50
    with pipeline.bucket() as opened:
        there, remote = opened("archive"), opened("shards")
        pipeline.upload(store, there)
        archive.publish(shards, remote)
        far_days, far_maker = pipeline.prepared(there, tmp_path / "remote.parquet")
        assert [day.code for day in far_days] == [day.code for day in days]
        np.testing.assert_array_equal(far_maker(far_days[0]).waveforms, maker(days[0]).waveforms)
        np.testing.assert_array_equal(ShardSet(remote).waveform(3), shards.waveform(3))


def test_without_the_server_the_rows_are_absent(monkeypatch):
    monkeypatch.setattr(pipeline, "find_spec", lambda name: None)
    found = pipeline.speeds(seconds=0.05)
    assert set(found) == {"miniseed", "shards"} and all(value > 0 for value in found.values())
