"""Waveforms that stay in their file: numbers that say where they stand."""

import pickle

import numpy as np
import pytest
import torch

from quakebook.data.archive import DamagedError, paged
from quakebook.data.archive.files import write_json
from quakebook.data.archive.paged import PagedWaveforms


@pytest.fixture
def make(tmp_path):
    def made(*lengths):
        """Records one after another, each number telling its place: record, component, sample."""
        parts = [100.0 * row + 10 * np.arange(3)[:, None] + 0.01 * np.arange(n) for row, n in enumerate(lengths)]
        path = tmp_path / "w.f32"
        path.write_bytes(b"".join(part.astype(np.float32).tobytes() for part in parts))
        return PagedWaveforms(path, np.array(lengths, np.int64)), [part.astype(np.float32) for part in parts]

    return made


def test_records_of_different_length_are_filled_with_zeros(make):
    waves, parts = make(5, 8, 1)
    assert waves.shape == (3, 3, 8) and len(waves) == 3 and (waves.ndim, waves.dtype) == (3, torch.float32)
    whole = waves.tensor().numpy()
    for row, part in enumerate(parts):
        assert np.array_equal(whole[row, :, : part.shape[1]], part) and (whole[row, :, part.shape[1] :] == 0).all()


def test_records_of_one_length_are_read_in_one_piece(make, monkeypatch):
    waves, parts = make(6, 6, 6, 6)
    asked = []
    read = PagedWaveforms._read
    monkeypatch.setattr(PagedWaveforms, "_read", lambda self, out, first: asked.append(first) or read(self, out, first))
    assert np.array_equal(waves[1:4].tensor(), np.stack(parts[1:])) and asked == [18]
    assert np.array_equal(waves[[2, 0]].tensor(), np.stack([parts[2], parts[0]])) and len(asked) == 1 + 6


@pytest.mark.parametrize(("start", "length"), [(0, 3), (2, 4), (-2, 5), (4, 9), (-9, 30), (-4, 4), (8, 2), (7, 1)])
def test_windows_reach_over_both_ends(make, start, length):
    waves, parts = make(5, 8)
    found = waves.cut([1, 0], torch.tensor([start, start]), length).numpy()
    for window, part in zip(found, parts[::-1], strict=True):
        for k in range(length):
            expected = part[:, start + k] if 0 <= start + k < part.shape[1] else 0
            assert np.array_equal(window[:, k], np.broadcast_to(expected, 3))


def test_numbers_slices_masks_and_tuples(make):
    waves, parts = make(4, 4, 4)
    assert np.array_equal(waves[2], parts[2]) and np.array_equal(waves[np.int64(1)], parts[1])
    assert np.array_equal(waves[torch.tensor([True, False, True])].tensor(), np.stack([parts[0], parts[2]]))
    assert np.array_equal(waves[1, 2, 1:3], parts[1][2, 1:3]) and np.array_equal(waves[1:, 0], np.stack(parts)[1:, 0])
    assert len(waves[:0]) == 0 and waves[:0].tensor().shape == (0, 3, 4)
    assert waves.to("cpu").device == torch.device("cpu") and waves.float() is waves
    assert np.array_equal(pickle.loads(pickle.dumps(waves[1:]))[0], parts[1])


def test_nothing_at_all(tmp_path):
    (tmp_path / "w.f32").touch()
    waves = PagedWaveforms(tmp_path / "w.f32", np.zeros(0, np.int64))
    assert waves.shape == (0, 3, 0) and waves.tensor().shape == (0, 3, 0)


def test_a_short_file_and_a_changed_one_are_refused(make):
    waves, parts = make(4, 4)
    write_json(waves.path.with_name(paged.FACTS), {"sha256": paged.sha256(waves.path)})
    assert waves.verify() and np.array_equal(waves.whole(), np.stack(parts))
    content = waves.path.read_bytes()
    waves.path.write_bytes(content[:-4])
    with pytest.raises(DamagedError, match="ends before sample 24; remove"):
        waves.tensor()
    assert np.array_equal(waves[0], parts[0])
    waves.path.write_bytes(content[:-1] + b"x")
    assert not waves.verify()
    with pytest.raises(DamagedError, match=r"w.f32 is damaged: its checksum differs from facts.json"):
        waves.whole()
