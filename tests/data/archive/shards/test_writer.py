"""What is written lies where the index says, and follows content."""

import hashlib
import tarfile

import numpy as np
import pytest

from quakebook.data.archive.shards.members import array, facts, index_tar
from quakebook.data.archive.shards.writer import ShardWriter, key_of


def samples(n=5, seed=0):
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(3, 200)).astype(np.float32), {
        "network": "CI", "station": f"GPA{k:02d}", "location": "", "channel": "HH", "start_ns": 10**18 + k,
        "gain": float("nan") if k == 1 else 2.5}) for k in range(n)]


def write(folder, contents, **options):
    writer = ShardWriter(folder, "train", **options)
    for waveform, table in contents:
        writer.add(waveform, table)
    return writer.close()


def test_offsets_are_those_of_the_tar_module(tmp_path):
    about, table = write(tmp_path, samples())
    found = index_tar(tmp_path / about["name"])
    columns = ["key", "waveform_offset", "waveform_bytes", "facts_offset", "facts_bytes"]
    assert found[columns].equals(table[columns])
    content = (tmp_path / about["name"]).read_bytes()
    for (waveform, given), row in zip(samples(), table.itertuples(), strict=True):
        part = content[row.waveform_offset : row.waveform_offset + row.waveform_bytes]
        assert np.array_equal(array(part, "x", row.waveform_crc32), waveform)
        read = facts(content[row.facts_offset : row.facts_offset + row.facts_bytes], "x")
        assert read["station"] == given["station"]
        assert read["gain"] == (None if np.isnan(given["gain"]) else 2.5)


def test_names_follow_content(tmp_path):
    first, _ = write(tmp_path / "a", samples())
    again, _ = write(tmp_path / "b", samples())
    other, _ = write(tmp_path / "c", samples(seed=1))
    assert first == again and first["name"] != other["name"]
    content = (tmp_path / "a" / first["name"]).read_bytes()
    assert first["sha256"] == hashlib.sha256(content).hexdigest() and first["name"][6:22] == first["sha256"][:16]
    assert first["bytes"] == len(content) and first["samples"] == 5


def test_others_read_it(tmp_path):
    about, _ = write(tmp_path, samples())
    with tarfile.open(tmp_path / about["name"]) as archive:
        names = archive.getnames()
    assert names[0] == "CI_GPA00_--_HH_1000000000000000000.waveform.npy"
    assert all(name.partition(".")[2] in ("waveform.npy", "meta.json") for name in names)


def test_half_precision_keeps_three_digits_of_tiny_and_huge_windows(tmp_path):
    contents = [(waveform * scale, table) for (waveform, table), scale in zip(samples(), (1e-9, 1, 1e9, 1e-30, 0),
                                                                             strict=True)]
    about, table = write(tmp_path, contents, dtype="float16")
    full, _ = write(tmp_path / "full", contents)
    assert about["bytes"] < 0.75 * full["bytes"]
    content = (tmp_path / about["name"]).read_bytes()
    for (waveform, _), row in zip(contents, table.itertuples(), strict=True):
        part = content[row.waveform_offset : row.waveform_offset + row.waveform_bytes]
        found = array(part, "x").astype(np.float32) * np.float32(row.scale)
        np.testing.assert_allclose(found, waveform, atol=2e-3 * max(waveform.std(dtype=np.float64), 1e-38))


def test_an_unfinished_file_leaves_nothing(tmp_path):
    writer = ShardWriter(tmp_path, "train")
    writer.add(*samples(1)[0])
    assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
    writer.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("location", ["", "10"])
def test_keys_hold_no_dots(location):
    assert "." not in key_of(samples(1)[0][1] | {"location": location})
