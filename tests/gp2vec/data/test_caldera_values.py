"""Windows and pieces of a sequence of four cycles of a minute each, by hand."""

import inspect

import numpy as np
import pytest
import torch

from quakebook.gp2vec.data import caldera
from quakebook.gp2vec.data.windows import bandpass


@pytest.fixture(scope="module")
def data():
    """240 s; cycle k covers the seconds 60 k to 60 k + 59."""
    seconds = np.arange(240.0)
    waves = np.random.default_rng(0).normal(size=(3, 24_000)).astype(np.float32) * 1e-6
    return caldera.Sequence(waves, seconds, seconds, seconds % 60, np.repeat(np.arange(4), 60), np.array([60.0]), 60.0)


def test_lengths_and_shares_were_chosen():
    """Windows of 30 s every 15 s, pieces of a minute at 100 Hz; 60, 15 and 25 % of the cycles; 40 cycles of 600 s."""
    assert (caldera.RATE_HZ, caldera.WINDOW_S, caldera.HOP_S, caldera.PIECE_S) == (100, 30, 15, 60)
    assert caldera.SHARES == (0.60, 0.15, 0.25)
    asked = inspect.signature(caldera.sequence).parameters
    assert {name: each.default for name, each in asked.items()} == {"cycles": 40, "cycle_s": 600.0, "seed": 0,
                                                                     "nuisance": 0.5}


def test_windows_by_hand(data):
    """They end at 30, 45, ..., 240 s. Of four cycles two train, one is for dev, one for test; rows 7 and 11, which end
    15 s into the third and fourth, reach back into another part."""
    found = caldera.windows(data)
    assert data.cycles == 4 and found.end_s.tolist() == list(range(30, 241, 15))
    assert found.cycle.tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    assert np.flatnonzero(found.spans_failure).tolist() == [3, 7, 11]
    assert {name: rows.tolist() for name, rows in found.parts.items()} == {
        "train": [0, 1, 2, 3, 4, 5, 6], "dev": [8, 9, 10], "test": [12, 13, 14]}


def test_windows_are_cut_in_micrometres_per_second(data):
    found = caldera.windows(data)
    waves = caldera.cut_windows(data, found)
    assert waves.shape == (15, 3, 3000)
    np.testing.assert_allclose(waves[2].numpy(), 1e6 * data.waveforms[:, 3000:6000], rtol=1e-5)
    np.testing.assert_allclose(waves[-1].numpy(), 1e6 * data.waveforms[:, 21_000:], rtol=1e-5)
    high = caldera.cut_windows(data, found, 0.0, 20.0)
    whole = bandpass(1e6 * torch.from_numpy(data.waveforms)[None], 0.0, 20.0)[0]
    torch.testing.assert_close(high[2], whole[:, 3000:6000], atol=1e-4, rtol=0)


@pytest.mark.parametrize(("part", "starts"), [("train", [0, 30, 60]), ("dev", [120]), ("test", [180])])
def test_pieces_begin_every_half_minute_inside_their_cycles(data, part, starts):
    whole = bandpass(1e6 * torch.from_numpy(data.waveforms)[None], 1.0, 45.0)[0]
    found = caldera.pieces(data, part, 1.0, 45.0)
    assert found.shape == (len(starts), 3, 6000)
    for piece, start in zip(found, starts, strict=True):
        torch.testing.assert_close(piece, whole[:, 100 * start : 100 * (start + 60)], atol=1e-4, rtol=0)


def test_filtering_in_blocks_is_filtering_the_whole():
    """130,000 samples are two blocks of ten minutes and a rest; away from the ends nothing shows where they join."""
    waves = torch.randn(3, 130_000, generator=torch.Generator().manual_seed(0))
    found, whole = caldera._filtered(waves, 1.0, 45.0), bandpass(waves[None], 1.0, 45.0)[0]
    assert found.shape == waves.shape
    assert float((found - whole)[:, 2000:-2000].abs().max()) < 2e-3
