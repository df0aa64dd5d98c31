"""Folders of synthetic events: sizes, chunks and what is written block by block."""

import h5py
import pytest
import torch

from quakebook.data.calorimeter import writing
from quakebook.data.errors import DataError


@pytest.fixture
def asked(monkeypatch):
    """Events are numbers: of the split, the domain and the event."""
    out = []

    def make(domain, split, count, first=0, **more):
        out.append((domain, split, count, first))
        level = {"background": 100.0, "signal": 1000.0, "embed": 1.0}[domain]
        return level + torch.arange(first, first + count, dtype=torch.float32)[:, None, None].expand(-1, 24, 64)

    monkeypatch.setattr(writing, "make", make)
    return out


def test_blocks_follow_one_another(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "BLOCK_ROWS", 20)
    writing.write(tmp_path / "set", "tiny", counts={"train": 45, "val": 20, "test": 3})
    sizes = {(split, domain): [(count, first) for d, s, count, first in asked if (d, s) == (domain, split)]
             for split in ("train", "val", "test") for domain in ("background", "signal", "embed")}
    assert sizes["train", "embed"] == [(20, 0), (20, 20), (5, 40)] and sizes["val", "signal"] == [(20, 0)]
    assert sizes["val", "embed"] == sizes["test", "embed"] == []  # the sum of its parts
    with h5py.File(tmp_path / "set/train/embed.h5") as file:
        assert file["data"].shape == (45, 24, 64) and file["data"][:, 0, 0].tolist() == [1 + k for k in range(45)]
        assert file["data"].chunks == (16, 24, 64) and file["data"].fletcher32 and file["data"].compression == "gzip"
    with h5py.File(tmp_path / "set/test/embed.h5") as file:
        assert file["data"][:, 3, 5].tolist() == [1100, 1102, 1104] and file["data"].chunks == (3, 24, 64)


def test_sizes_of_a_preset(asked, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(writing, "_write_split", lambda folder, split, count, *more: seen.append((split, count)))
    monkeypatch.setattr(writing, "write_checksums", lambda *words, **facts: None)
    writing.write(tmp_path / "a", "small")
    writing.write(tmp_path / "b", "tiny", counts={"val": 7})
    assert seen == [("train", 20_000), ("val", 4000), ("test", 4000), ("train", 256), ("val", 7), ("test", 256)]
    with pytest.raises(DataError, match="unknown split dev; known: train, val, test"):
        writing.write(tmp_path / "c", "tiny", counts={"dev": 1})
    with pytest.raises(DataError, match="no preset 'huge'; known: tiny, small"):
        writing.write(tmp_path / "c", "huge")
