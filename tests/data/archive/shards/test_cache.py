"""The cache of shards: what goes when it is full, and how often damage is fetched."""

import hashlib
import os

import pytest

from quakebook.data import DataError
from quakebook.data.archive import DamagedError
from quakebook.data.archive.shards.cache import ShardCache


class Store:
    """Gives the contents in turn, the last one for ever."""

    url = "s3://x"

    def __init__(self, *contents):
        self.contents, self.asked = list(contents), 0

    def read(self, name):
        self.asked += 1
        return self.contents.pop(0) if len(self.contents) > 1 else self.contents[0]


def shard(content):
    return {"name": "a.tar", "sha256": hashlib.sha256(content).hexdigest()}


@pytest.mark.parametrize(("size", "left"), [(10, "abc"), (11, "bc"), (40, "bc"), (41, "c"), (100, ""), (999, "")])
def test_the_oldest_go_until_there_is_room(tmp_path, size, left):
    """30, 30 and 30 of 100 bytes, the oldest being a."""
    for age, name in enumerate("cba"):
        (tmp_path / f"{name}.tar").write_bytes(bytes(30))
        os.utime(tmp_path / f"{name}.tar", (1000 - age, 1000 - age))
    ShardCache(tmp_path, 100).make_room(size)
    assert "".join(sorted(path.stem for path in tmp_path.glob("*.tar"))) == left


def test_damage_is_fetched_once_more(tmp_path):
    store = Store(b"bad", b"good")
    cache = ShardCache(tmp_path / "a", 1e3)
    path = cache.fetch(store, shard(b"good"))
    assert path.read_bytes() == b"good" and store.asked == 2
    assert cache.fetch(store, shard(b"good")) == path and store.asked == 2
    store = Store(b"bad")
    with pytest.raises(DamagedError, match="differs from the description, twice"):
        ShardCache(tmp_path / "b").fetch(store, shard(b"good"))
    assert store.asked == 2


def test_sizes(tmp_path):
    assert ShardCache(tmp_path).max_bytes == 20e9  # chosen
    with pytest.raises(DataError, match="must be positive"):
        ShardCache(tmp_path, 0)
