"""Tremor with given uniform numbers: where it stands, how long it lasts, how strong it is."""

import math

import pytest
import torch

from quakebook.gp2vec.data import tremor
from quakebook.gp2vec.data.windows import bandpass

SAMPLES = 20_000


def noise(n=2):
    return torch.randn(n, 3, SAMPLES, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def laid(monkeypatch):
    """Noise with tremor over it, when each uniform number is the given one."""
    def add(u, modulation=None):
        monkeypatch.setattr(torch, "rand", lambda *shape, **more: torch.full(shape, float(u)))
        if modulation is not None:
            monkeypatch.setattr(tremor, "MODULATION", modulation)
        return tremor.add_tremor(noise(), torch.Generator().manual_seed(1))

    return add


def parts():
    """Carrier from 1.2 to 7 Hz and slow noise below 0.2 Hz, both of deviation 1, as the generator draws them."""
    g = torch.Generator().manual_seed(1)
    carrier = bandpass(torch.randn(2, 3, SAMPLES, generator=g), 1.2, 7.0)
    slow = bandpass(torch.randn(2, 1, SAMPLES, generator=g), 0.0, 0.2)
    return carrier / carrier.std(-1, keepdim=True), slow / slow.std(-1, keepdim=True)


@pytest.mark.parametrize(("u", "centre", "half"), [(0.0, 70.0, 12.5), (0.5, 100.0, 25.0), (1.0, 130.0, 37.5)])
def test_it_lasts_25_to_75_seconds_about_the_middle_third(laid, u, centre, half):
    """Centres from 35 to 65 % of 200 s."""
    touched = (laid(u) != noise()).any(1).nonzero()[:, 1] / 100
    assert float(touched.min()) == pytest.approx(centre - half, abs=0.6)
    assert float(touched.max()) == pytest.approx(centre + half, abs=0.6)


@pytest.mark.parametrize(("u", "centre", "half", "factor", "decibel"), [(0.0, 70.0, 12.5, 0.6, 0.0),
                                                                        (1.0, 130.0, 37.5, 1.4, 15.0)])
def test_its_level_is_told_against_the_noise_of_its_band(laid, u, centre, half, factor, decibel):
    """A raised cosine, times 0.6 to 1.4 for each component, 0 to 15 dB over the noise between 1.2 and 7 Hz."""
    carrier, _ = parts()
    time = torch.arange(SAMPLES) / 100
    envelope = torch.where((time - centre).abs() < half, 0.5 + 0.5 * torch.cos(math.pi * (time - centre) / half), 0.0)
    background = bandpass(noise(), 1.2, 7.0).std(-1, keepdim=True)
    want = carrier * envelope * factor * background * 10 ** (decibel / 20)
    torch.testing.assert_close(laid(u, 0.0) - noise(), want, atol=2e-4, rtol=1e-3)


def test_it_swells_by_a_slow_noise_of_four_tenths_in_the_logarithm(laid):
    plain, swelling = laid(0.5, 0.0) - noise(), laid(0.5, 0.4) - noise()
    _, slow = parts()
    inner = slice(9000, 11_000)
    torch.testing.assert_close(swelling[..., inner], (plain * torch.exp(0.4 * slow))[..., inner], atol=1e-3, rtol=1e-3)
    assert (tremor.MODULATION_HZ, tremor.BAND_HZ) == (0.2, (1.2, 7.0))


def test_the_chosen_modulation():
    assert tremor.MODULATION == 0.4 and tremor.LEVEL_DB == (0.0, 15.0) and tremor.LENGTH_S == (25.0, 75.0)
