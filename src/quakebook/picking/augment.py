"""Make training windows harder, in batches on the device. Waveforms are (b, component, sample); nothing is in place.

Every function changes each window with its own probability and leaves the others bit for bit as they were. Random
numbers come from `generator`, which must live on the device of the waveforms.
"""

from __future__ import annotations

import torch
from torch import Tensor


def _draw(x: Tensor, generator: torch.Generator | None, *shape: int) -> Tensor:
    """Uniform numbers (b, *shape) beside the waveforms."""
    if x.ndim != 3:
        raise ValueError(f"waveforms must have shape (batch, component, sample); found {tuple(x.shape)}")
    return torch.rand(len(x), *shape, generator=generator, device=x.device, dtype=x.dtype)


def _between(uniform: Tensor, low: float, high: float) -> Tensor:
    return low + (high - low) * uniform


def noise(x: Tensor, generator: torch.Generator | None = None, probability: float = 0.5,
          level: tuple[float, float] = (0.01, 0.15)) -> Tensor:
    """Add white noise; its standard deviation is uniform within `level` times the largest amplitude of the window."""
    chosen = _draw(x, generator, 1, 1) < probability
    size = _between(_draw(x, generator, 1, 1), *level) * x.abs().amax(dim=(1, 2), keepdim=True)
    white = torch.randn(x.shape, generator=generator, device=x.device, dtype=x.dtype)
    return x.where(~chosen, x + size * white)


def channel_drop(x: Tensor, generator: torch.Generator | None = None, probability: float = 0.3) -> Tensor:
    """Set components to zero, each with one chance in two, but always leave one alive."""
    chosen = _draw(x, generator, 1) < probability
    dice = _draw(x, generator, x.shape[1])
    dead = chosen & (dice < 0.5) & (dice < dice.amax(dim=1, keepdim=True))
    return x.masked_fill(dead[:, :, None], 0.0)


def gap(x: Tensor, generator: torch.Generator | None = None, probability: float = 0.2,
        longest_share: float = 0.2) -> Tensor:
    """Set a stretch of all components to zero; its length is uniform up to `longest_share` of the window."""
    chosen = _draw(x, generator, 1) < probability
    length = _draw(x, generator, 1) * longest_share * x.shape[-1]
    begin = _draw(x, generator, 1) * (x.shape[-1] - length)
    sample = torch.arange(x.shape[-1], device=x.device)
    missing = chosen & (sample >= begin) & (sample < begin + length)
    return x.masked_fill(missing[:, None, :], 0.0)


def amplitude_scale(x: Tensor, generator: torch.Generator | None = None, probability: float = 1.0,
                    decades: float = 1.0) -> Tensor:
    """Multiply whole windows by 10^u, u uniform within plus or minus `decades`."""
    chosen = _draw(x, generator, 1, 1) < probability
    return x.where(~chosen, x * 10.0 ** _between(_draw(x, generator, 1, 1), -decades, decades))


def shift(x: Tensor, generator: torch.Generator | None = None, probability: float = 0.5,
          largest_samples: int = 500) -> tuple[Tensor, Tensor]:
    """Move windows in time, with zeros where nothing is known.

    Returns
    -------
    x : Tensor, shape (b, component, sample)
    delay : Tensor, shape (b, 1), int64
        Samples by which the window came later: add it to the picks.
    """
    chosen = _draw(x, generator, 1) < probability
    delay = (_draw(x, generator, 1) * (2 * largest_samples + 1)).long().clamp(max=2 * largest_samples)
    delay = (delay - largest_samples) * chosen
    return delayed(x, delay), delay


def delayed(x: Tensor, delay: Tensor) -> Tensor:
    """x(t - delay) of each window, zero where t - delay lies outside: (b, c, n), (b, 1) int64 -> (b, c, n)."""
    source = torch.arange(x.shape[-1], device=x.device) - delay  # (b, n)
    known = (source >= 0) & (source < x.shape[-1])
    source = source.clamp(0, x.shape[-1] - 1)[:, None, :].expand_as(x)
    return x.gather(2, source).masked_fill(~known[:, None, :], 0.0)


def superposition(x: Tensor, generator: torch.Generator | None = None, probability: float = 0.3,
                  ratio: tuple[float, float] = (0.1, 1.0)) -> tuple[Tensor, Tensor]:
    """Add another window of the batch, so that two events share one window.

    Returns
    -------
    x : Tensor, shape (b, component, sample)
        Window plus its partner, the partner scaled so that its largest amplitude is `ratio` times the window's.
    partner : Tensor, shape (b,), int64
        Row of the window that was added, -1 = none. Its picks belong to the window as well: see `partner_picks`.
    """
    chosen = _draw(x, generator) < probability
    step = (_draw(x, generator) * (len(x) - 1)).long().clamp(max=max(len(x) - 2, 0)) + 1
    partner = (torch.arange(len(x), device=x.device) + step) % max(len(x), 1)
    chosen &= partner != torch.arange(len(x), device=x.device)
    peak = x.abs().amax(dim=(1, 2))
    other = peak[partner]
    factor = _between(_draw(x, generator), *ratio) * peak / other.where(other > 0, torch.ones_like(other))
    mixed = x + factor[:, None, None] * x[partner]
    return x.where(~chosen[:, None, None], mixed), partner.where(chosen, -1)


def partner_picks(picks: Tensor, partner: Tensor) -> Tensor:
    """Picks of windows and of the partners added to them: (b, k), (b,) -> (b, 2 k), NaN = none."""
    added = picks[partner.clamp(min=0)].where((partner >= 0)[:, None], torch.nan)
    return torch.cat([picks, added], dim=1)
