"""Data sets that stay on disk give the batches of those in memory."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch

from quakebook import cli
from quakebook.commands import doctor
from quakebook.data import DataError, load_records, loading, store, synthetic
from quakebook.data.archive import bigsets
from quakebook.data.archive.bigsets import PagedWaveforms, stored
from quakebook.picking import windows


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return store.write(synthetic.make("picker", 90, seed=1), tmp_path_factory.mktemp("big") / "set")


@pytest.fixture
def both(data, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    return load_records(data, split="train"), load_records(data, split="train", memory_bytes=1e5)


def test_same_records_same_identity(both):
    memory, disk = both
    assert isinstance(disk.waveforms, PagedWaveforms) and isinstance(memory.waveforms, torch.Tensor)
    assert disk.fingerprint == memory.fingerprint and disk.waveforms.shape == memory.waveforms.shape
    assert disk.metadata.equals(memory.metadata)
    assert torch.equal(disk.waveforms.tensor(), memory.waveforms)


def test_same_windows_for_the_same_seed(both):
    memory, disk = both
    batches = []
    for records in both:
        generator = torch.Generator().manual_seed(7)
        record = torch.randint(len(records), (40,), generator=generator)
        start = windows.draw_training(records.picks("P"), records.picks("S"), 6000, record, generator)
        batches.append(windows.cut(records.waveforms, record, start))
    assert torch.equal(*batches)
    outside = torch.tensor([-500, 5800, 6100, -4000])
    assert torch.equal(*(windows.cut(records.waveforms, torch.arange(4), outside) for records in both))


def test_subsets_are_views_in_the_same_order(both):
    memory, disk = both
    for index in (slice(3, 9), [5, 1, 1], np.arange(len(memory)) % 3 == 0, torch.tensor([4, 2])):
        part = disk.subset(index)
        assert isinstance(part.waveforms, PagedWaveforms)
        assert torch.equal(part.waveforms.tensor(), memory.subset(index).waveforms)
        assert part.fingerprint == memory.subset(index).fingerprint
    assert torch.equal(disk.waveforms[3], memory.waveforms[3])
    assert torch.equal(disk.waveforms[3, 1, 5:9], memory.waveforms[3, 1, 5:9])
    assert torch.equal(disk.waveforms[2:4, 1], memory.waveforms[2:4, 1])
    assert torch.equal(disk.to("cpu").waveforms.cpu(), memory.waveforms) and disk.waveforms.float() is disk.waveforms


def test_the_copy_is_made_once(data, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    load_records(data, split="train", memory_bytes=1e5)
    monkeypatch.setattr(loading, "_blocks", refuse)
    load_records(data, split="train", memory_bytes=1e5)


@pytest.fixture
def copied(data, tmp_path, monkeypatch):
    """The copy of a set that fits into memory, and the set as it is read without one."""
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    plain = load_records(data, split="train")
    assert bigsets.copies() == []  # a set of a few megabytes
    monkeypatch.setattr(loading, "COPIED_BYTES", 0)
    first = load_records(data, split="train")
    assert torch.equal(first.waveforms, plain.waveforms) and first.fingerprint == plain.fingerprint
    (place, _, _), = bigsets.copies()
    return place, plain


def refuse(*args):
    yield pytest.fail("read again")


def test_a_set_that_fits_into_memory_comes_from_the_same_file(copied, data, monkeypatch):
    place, plain = copied
    monkeypatch.setattr(loading, "_blocks", refuse)
    again, paged = load_records(data, split="train"), load_records(data, split="train", memory_bytes=1e5)
    assert isinstance(again.waveforms, torch.Tensor) and torch.equal(again.waveforms, plain.waveforms)
    again.waveforms[0] = 0  # in memory, not in the file
    assert paged.waveforms.path == place / "waveforms.f32"
    assert torch.equal(paged.waveforms.tensor(), plain.waveforms)


def test_a_damaged_copy_is_refused_by_name(copied, data):
    place, _ = copied
    content = bytearray((place / "waveforms.f32").read_bytes())
    content[100] ^= 1
    (place / "waveforms.f32").write_bytes(content)
    with pytest.raises(DataError, match=rf"{place}/waveforms.f32 is damaged: its checksum differs.*remove {place} to"):
        load_records(data, split="train")


def test_a_full_disk(data, tmp_path, monkeypatch):
    """What fits into memory is read without a copy; what does not is refused before anything is read."""
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(loading, "COPIED_BYTES", 0)
    monkeypatch.setattr(bigsets, "_free_bytes", lambda folder: 1.0e9)
    assert isinstance(load_records(data, split="train").waveforms, torch.Tensor) and bigsets.copies() == []
    monkeypatch.setattr(loading, "_blocks", refuse)
    with pytest.raises(DataError, match=r"cache/records needs 1\.0 GB for a copy.*; 1\.0 GB are free\. Free the disk"):
        load_records(data, split="train", memory_bytes=1e5)
    assert not (tmp_path / "cache/records").exists()
    monkeypatch.setattr(bigsets, "usable", lambda folder: False)
    with pytest.raises(DataError, match=r"cache/records cannot be written to; let \$QUAKEBOOK_CACHE name another"):
        load_records(data, split="train", memory_bytes=1e5)


def test_copies_are_listed_and_removed(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    old, new = (stored(name, iter([np.ones((2, 3, 50), np.float32)])) for name in ("old", "new"))
    os.utime(old.path.with_name("facts.json"), (0, 0))
    assert [(place, used == 0) for place, _, used in bigsets.copies()] == [(old.path.parent, True),
                                                                         (new.path.parent, False)]
    assert all(size > 1200 for _, size, _ in bigsets.copies())
    assert "2 copies of data sets for fast reading, 0.0 GB" in dict(doctor._copies())["note"]
    assert cli.main(["data", "clean", "--unused-days", "30"]) == 0 and "1 copies of" in capsys.readouterr().out
    assert not old.path.exists() and old.tensor().sum() == 300 and new.path.exists()  # who reads goes on reading
    stored("old", iter([np.zeros((1, 3, 50), np.float32)]))
    assert cli.main(["data", "clean"]) == 0 and bigsets.copies() == []
    assert cli.main(["data", "clean", "--unused-days", "-1"]) == 2
    assert "--unused-days must be" in capsys.readouterr().err


def test_the_limit_comes_from_the_environment(data, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    assert isinstance(load_records(data).waveforms, torch.Tensor)
    monkeypatch.setenv("QUAKEBOOK_RECORDS_BYTES", "100000")
    assert isinstance(load_records(data).waveforms, PagedWaveforms)


def test_blocks_of_different_lengths(tmp_path):
    blocks = [np.random.default_rng(k).normal(size=(k + 1, 3, 50 * (3 - k))).astype(np.float32) for k in range(3)]
    paged = stored("x", iter(blocks), tmp_path)
    assert paged.shape == (6, 3, 150)
    padded = [np.pad(block, ((0, 0), (0, 0), (0, 150 - block.shape[2]))) for block in blocks]
    assert np.array_equal(paged.tensor().numpy(), np.concatenate(padded))
    assert np.array_equal(pickle.loads(pickle.dumps(paged)).tensor(), paged.tensor())
    assert paged.verify()
    content = bytearray(paged.path.read_bytes())
    content[100] ^= 1
    paged.path.write_bytes(content)
    assert not stored("x", iter([]), tmp_path).verify()
    paged.path.write_bytes(content[:-4])
    with pytest.raises(DataError, match=r"must hold 6000 bytes; found 5996\. Remove"):
        stored("x", iter([]), tmp_path)


def test_a_failure_leaves_nothing_to_be_taken_for_whole(tmp_path):
    def broken():
        yield np.zeros((2, 3, 10), np.float32)
        raise DataError("trace 7 holds values that are not finite")

    with pytest.raises(DataError, match="trace 7"):
        stored("x", broken(), tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.name in ("facts.json", "waveforms.f32")]
    assert stored("x", iter([np.ones((2, 3, 10), np.float32)]), tmp_path).tensor().sum() == 60


def test_a_file_that_shrinks_under_a_training_is_noticed(tmp_path):
    paged = stored("x", iter([np.ones((4, 3, 100), np.float32)]), tmp_path)
    os.truncate(paged.path, 4000)
    paged.cut([0], [0], 100)
    with pytest.raises(DataError, match="ends before sample 1100"):
        paged.cut([3], [0], 100)


def test_memory_is_that_of_the_batch(tmp_path):
    """Cuts windows from all of a file of 96 MB."""
    rng = np.random.default_rng(0)
    stored("x", (rng.normal(size=(100, 3, 8000)).astype(np.float32) for _ in range(10)), tmp_path)
    program = """
import sys, torch
from quakebook.data.archive.bigsets import stored
torch.set_num_threads(1)
paged = stored("x", iter([]), sys.argv[1])
paged.cut(range(10), [0] * 10, 3000)
peak = lambda: int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
before = peak()
for first in range(0, 1000, 10):
    paged.cut(torch.arange(first, first + 10), torch.full((10,), first), 3000)
print(peak() - before)
"""
    out = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert int(out.stdout) < 8_000  # kB
