"""Signal-to-noise ratios of finished records."""

from __future__ import annotations

import torch
from torch import Tensor

from .grid import SAMPLING_RATE_HZ


def window_variance(waveforms: Tensor, start: Tensor, stop: Tensor, longest: int) -> Tensor:
    """Variance in a window of each record.

    Parameters
    ----------
    waveforms : Tensor, shape (b, 3, samples)
    start, stop : Tensor, shape (b,), int64
        First sample and the one after the last; cut to the record, NaN where fewer than two samples remain.
    longest : int
        Upper bound of ``stop - start``.

    Returns
    -------
    Tensor, shape (b, 3)
    """
    samples = waveforms.shape[-1]
    start, stop = start.clamp(0, samples), stop.clamp(0, samples)
    position = start[:, None] + torch.arange(longest, device=waveforms.device)
    inside = (position < stop[:, None])[:, None].to(waveforms.dtype)
    values = waveforms.gather(2, position.clamp(max=samples - 1)[:, None].expand(-1, waveforms.shape[1], -1))
    count = inside.sum(-1)
    mean = (values * inside).sum(-1) / count
    variance = ((values - mean[..., None]).square() * inside).sum(-1) / count
    return torch.where(count > 1, variance, torch.nan)


def component_snr_db(waveforms: Tensor, p_s: Tensor) -> Tensor:
    """20 log10(std in the 2 s after P / std from 4.5 s to 0.5 s before P), per component; NaN where one is zero.

    Returns
    -------
    Tensor, shape (b, 3)
    """
    p = (p_s * SAMPLING_RATE_HZ).round().long()
    after = window_variance(waveforms, p, p + 200, 200)
    before = window_variance(waveforms, p - 450, p - 50, 400)
    ratio = 10 * torch.log10(after / before)
    return torch.where(torch.isfinite(ratio), ratio, torch.nan)


def s_snr_db(waveforms: Tensor, p_s: Tensor, s_s: Tensor) -> Tensor:
    """S over the P coda: 10 log10 of the variances of N and E in the 1.5 s after S and before S.

    The window before S runs from S - min(1 s, (S - P) / 2) to S - 0.05 s. Shape (b,).
    """
    rate = SAMPLING_RATE_HZ
    s, lead_s = (s_s * rate).round().long(), torch.minimum((s_s - p_s) / 2, torch.ones_like(s_s))
    horizontal = waveforms[:, 1:]
    after = window_variance(horizontal, s, s + 150, 150).sum(1)
    before = window_variance(horizontal, s - (lead_s * rate).round().long(), s - 5, 100).sum(1)
    ratio = 10 * torch.log10(after / before)
    return torch.where(torch.isfinite(ratio), ratio, torch.nan)
