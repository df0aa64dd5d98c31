"""Changes that leave the meaning of a window alone, drawn on the device for the whole batch."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .windows import bandpass

#: Chance of each change, given that a window is changed at all.
CHANCES = {"amplitude": 0.5, "noise": 0.4, "band": 0.3, "component": 0.2, "polarity": 0.1, "taper": 0.2}
#: Pass-bands in Hz of the random filter.
BANDS_HZ = ((0.1, 10.0), (1.0, 20.0), (2.0, 40.0), (0.5, 15.0))
#: Signal-to-noise ratio of the added noise in dB.
SNR_DB = (10.0, 40.0)
#: Longest taper as a share of the window.
TAPER = (0.01, 0.10)

Draw = Callable[..., Tensor]


def augment(windows: Tensor, probability: float, generator: torch.Generator | None = None,
            chances: dict[str, float] | None = None) -> Tensor:
    """Windows (B, C, N) of which a share `probability` is changed; shape and dtype stay.

    Shifts in time need no change here: windows are cut anew from longer records at every step.
    """
    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator, device=windows.device, dtype=windows.dtype)

    batch = len(windows)
    chosen = uniform(batch) < probability
    out = windows
    for name, chance in (CHANCES | (chances or {})).items():
        apply = (chosen & (uniform(batch) < chance))[:, None, None]
        out = torch.where(apply, _CHANGES[name](out, uniform), out)
    return out


def amplitude(windows: Tensor, uniform: Draw) -> Tensor:
    """All components times U[0.8, 1.2], each times U[0.95, 1.05]."""
    b, c, _ = windows.shape
    return windows * (0.8 + 0.4 * uniform(b, 1, 1)) * (0.95 + 0.1 * uniform(b, c, 1))


def noise(windows: Tensor, uniform: Draw) -> Tensor:
    """White noise 10 to 40 dB below the window's power (Box and Muller's transform of uniform numbers)."""
    b, c, n = windows.shape
    u, v = uniform(b, c, n).clamp_min(1e-12), uniform(b, c, n)
    white = (-2 * u.log()).sqrt() * torch.cos(2 * torch.pi * v)
    level = 10 ** (-(SNR_DB[0] + (SNR_DB[1] - SNR_DB[0]) * uniform(b, 1, 1)) / 20)
    return windows + white * level * windows.square().mean((1, 2), keepdim=True).sqrt()


def band(windows: Tensor, uniform: Draw) -> Tensor:
    """One of four pass-bands."""
    choice = (uniform(len(windows)) * len(BANDS_HZ)).long().clamp_max(len(BANDS_HZ) - 1)[:, None, None]
    out = windows
    for k, limits in enumerate(BANDS_HZ):
        out = torch.where(choice == k, bandpass(windows, *limits), out)
    return out


def component(windows: Tensor, uniform: Draw) -> Tensor:
    """One component set to zero; a window of one component is left alone."""
    b, c, _ = windows.shape
    if c == 1:
        return windows
    index = (uniform(b) * c).long().clamp_max(c - 1)
    kept = torch.arange(c, device=windows.device)[None] != index[:, None]
    return windows * kept[..., None]


def polarity(windows: Tensor, uniform: Draw) -> Tensor:
    """All components times -1."""
    return -windows


def taper(windows: Tensor, uniform: Draw) -> Tensor:
    """Cosine taper over 1 to 10 % of the window at both ends."""
    n = windows.shape[-1]
    share = TAPER[0] + (TAPER[1] - TAPER[0]) * uniform(len(windows), 1, 1)
    edge = torch.arange(n, device=windows.device, dtype=windows.dtype)
    nearest = torch.minimum(edge, n - 1 - edge) / (share * n)
    return windows * 0.5 * (1 - torch.cos(torch.pi * nearest.clamp_max(1)))


_CHANGES: dict[str, Callable[[Tensor, Draw], Tensor]] = {
    "amplitude": amplitude, "noise": noise, "band": band, "component": component, "polarity": polarity,
    "taper": taper}
