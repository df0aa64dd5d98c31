"""Data sets that stay on disk give the batches of those in memory."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch

from quakebook.data import DataError, load_records, store, synthetic
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

    def again(*args):
        yield pytest.fail("read again")

    monkeypatch.setattr("quakebook.data.loading._blocks", again)
    load_records(data, split="train", memory_bytes=1e5)


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
    assert not (tmp_path / "x" / "facts.json").exists() and not (tmp_path / "x" / "waveforms.f32").exists()
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
