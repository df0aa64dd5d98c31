"""Magnitude labels: zero before the onset, magnitude plus offset after it."""

from __future__ import annotations

import torch
from torch import Tensor


def onset(picks: Tensor, n_samples: int) -> Tensor:
    """Earliest pick inside each window.

    Parameters
    ----------
    picks : Tensor, shape (batch, k)
        Samples after the window start; NaN = none.
    n_samples : int

    Returns
    -------
    Tensor, shape (batch,)
        Infinite where no pick lies in the window.
    """
    inside = (picks >= 0) & (picks < n_samples)  # NaN compares false
    earliest = picks.where(inside, torch.full_like(picks, torch.inf))
    return earliest.amin(dim=1) if picks.shape[1] else picks.new_full((len(picks),), torch.inf)


def magnitude_label(onset_samples: Tensor, magnitude: Tensor, n_samples: int, offset: float = 0.0) -> Tensor:
    """Label of every sample: y(t) = 0 for t < onset, M + offset for t >= onset.

    Parameters
    ----------
    onset_samples : Tensor, shape (batch,)
        Infinite = no onset in the window; the label is then all zeros.
    magnitude : Tensor, shape (batch,)
        NaN for noise.
    n_samples : int
    offset : float
        0 (published) or 1 (the variant that separates small events from noise).

    Returns
    -------
    Tensor, shape (batch, 1, n_samples)
    """
    height = torch.nan_to_num(magnitude + offset).clamp(min=0.0)
    sample = torch.arange(n_samples, device=magnitude.device)
    after = sample >= onset_samples[:, None]
    return (after * height[:, None])[:, None].to(magnitude.dtype)


def usable(magnitude: Tensor, offset: float = 0.0) -> Tensor:
    """Mask of the records whose label can be told from noise: a magnitude above ``-offset``."""
    return magnitude > -offset  # NaN compares false
