"""fsspec file systems as stores, with the one in memory."""

from types import SimpleNamespace

import fsspec
import pytest

from quakebook.data.archive import StoreError, build_manifest, open_store, read_manifest
from quakebook.data.archive.stores.fsspec_store import FsspecStore


@pytest.fixture
def store():
    system = fsspec.filesystem("memory")
    yield open_store((system, "/bkt"))
    system.rm("/bkt", recursive=True)


def test_write_list_read(store):
    store.write("a/x.ms", b"0123456789")
    store.write("a/y.ms", b"1")
    assert [(item.key, item.size_bytes) for item in store.list("a/")] == [("a/x.ms", 10), ("a/y.ms", 1)]
    assert store.read("a/x.ms") == b"0123456789"
    assert store.read("a/x.ms", 2, 4) == b"23" and store.read("a/x.ms", -2) == b"89"
    with pytest.raises(StoreError, match="nothing"):
        store.read("nothing")
    with pytest.raises(StoreError, match="no atomic claim"):
        store.create("claim", b"")


def test_an_archive_in_it_is_listed_like_a_folder(store, folder, manifest, tmp_path):
    for file in folder.rglob("*.ms"):
        store.write(file.relative_to(folder).as_posix(), file.read_bytes())
    build_manifest(store, tmp_path / "m.parquet")
    found = read_manifest(tmp_path / "m.parquet")
    columns = ["key", "size_bytes", "channel", "start_time", "end_time", "npts"]
    assert found[columns].equals(manifest[columns])


@pytest.mark.parametrize(("protocol", "url"), [("memory", "memory://bucket/a"), (("s3", "s3a"), "s3://bucket/a")])
def test_the_address_begins_with_the_first_protocol(protocol, url):
    assert FsspecStore(SimpleNamespace(protocol=protocol), "bucket/a").url == url
