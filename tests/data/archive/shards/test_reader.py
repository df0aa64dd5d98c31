"""Samples of local and remote shards, and every kind of damage."""

import json
import pickle
import shutil

import numpy as np
import pandas as pd
import pytest
from tests.data.archive.servers import objects, serving

from quakebook.data.archive import DamagedError, ShardCache, ShardSet, StoreError, open_store
from quakebook.data.archive.shards.publish import publish


def served(shards, prefix="/s"):
    """Contents for the HTTP server."""
    names = ["shards.json", "index.parquet", *(shard["name"] for shard in shards.about["shards"])]
    return {f"{prefix}/{name}": shards.store.read(name) for name in names}


def test_windows_are_those_of_the_maker(shards, days, maker):
    for day in days[:3]:
        result = maker(day)
        rows = np.flatnonzero((shards.table["station"] == day.station) & shards.table["start_ns"].isin(result.start_ns))
        for row, waveform in zip(rows, result.waveforms, strict=True):
            assert np.array_equal(shards.waveform(row), waveform)
            facts = shards.facts(row)
            assert facts["start_ns"] == shards.table["start_ns"][row] and facts["station"] == day.station


def test_it_travels_to_another_process(shards):
    shards.waveform(0)
    assert np.array_equal(pickle.loads(pickle.dumps(shards)).waveform(3), shards.waveform(3))


def test_a_flipped_byte_is_noticed(spoilable):
    shards = ShardSet(spoilable)
    name, first = shards._place["shard"][5], int(shards._place["waveform_offset"][5])
    content = bytearray((spoilable / name).read_bytes())
    content[first + 2000] ^= 1
    (spoilable / name).write_bytes(content)
    with pytest.raises(DamagedError, match=rf"{name}, sample .* is damaged: its checksum differs from the index"):
        shards.waveform(5)
    shards.waveform(6)
    assert len(shards.verify()) == 1 and name in shards.verify()[0]


def test_a_shard_that_is_cut_off_is_refused(spoilable):
    shards = ShardSet(spoilable)
    name = shards._place["shard"][0]
    (spoilable / name).write_bytes((spoilable / name).read_bytes()[:-2000])
    with pytest.raises(DamagedError, match=rf"{name}: \d+ bytes expected; found \d+"):
        shards.waveform(0)
    (spoilable / name).unlink()
    with pytest.raises(DamagedError, match="found no file"):
        ShardSet(spoilable).waveform(0)


@pytest.mark.parametrize(("name", "change", "words"), [
    ("index.parquet", lambda text: text[:-1] + bytes([text[-1] ^ 1]), r"index.parquet is damaged: its checksum"),
    ("shards.json", lambda text: text[: len(text) // 2], r"shards.json is damaged"),
    ("shards.json", lambda text: b"{}", r"shards.json lacks fingerprint"),
    ("shards.json", lambda text: text.replace(b'"train-', b'"../../train-'), r"is no sample|plain file name")])
def test_damaged_lists(spoilable, name, change, words):
    (spoilable / name).write_bytes(change((spoilable / name).read_bytes()))
    with pytest.raises(DamagedError, match=words):
        ShardSet(spoilable)


def test_an_index_that_points_elsewhere(spoilable):
    from quakebook.data.archive.files import digest

    index = pd.read_parquet(spoilable / "index.parquet")
    index["waveform_offset"] += 10**9
    index.to_parquet(spoilable / "index.parquet")
    about = json.loads((spoilable / "shards.json").read_text())
    about["index_sha256"] = digest((spoilable / "index.parquet").read_bytes())
    (spoilable / "shards.json").write_text(json.dumps(about))
    with pytest.raises(DamagedError, match="bytes expected at"):
        ShardSet(spoilable).waveform(0)


def test_no_shards_there(tmp_path):
    with pytest.raises(StoreError, match=r"shards.json"):
        ShardSet(tmp_path)


@pytest.mark.parametrize("cached", [True, False])
def test_over_http_with_faults(shards, tmp_path, cached):
    name = shards.about["shards"][0]["name"]
    faults = {f"/s/{name}": [503, ("cut", 1000)], "/s/index.parquet": ["kill"], "/s/shards.json": [500]}
    with serving(objects(served(shards), faults)) as address:
        remote = ShardSet(f"{address}/s", cache=ShardCache(tmp_path) if cached else None)
        for row in range(0, len(shards), 7):
            assert np.array_equal(remote.waveform(row), shards.waveform(row))
    assert len(list(tmp_path.glob("*.tar"))) == (len(set(shards.units[::7])) if cached else 0)


def test_a_wrong_body_never_enters_the_cache(shards, tmp_path):
    contents = served(shards)
    name = shards.about["shards"][0]["name"]
    spoiled = bytearray(contents[f"/s/{name}"])
    spoiled[5000] ^= 1
    contents[f"/s/{name}"] = bytes(spoiled)
    handler = objects(contents, {})
    with serving(handler) as address:
        remote = ShardSet(f"{address}/s", cache=ShardCache(tmp_path))
        row = int(np.flatnonzero(shards.units == 0)[0])
        with pytest.raises(DamagedError, match=rf"{name} is damaged: its SHA-256 differs from the description, twice"):
            remote.waveform(row)
        assert handler.asked.count(f"/s/{name}") == 2
    assert list(tmp_path.glob("*.tar")) == []


def test_the_cache_stays_small_and_keeps_what_was_used_last(shards, tmp_path):
    sizes = [shard["bytes"] for shard in shards.about["shards"]]
    with serving(objects(served(shards), {})) as address:
        cache = ShardCache(tmp_path, max_bytes=max(sizes) * 1.5)
        remote = ShardSet(f"{address}/s", cache=cache)
        for row in range(len(shards)):
            remote.waveform(row)
            assert sum(file.stat().st_size for file in tmp_path.glob("*.tar")) <= cache.max_bytes


def test_on_s3(shards, signed, private):
    store = signed(f"{private}/shards")
    count = publish(shards, store)
    assert count == len(shards.about["shards"]) + 2
    assert publish(shards, store) == 2  # shards that are there are not sent again
    remote = ShardSet(store)
    assert remote.fingerprint == shards.fingerprint
    assert np.array_equal(remote.waveform(4), shards.waveform(4))


def test_half_precision_comes_back_scaled(days, maker, tmp_path, shards):
    from quakebook.data.archive import Sharding, build_shards

    half = build_shards(days, maker, tmp_path, Sharding(dtype="float16", shard_size=30))
    assert half.table["start_ns"].equals(shards.table["start_ns"])
    for row in range(0, len(shards), 10):
        full = shards.waveform(row)
        assert half.waveform(row).dtype == np.float32
        np.testing.assert_allclose(half.waveform(row), full, atol=4e-3 * full.std())


def test_a_copy_is_equal(shards, tmp_path):
    shutil.copytree(shards.store.url, tmp_path / "copy")
    assert ShardSet(tmp_path / "copy").fingerprint == shards.fingerprint
    assert open_store(tmp_path).url == str(tmp_path)
