"""Each change of a window with the random numbers given: gains, noise, bands, components, tapers."""

import math

import numpy as np
import pytest
import torch

from quakebook.gp2vec.data import augment
from quakebook.gp2vec.data.windows import bandpass


def drawn(value):
    return lambda *shape: torch.full(shape, float(value))


def windows(n=1, samples=1000):
    return torch.randn(n, 3, samples, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("u", "gain"), [(0.0, 0.8 * 0.95), (0.5, 1.0), (1.0, 1.2 * 1.05)])
def test_amplitudes_from_eight_tenths_to_twelve_tenths(u, gain):
    x = windows()
    assert torch.allclose(augment.amplitude(x, drawn(u)), gain * x)


@pytest.mark.parametrize(("u", "share"), [(0.0, 0.01), (0.5, 0.055), (1.0, 0.10)])
def test_tapers_of_one_to_ten_percent(u, share):
    """1000 samples: cosine up over 10, 55 or 100 samples, the same down, whole between."""
    found = augment.taper(torch.ones(1, 1, 1000), drawn(u))[0, 0]
    edge = round(share * 1000)
    assert found[0] == 0 and torch.allclose(found, found.flip(0), atol=1e-6)
    assert float(found[edge]) == pytest.approx(1, abs=1e-5) and float(found[edge - 1]) < 1
    assert found.tolist()[1] == pytest.approx(0.5 * (1 - math.cos(math.pi / (share * 1000))), abs=1e-5)
    assert float(found[edge:1000 - edge].min()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("u", "decibel"), [(0.25, 17.5), (0.75, 32.5)])
def test_noise_between_ten_and_forty_decibels_below(u, decibel):
    """With both uniform numbers u the white noise is sqrt(-2 ln u) cos(2 pi u) everywhere."""
    x = windows()
    added = augment.noise(x, drawn(u)) - x
    white = math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * u)
    level = 10 ** (-decibel / 20) * float(x.square().mean().sqrt())
    assert torch.allclose(added, torch.full_like(added, white * level), atol=1e-5)


@pytest.mark.parametrize(("u", "k"), [(0.0, 0), (0.26, 1), (0.51, 2), (0.76, 3), (1.0, 3)])
def test_one_of_four_bands(u, k):
    x = windows()
    assert torch.equal(augment.band(x, drawn(u)), bandpass(x, *augment.BANDS_HZ[k]))


@pytest.mark.parametrize(("u", "k"), [(0.0, 0), (0.34, 1), (0.67, 2), (1.0, 2)])
def test_one_component_is_silenced(u, k):
    x = windows()
    found = augment.component(x, drawn(u))[0]
    assert [bool((row == 0).all()) for row in found] == [each == k for each in range(3)]
    one = torch.ones(1, 1, 5)
    assert torch.equal(augment.component(one, drawn(u)), one)


def test_shares_of_windows_that_are_changed():
    """Half of the windows are touched, and of these all by a change of chance 1."""
    only = {name: float(name == "polarity") for name in augment.CHANCES}
    x = torch.ones(4000, 1, 2)
    found = augment.augment(x, 0.5, torch.Generator().manual_seed(0), only)
    assert np.mean(found[:, 0, 0].numpy() == -1) == pytest.approx(0.5, abs=0.03)
    assert torch.equal(augment.augment(x, 0.0, torch.Generator().manual_seed(0), only), x)
