"""Making shards: once, by any number of workers, finished only at the end."""

import json
import multiprocessing
import os
import signal
import time

import pandas as pd
import pytest

from quakebook.data import DataError
from quakebook.data.archive import (
    Limits,
    Processing,
    Sharding,
    ShardSet,
    Split,
    StoreError,
    WindowMaker,
    build_shards,
    open_store,
)
from quakebook.data.archive.motion.splits import leaks
from quakebook.data.archive.shards.build import name_of


class Noting(WindowMaker):
    """Writes down which process made which station-day, and can take its time."""

    def __init__(self, *args, notes, pause_s=0.0):
        super().__init__(*args)
        self.notes, self.pause_s = notes, pause_s

    def __call__(self, day):
        time.sleep(self.pause_s)
        with open(self.notes, "a") as file:
            file.write(f"{os.getpid()} {day.code} {day.date}\n")
        return super().__call__(day)


def _work(days, maker, folder, queue):
    queue.put(build_shards(days, maker, folder, Sharding(shard_size=12)).fingerprint)


def test_every_window_is_in_the_index(shards, days, maker):
    windows = [len(maker(day).waveforms) for day in days]
    assert len(shards) == sum(windows)
    assert all(shard["samples"] <= 30 for shard in shards.about["shards"])
    rejected = shards.rejected
    assert rejected["count"].sum() == sum(sum(maker(day).rejected.values()) for day in days)
    assert rejected[rejected["code"] == "AZ.GPB00.10.HH"]["reason"].tolist().count("missing") == 1
    assert shards.verify() == []
    assert leaks(shards.table, 30.0) == []


def test_asking_again_reads_nothing(days, maker, shards, tmp_path):
    class Broken(WindowMaker):
        def __call__(self, day):
            raise AssertionError("work was done again")

    broken = Broken(maker.store, maker.settings, maker.stations, maker.inventory)
    again = build_shards(days, broken, os.path.dirname(shards.store.url), Sharding(shard_size=30))
    assert again.fingerprint == shards.fingerprint


def test_the_place_changes_with_every_setting(days, maker):
    names = {name_of(days, maker, Sharding())}
    for settings in (Processing(overlap=0.75), Processing(band_hz=(1.0, 45.0)), Processing(limits=Limits(snr_db=3.0))):
        names.add(name_of(days, WindowMaker(maker.store, settings, maker.stations, maker.inventory), Sharding()))
    for sharding in (Sharding(shard_size=5), Sharding(dtype="float16"), Sharding(split=Split("spatial")),
                     Sharding(seed=1)):
        names.add(name_of(days, maker, sharding))
    names |= {name_of(days[1:], maker, Sharding()), name_of(days, WindowMaker(maker.store, maker.settings), Sharding())}
    assert len(names) == 10


def test_two_workers_do_the_work_once(days, maker, tmp_path):
    notes = tmp_path / "notes"
    slow = Noting(maker.store, maker.settings, maker.stations, maker.inventory, notes=notes, pause_s=0.05)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    workers = [context.Process(target=_work, args=(days, slow, tmp_path / "out", queue)) for _ in range(2)]
    for worker in workers:
        worker.start()
    prints = {queue.get(timeout=60) for _ in workers}
    for worker in workers:
        worker.join()
    lines = [line.split(" ", 1) for line in notes.read_text().splitlines()]
    assert sorted(line[1] for line in lines) == sorted(f"{day.code} {day.date}" for day in days)
    assert len({line[0] for line in lines}) == 2  # and both had a part in it
    assert len(prints) == 1


def test_a_killed_worker_leaves_its_work_to_the_next(days, maker, tmp_path):
    notes = tmp_path / "notes"
    slow = Noting(maker.store, maker.settings, maker.stations, maker.inventory, notes=notes, pause_s=0.1)
    context = multiprocessing.get_context("fork")
    worker = context.Process(target=_work, args=(days, slow, tmp_path / "out", context.Queue()))
    worker.start()
    while not notes.exists() or len(notes.read_text().splitlines()) < 4:
        time.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    place, = (tmp_path / "out").iterdir()
    assert not (place / "shards.json").exists()
    with pytest.raises(StoreError, match=r"shards.json"):
        ShardSet(place)
    done = len(list((place / "tasks").glob("*.json")))
    assert done >= 1
    notes.unlink()
    quick = Noting(maker.store, maker.settings, maker.stations, maker.inventory, notes=notes)
    finished = build_shards(days, quick, tmp_path / "out", Sharding(shard_size=12))
    assert len(notes.read_text().splitlines()) < len(days)
    fresh = build_shards(days, maker, tmp_path / "fresh", Sharding(shard_size=12))
    assert finished.fingerprint == fresh.fingerprint and finished.verify() == []


def test_limits_of_a_shard():
    assert Sharding().samples(3000) == 10_000
    assert Sharding(max_shard_bytes=2e9, shard_size=10**6).samples(3000) == pytest.approx(2e9 / 39_100, rel=0.01)
    assert Sharding(max_shard_bytes=1e4).samples(3000) == 1
    for wrong in ({"shard_size": 0}, {"dtype": "int8"}, {"max_shard_bytes": 10.0}):
        with pytest.raises(DataError, match=next(iter(wrong))):
            Sharding(**wrong)


def test_splits_are_in_separate_shards(days, maker, tmp_path):
    out = build_shards(days, maker, tmp_path, Sharding(split=Split(dev_from="2023-03-02")))
    for shard in out.about["shards"]:
        assert shard["name"].startswith(shard["split"])
    dev = ShardSet(out.store, "dev")
    assert (pd.to_datetime(dev.table["start_ns"]).dt.date.astype(str) == "2023-03-02").all()
    assert len(dev) + len(ShardSet(out.store, "train")) == len(out)
    with pytest.raises(DataError, match="no split 'test'; it has dev, train"):
        ShardSet(out.store, "test")


def test_nothing_passes(days, maker, tmp_path):
    strict = WindowMaker(maker.store, Processing(limits=Limits(snr_db=300.0)), maker.stations, maker.inventory)
    with pytest.raises(StoreError, match=r"no window passed the quality control \(snr \d+, "):
        build_shards(days, strict, tmp_path)
    assert not list(tmp_path.rglob("*.tar"))


def test_damaged_objects_are_named_in_the_description(days, maker, tmp_path, folder):
    import shutil

    copy = shutil.copytree(folder, tmp_path / "copy")
    file = next(copy.rglob("CIGPA00HHE*2023060.ms"))
    file.write_bytes(file.read_bytes()[:-512])
    counting = WindowMaker(open_store(copy), maker.settings, damaged="count")
    out = build_shards(days, counting, tmp_path / "out")
    about = json.loads((tmp_path / "out" / os.path.basename(out.store.url) / "shards.json").read_text())
    assert len(about["damaged"]) == 1 and file.name in about["damaged"][0]


@pytest.mark.parametrize(("settings", "samples"), [
    ({}, 10_000), ({"max_shard_bytes": 1e6}, 25), ({"max_shard_bytes": 1e6, "dtype": "float16"}, 47),
    ({"max_shard_bytes": 1e4}, 1), ({"shard_size": 3}, 3), ({"shard_size": 1}, 1)])
def test_samples_of_a_shard_by_hand(settings, samples):
    """3 x 3000 numbers of 4 bytes and 3072 bytes beside them: 39 072; of 2 bytes: 21 072."""
    assert Sharding(**settings).samples(3000) == samples
    assert Sharding().max_shard_bytes == 2e9 and Sharding().seed == 0


@pytest.mark.parametrize("wrong", [{"shard_size": 0}, {"max_shard_bytes": 9999.0}, {"dtype": "float64"}])
def test_shards_that_cannot_be(wrong):
    with pytest.raises(DataError, match=next(iter(wrong))):
        Sharding(**wrong)
