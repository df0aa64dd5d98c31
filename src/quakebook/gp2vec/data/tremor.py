"""Tremor laid over noise records: band-limited noise with a slow modulation, from weak to well above the noise."""

from __future__ import annotations

import torch
from torch import Tensor

from .windows import bandpass

BAND_HZ = (1.2, 7.0)
#: Decibels over the noise of the record in that band, and length of the raised-cosine envelope.
LEVEL_DB, LENGTH_S = (0.0, 15.0), (25.0, 75.0)
#: Standard deviation of the logarithm of the modulation, a noise below this frequency.
MODULATION, MODULATION_HZ = 0.4, 0.2


def add_tremor(noise: Tensor, generator: torch.Generator, rate_hz: float = 100.0) -> Tensor:
    """Noise records (n, 3, samples) with tremor through their middle.

    The three components share the envelope and differ by random factors.
    """
    n, components, samples = noise.shape
    device = noise.device

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, 1, 1, generator=generator, device=device)

    white = torch.randn(noise.shape, generator=generator, device=device)
    carrier = bandpass(white, *BAND_HZ, rate_hz)
    slow = bandpass(torch.randn(n, 1, samples, generator=generator, device=device), 0.0, MODULATION_HZ, rate_hz)
    slow = slow / slow.std(-1, keepdim=True)
    time = torch.arange(samples, device=device) / rate_hz
    half, centre = uniform(*LENGTH_S) / 2, uniform(0.35, 0.65) * samples / rate_hz
    envelope = 0.5 * (1 + torch.cos(torch.pi * ((time - centre) / half).clamp(-1, 1)))
    tremor = carrier * envelope * torch.exp(MODULATION * slow) / carrier.std(-1, keepdim=True)
    background = bandpass(noise, *BAND_HZ, rate_hz).std(-1, keepdim=True)
    factors = 0.6 + 0.8 * torch.rand(n, components, 1, generator=generator, device=device)
    return noise + tremor * factors * background * 10 ** (uniform(*LEVEL_DB) / 20)
