"""How station-days are laid together into shards: by the windows that they promise, worked by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest

from quakebook.data.archive import Processing, Sharding, Split
from quakebook.data.archive.motion.station_days import StationDay
from quakebook.data.archive.shards import build

MAKER = SimpleNamespace(settings=Processing(rate_hz=100.0, window_s=30.0, overlap=0.5))


def day(number, seconds):
    begin = pd.Timestamp(number, unit="D", tz="UTC")
    rows = pd.DataFrame({"key": ["k"], "size_bytes": [1], "etag": [""], "channel": ["HHZ"], "start_time": [begin],
                         "end_time": [begin + pd.Timedelta(seconds=seconds)]})
    return StationDay("CI", "A", "", "HH", number, rows)


def groups(seconds, size, split=None):
    days = [day(19_000 + k, length) for k, length in enumerate(seconds)]
    tasks = build._tasks(days, MAKER, Sharding(shard_size=size, split=split or Split(dev_share=0.0, test_share=0.0)))
    return [[round(each.seconds) for each in task.days] for task in tasks]


@pytest.mark.parametrize(("size", "lengths"), [(1, [1] * 6), (4, [1] * 6), (5, [1] * 6), (7, [2] * 3), (8, [2] * 3),
                                               (10, [3, 3]), (17, [5, 1]), (19, [6])])
def test_a_minute_promises_three_windows(size, lengths):
    """Of half overlapping 30 s: at 0, 15 and 30 s. A group ends before it would promise more than a shard holds."""
    assert [len(group) for group in groups([60.0] * 6, size)] == lengths


@pytest.mark.parametrize(("seconds", "size", "together"), [
    (10.0, 1, False), (10.0, 2, True), (29.9, 2, True), (45.0, 3, False), (45.0, 5, True), (52.5, 4, False),
    (52.5, 6, True)])
def test_what_is_shorter_than_a_window_promises_one(seconds, size, together):
    """Two days: one window each up to 30 s, two for 45 s, two and a half for 52.5 s."""
    assert (len(groups([seconds] * 2, size)) == 1) is together


def test_splits_do_not_share_a_shard():
    days = [day(19_000 + k, 60.0) for k in range(10)]
    tasks = build._tasks(days, MAKER, Sharding(split=Split(dev_share=0.2, test_share=0.1)))
    assert {task.split: sorted(each.day - 19_000 for each in task.days) for task in tasks} == {
        "train": [0, 1, 2, 3, 4, 5, 6], "dev": [7, 8], "test": [9]}
    assert len({task.name for task in tasks}) == 3


def test_the_order_follows_the_seed():
    days = [day(19_000 + k, 60.0) for k in range(12)]
    orders = [[each.day for task in build._tasks(days, MAKER, Sharding(seed=seed, split=Split(
        dev_share=0.0, test_share=0.0))) for each in task.days] for seed in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2] and sorted(orders[2]) == sorted(orders[0]) != orders[0]


def test_versions_of_what_is_kept():
    """Raised when equal settings give other content."""
    from quakebook.data.archive import bigsets
    from quakebook.data.archive.embedded import write
    from quakebook.data.archive.streaming import miniseed_source

    assert (build.FORMAT, miniseed_source.VERSION, write.VERSION, bigsets.FORMAT) == (1, 1, 1, 2)
