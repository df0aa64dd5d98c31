"""Folders as stores."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from quakebook.data.archive import StoreError, open_store


@pytest.fixture
def store(tmp_path):
    for name in ("a/2.ms", "a/1#3", "b/deep/3.ms", ".hidden/4.ms", "a/.part"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode() * 10)
    return open_store(tmp_path)


def test_listing_is_sorted_and_leaves_hidden_files_out(store):
    assert [item.key for item in store.list()] == ["a/1#3", "a/2.ms", "b/deep/3.ms"]
    assert [item.key for item in store.list("a/")] == ["a/1#3", "a/2.ms"]
    assert [item.key for item in store.list("b/de")] == ["b/deep/3.ms"]
    assert [item.size_bytes for item in store.list("a/2")] == [60]


def test_the_tag_changes_with_the_content(store, tmp_path):
    before = next(store.list("a/2")).etag
    (tmp_path / "a/2.ms").write_bytes(b"other")
    assert next(store.list("a/2")).etag != before


def test_ranges(store):
    assert store.read("a/2.ms", 0, 6) == b"a/2.ms"
    assert store.read("a/2.ms", -3) == b".ms"
    assert store.read("a/2.ms", 54) == b"a/2.ms"


@pytest.mark.parametrize("key", ["../secret", "a/../../secret", "/etc/hostname"])
def test_keys_that_lead_out_are_refused(store, key):
    with pytest.raises(StoreError, match="leads out"):
        store.read(key)
    with pytest.raises(StoreError, match="leads out"):
        store.write(key, b"")


def test_of_many_that_create_one_wins(store):
    with ThreadPoolExecutor(8) as pool:
        wins = list(pool.map(lambda k: store.create("claim", str(k).encode()), range(16)))
    assert sum(wins) == 1
    assert store.read("claim") == str(wins.index(True)).encode()
    assert [item.key for item in store.list("cl")] == ["claim"]


def test_what_is_absent_is_named(store, tmp_path):
    with pytest.raises(StoreError, match="nothing.ms"):
        store.read("nothing.ms")
    with pytest.raises(StoreError, match="there is no folder"):
        list(open_store(tmp_path / "nowhere").list())
    with pytest.raises(StoreError, match="a place must be"):
        open_store("ftp://somewhere")


def test_a_store_is_handed_back_as_it_is(store):
    assert open_store(store) is store
