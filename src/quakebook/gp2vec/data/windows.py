"""From records to training windows: band-pass, random or fixed cuts, one scale per window."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from quakebook.picking.windows import raw as cut  # windows lie inside their records here
from quakebook.training.batches import shuffled

#: Smallest standard deviation by which a window is divided.
FLOOR = 1e-10
#: Corners of the band-pass, as in a Butterworth filter of this order run forwards and backwards.
ORDER = 4
#: Seconds after the window start between which P lies in windows that are cut round an event.
P_FROM_S, P_TO_S = 2.0, 25.0
#: Records that are filtered at once.
BLOCK = 256


def standardise(waveforms: Tensor) -> Tensor:
    """Each component without mean; the window divided by one standard deviation over its components.

    Ratios between components are kept, absolute amplitude is not. A window of zeros stays zero.
    """
    if waveforms.ndim != 3:
        raise ValueError(f"`waveforms` must have shape (batch, components, samples); found {tuple(waveforms.shape)}")
    x = waveforms - waveforms.mean(-1, keepdim=True)
    return x / x.square().mean((1, 2), keepdim=True).sqrt().clamp_min(FLOOR)


def log_rms(waveforms: Tensor) -> Tensor:
    """log10 of the standard deviation of each component (B, 3): the amplitude that `standardise` removes."""
    return waveforms.float().std(-1).clamp_min(FLOOR).log10()


def bandpass(waveforms: Tensor, low_hz: float, high_hz: float, rate_hz: float = 100.0) -> Tensor:
    """Zero-phase band-pass of the last axis, by the squared gain of a Butterworth filter of order 4.

    Both ends are extended by their odd reflection for 4 / low_hz seconds. `low_hz` 0: no high-pass; `high_hz` 0 or
    more than 0.45 of the rate: no low-pass.
    """
    samples = waveforms.shape[-1]
    pad = min(samples - 1, int(4 * rate_hz / low_hz) if low_hz else int(rate_hz))
    x = waveforms - waveforms.mean(-1, keepdim=True)
    left = 2 * x[..., :1] - x[..., 1 : pad + 1].flip(-1)
    right = 2 * x[..., -1:] - x[..., -pad - 1 : -1].flip(-1)
    x = torch.cat([left, x, right], -1)
    length = 1 << (x.shape[-1] - 1).bit_length()
    frequency = torch.fft.rfftfreq(length, 1 / rate_hz, device=x.device)
    gain = torch.ones_like(frequency)
    if low_hz:
        gain = gain / (1 + (low_hz / frequency.clamp_min(1e-9)) ** (2 * ORDER))
    if high_hz and high_hz <= 0.45 * rate_hz + 1e-9:
        gain = gain / (1 + (frequency / high_hz) ** (2 * ORDER))
    out = torch.fft.irfft(torch.fft.rfft(x, n=length) * gain, n=length)
    return out[..., pad : pad + samples]


@dataclass(frozen=True)
class Pool:
    """Filtered records on one device, with what a probe asks about them.

    Attributes
    ----------
    waveforms : Tensor, shape (n, 3, samples)
    kind : Tensor, shape (n,), int64
        0 noise, 1 tremor, 2 event.
    p, s : Tensor, shape (n,), float32
        Onsets in samples; NaN where there is none.
    magnitude : Tensor, shape (n,), float32
    events : ndarray of str, shape (n,)
        Name of the event, or of the record where there is none: what splits must not divide.
    metadata : dict of Tensor
        Station metadata per record.
    amplitude : Tensor, shape (n, 3), float32
        log10 standard deviation of the filtered record.
    source : str
    """

    waveforms: Tensor
    kind: Tensor
    p: Tensor
    s: Tensor
    magnitude: Tensor
    events: np.ndarray
    metadata: dict[str, Tensor]
    source: str

    def __len__(self) -> int:
        return len(self.waveforms)

    def to(self, device: torch.device | str) -> Pool:
        """The same records on another device."""
        moved = {name: getattr(self, name).to(device) for name in ("waveforms", "kind", "p", "s", "magnitude")}
        return Pool(**moved, events=self.events, source=self.source,
                    metadata={name: value.to(device) for name, value in self.metadata.items()})

    def random_starts(self, record: Tensor, samples: int, generator: torch.Generator | None) -> Tensor:
        """First samples (b,): any, or such that P lies 2 to 25 s after it in a record with an event."""
        u = torch.rand(len(record), generator=generator, device=self.waveforms.device)
        return self._starts(record, samples, u)

    def fixed_starts(self, samples: int) -> Tensor:
        """First samples (n,) of the evaluation windows; they depend on the record's number only."""
        number = torch.arange(len(self), dtype=torch.float64, device=self.waveforms.device)
        u = torch.remainder((number + 1) * ((math.sqrt(5) - 1) / 2), 1.0).float()
        return self._starts(torch.arange(len(self), device=self.waveforms.device), samples, u)

    def draw(self, step: int, batch: int, samples: int, seed: int, generator: torch.Generator | None, rank: int = 0,
             world: int = 1) -> tuple[Tensor, dict[str, Tensor]]:
        """Windows (b, 3, samples) of a step and their station metadata; whole shuffled passes, disjoint by rank."""
        record = shuffled(len(self), batch, step * world + rank, seed, self.waveforms.device)
        start = self.random_starts(record, samples, generator)
        return (cut(self.waveforms, record, start, samples),
                {name: value[record] for name, value in self.metadata.items()})

    def first(self, count: int, samples: int) -> Tensor:
        """The evaluation windows of the first records."""
        rows = torch.arange(min(len(self), count), device=self.waveforms.device)
        return cut(self.waveforms, rows, self.fixed_starts(samples)[rows], samples)

    def _starts(self, record: Tensor, samples: int, u: Tensor) -> Tensor:
        last = self.waveforms.shape[-1] - samples
        p = self.p[record]
        share = samples / 3000.0
        event = (self.kind[record] == 2) & p.isfinite()
        p = torch.nan_to_num(p)
        near = (p - 100 * share * P_TO_S).clamp(0, last)
        far = (p - 100 * share * P_FROM_S).clamp(0, last)
        low, high = torch.where(event, near, 0.0), torch.where(event, far, float(last))
        return (low + u * (high - low)).floor().long()


def filtered(waveforms: Tensor, low_hz: float, high_hz: float, rate_hz: float) -> Tensor:
    """`bandpass` in blocks, so that memory is bounded."""
    return torch.cat([bandpass(part, low_hz, high_hz, rate_hz) for part in waveforms.split(BLOCK)])


def resized(windows: Tensor, rate_hz: float, target_hz: float) -> Tensor:
    """Windows (b, C, n) at another sampling rate by polyphase filtering (SciPy), anti-aliased."""
    if rate_hz == target_hz:
        return windows
    from fractions import Fraction

    from scipy.signal import resample_poly

    ratio = Fraction(target_hz / rate_hz).limit_denominator(1000)
    values = resample_poly(windows.cpu().numpy(), ratio.numerator, ratio.denominator, axis=-1)
    return torch.from_numpy(np.ascontiguousarray(values)).to(windows)
