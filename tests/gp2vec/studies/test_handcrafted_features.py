"""Frame and window statistics of waveforms that can be worked by hand."""

import math

import numpy as np
import pytest
import torch

from quakebook.gp2vec.studies.handcrafted_features import frame_features, window_features


def test_frame_energies_of_a_sine():
    """10 Hz, two periods a frame: energy 1/2 in the band 6 to 12 Hz of the first component, nothing elsewhere."""
    windows = torch.zeros(1, 3, 3000)
    windows[0, 0] = torch.sin(2 * torch.pi * 10 * torch.arange(3000) / 100)
    found = frame_features(windows)["handcrafted"][0]
    assert found.shape == (150, 48)
    expected = np.full(15, math.log(1e-6))
    expected[2] = math.log(0.5)
    for block in range(3):
        np.testing.assert_allclose(found[75, 15 * block : 15 * block + 15], expected, atol=1e-3)
    np.testing.assert_allclose(found[75, 45:], np.zeros(3), atol=1e-4)


def test_neighbours_are_four_tenths_of_a_second_away():
    found = frame_features(torch.randn(1, 3, 3000, generator=torch.Generator().manual_seed(0)))["handcrafted"][0]
    assert torch.equal(found[50, :15], found[48, 15:30]) and torch.equal(found[50, 30:45], found[52, 15:30])


def test_short_over_long_energy_of_one_loud_frame():
    """Energy 1 in one frame of 25: the ratio is 25 there, 1e-6 / 0.04 within 12 frames, and 1 beyond."""
    windows = torch.zeros(1, 3, 3000)
    windows[0, 1, 1500:1520] = 1
    ratio = frame_features(windows)["handcrafted"][0, :, 46]
    assert [float(ratio[k]) for k in (75, 87, 63, 88)] == pytest.approx(
        [math.log(25), math.log(1e-6 / 0.04), math.log(1e-6 / 0.04), 0], abs=1e-3)


def test_moments_of_four_samples():
    """0 0 0 4 over and over: mean 1, variance 3, skewness 6 / 3^1.5, kurtosis 21 / 9."""
    row = window_features(np.tile([0.0, 0, 0, 4], (1, 3, 1000)))[0, :24]
    assert row[10:13] == pytest.approx([math.log10(3) / 2, 21 / 9, 6 / 3**1.5])


def test_percentiles_of_a_ramp():
    """-50 to 50: percentiles are values; of the sizes 0 1 1 2 2 ... 50 50 three quarters lie at or below 38."""
    row = window_features(np.tile(np.arange(101.0), (1, 3, 40)))[0, :24]
    assert row[13:19] == pytest.approx([-49, -45, -25, 25, 45, 49])
    assert 10 ** row[19:23] == pytest.approx([38, 48, 50, 50]) and row[23] == 100


@pytest.mark.parametrize(("band", "hz"), list(enumerate((0.1, 0.3, 0.7, 1.5, 3, 5, 12, 20, 40))))
def test_each_band_sees_its_frequencies(band, hz):
    row = window_features(np.sin(2 * np.pi * hz * np.arange(10_000) / 100)[None, None].repeat(3, 1))[0, :9]
    assert int(row.argmax()) == band and np.sort(row)[-2] < row.max() - 10


@pytest.mark.parametrize(("below", "edge"), list(enumerate((0.2, 0.5, 1, 2, 4, 8, 16, 32))))
def test_a_band_begins_at_its_edge(below, edge):
    """100 s of a sine at the edge, and one hundredth of a hertz under it: the next band, and the one below."""
    for hz, band in ((edge, below + 1), (edge - 0.01, below)):
        row = window_features(np.sin(2 * np.pi * hz * np.arange(10_000) / 100)[None, None].repeat(3, 1))[0, :9]
        assert int(row.argmax()) == band


@pytest.mark.parametrize(("hz", "band"), [(0.05, 0), (0.04, None), (47.9, 8), (48.0, None)])
def test_the_outer_edges_of_the_bands(hz, band):
    row = window_features(np.sin(2 * np.pi * hz * np.arange(10_000) / 100)[None, None].repeat(3, 1))[0, :9]
    assert (int(row.argmax()) if row.max() > 0 else None) == band
