"""What is read when: tables before waveforms, one tensor, a drawn part, and an identity without reading."""

import shutil

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data import DataError, fingerprint_of, load_records, loading, selection


@pytest.fixture
def unread(monkeypatch):
    """Reading any waveform fails."""
    def refuse(*args, **kwargs):
        raise AssertionError("waveforms were read")

    monkeypatch.setattr("seisbench.data.WaveformDataset.get_waveforms", refuse)


def names(folder, limit, seed, split="train"):
    return load_records(folder, split, limit=limit, seed=seed).metadata["trace_name"].tolist()


def test_a_part_is_drawn_by_seed_not_from_the_top(tiny_folder):
    table = pd.read_csv(tiny_folder / "metadata.csv")
    whole = table[table["split"] == "train"]["trace_name"].tolist()
    part = names(tiny_folder, 40, 0)
    assert part == names(tiny_folder, 40, 0) != names(tiny_folder, 40, 1)
    assert len(set(part)) == 40 and set(part) < set(whole) and part != whole[:40]
    assert part == sorted(part, key=whole.index)  # in the order of the file
    assert set(names(tiny_folder, 10, 0)) < set(part)  # fewer records are among more of the same seed
    assert names(tiny_folder, 10_000, 3) == whole


def test_every_record_is_drawn_equally_often():
    counts = np.zeros(20)
    for seed in range(600):
        counts[selection.drawn(np.arange(20), 5, seed)] += 1
    assert counts.sum() == 3000 and abs(counts - 150).max() < 5 * np.sqrt(600 * 0.25 * 0.75)  # binomial, 5 sigma
    with pytest.raises(DataError, match="must not be negative; found -1"):
        selection.drawn(np.arange(3), -1, 0)


def test_the_identity_is_that_of_the_loaded_records(tiny_folder):
    for choice in ({}, {"split": "dev"}, {"split": "train", "limit": 5}, {"split": "train", "limit": 5, "seed": 1}):
        assert fingerprint_of(tiny_folder, **choice) == load_records(tiny_folder, **choice).fingerprint
    assert len({fingerprint_of(tiny_folder, "train", 5, seed=seed) for seed in range(3)}) == 3
    assert fingerprint_of(tiny_folder, seed=1) == fingerprint_of(tiny_folder)  # nothing is drawn
    assert fingerprint_of("synthetic:tiny:6:1") == load_records("synthetic:tiny:6:1").fingerprint


def test_the_identity_needs_no_waveform(tiny_folder, unread):
    assert fingerprint_of(tiny_folder, "train", 5)
    with pytest.raises(DataError, match="waveforms were read"):
        load_records(tiny_folder, "train", 5)


def test_tables_are_checked_before_waveforms(tiny_folder, tmp_path, unread):
    folder = shutil.copytree(tiny_folder, tmp_path / "copy")
    (folder / "checksums.json").unlink()
    table = pd.read_csv(folder / "metadata.csv")
    column = next(name for name in table if name.endswith("_arrival_sample"))
    table.assign(**{column: "soon"}).to_csv(folder / "metadata.csv", index=False)
    with pytest.raises(DataError, match=f"column {column} must hold sample numbers; found 'soon' in row 0"):
        load_records(folder)


@pytest.mark.parametrize("width", [0, 3, 5, 9])
def test_blocks_are_joined_whatever_length_was_expected(width):
    blocks = [np.full((2, 3, 4), 1.0, np.float32), np.full((1, 3, 5), 2.0, np.float32)]
    whole = loading._joined(iter(blocks), 3, width)
    assert whole.shape == (3, 3, 5) and whole.is_contiguous() and whole.dtype == torch.float32
    assert whole[0, 0].tolist() == [1, 1, 1, 1, 0] and whole[2, 1].tolist() == [2] * 5


def test_a_finished_run_is_found_before_data_are_read(tiny_folder, tmp_path, monkeypatch):
    from quakebook import bluedisc

    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    config = bluedisc.config(f"data.name={tiny_folder}", "training.steps=1", "training.progress=false", preset="smoke")
    run = bluedisc.train(config)
    monkeypatch.setattr("seisbench.data.WaveformDataset.get_waveforms", lambda *a, **k: pytest.fail("read"))
    assert bluedisc.train(config).id == run.id


@pytest.mark.parametrize(("zeros", "mean"), [(100, 1.0), (99, 201 / 300)])
def test_a_hundred_zeros_in_a_row_are_filling(zeros, mean):
    """Ones, then zeros in all components: filling is no part of the mean and stays zero."""
    values = np.ones((1, 3, 300), np.float32)
    values[:, :, 300 - zeros:] = 0
    out = loading._without_mean(values, pd.DataFrame(index=[0]), np.inf)
    assert out[0, :, 0] == pytest.approx([1 - mean] * 3)
    assert out[0, :, -1] == pytest.approx([0.0 if zeros == 100 else -mean] * 3)


@pytest.mark.parametrize(("npts", "samples"), [([100, 300], 300), ([np.nan, 7], 7), ([np.inf, 7], 7), ([0], 0),
                                               ([1], 1), ([1e9], 0), ([1e9 - 1], 10**9 - 1), ([], 0)])
def test_expected_samples(npts, samples):
    assert loading._expected_samples(pd.DataFrame({"trace_npts": npts})) == samples


def test_bytes_in_memory(monkeypatch):
    """Three components of four bytes; two fifths of the memory unless asked otherwise."""
    import psutil

    assert loading._expected_bytes(None, pd.DataFrame({"trace_npts": [100, 300]})) == 2 * 300 * 12
    monkeypatch.delenv("QUAKEBOOK_RECORDS_BYTES", raising=False)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("Memory", (), {"total": 1e9}))
    assert loading._memory_bytes() == pytest.approx(4e8)
    monkeypatch.setenv("QUAKEBOOK_RECORDS_BYTES", "5e6")
    assert loading._memory_bytes() == 5e6
    assert loading.COPIED_BYTES == 32e6  # chosen: smaller sets are read within seconds
