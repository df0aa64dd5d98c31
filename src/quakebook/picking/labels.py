"""What the network should answer: Gaussian curves for P and S, the rest as noise, and a tapered detection box."""

from __future__ import annotations

import torch
from torch import Tensor

#: BlueDisc, labels: standard deviation of the Gaussian, 0.2 s at 100 Hz.
SIGMA_SAMPLES = 20.0
#: BlueDisc, labels: the detection box ends this many S - P times after S.
DETECTION_FACTOR = 1.4


def gaussian_label(picks: Tensor, n_samples: int, sigma_samples: float = SIGMA_SAMPLES) -> Tensor:
    """Probability curve of one phase.

    y_k = max over picks t of exp(-(k - t)^2 / (2 sigma^2))

    Parameters
    ----------
    picks : Tensor, shape (b, m)
        Samples after the window start, fractional or outside the window as they may be. NaN = no pick.
    n_samples : int
    sigma_samples : float

    Returns
    -------
    Tensor, shape (b, n_samples)
        Between 0 and 1; all zero where there is no pick.
    """
    if picks.ndim != 2:
        raise ValueError(f"picks must have shape (batch, picks per trace); found {tuple(picks.shape)}")
    if picks.shape[1] == 0:
        return picks.new_zeros(len(picks), n_samples)
    sample = torch.arange(n_samples, device=picks.device, dtype=picks.dtype)
    distance = torch.nan_to_num(picks, nan=torch.inf, posinf=torch.inf, neginf=-torch.inf)[:, :, None] - sample
    nearest = distance.abs().amin(dim=1)  # (b, n_samples); equal widths: the nearest pick has the largest curve
    return torch.exp(-0.5 * (nearest / sigma_samples) ** 2)


def phase_labels(picks_p: Tensor, picks_s: Tensor, n_samples: int, sigma_samples: float = SIGMA_SAMPLES,
                 noise: bool = True) -> Tensor:
    """P, S and noise curves of a batch of windows.

    Where P + S > 1 both are divided by P + S; N = 1 - P - S.

    Parameters
    ----------
    picks_p, picks_s : Tensor, shape (b, k)
        Samples after the window start; NaN = none.
    n_samples : int
    sigma_samples : float
    noise : bool
        False leaves N out (for a detection channel in its place).

    Returns
    -------
    Tensor, shape (b, 3, n_samples), or (b, 2, n_samples) without noise
        Channels P, S, N.
    """
    p = gaussian_label(picks_p, n_samples, sigma_samples)
    s = gaussian_label(picks_s, n_samples, sigma_samples)
    total = (p + s).clamp(min=1.0)
    p, s = p / total, s / total
    curves = [p, s, 1.0 - p - s] if noise else [p, s]
    return torch.stack(curves, dim=1)


def detection_label(picks_p: Tensor, picks_s: Tensor, n_samples: int, sigma_samples: float = SIGMA_SAMPLES,
                    factor: float = DETECTION_FACTOR, p_only_samples: float | None = None) -> Tensor:
    """Box from P to some S - P times after S, with Gaussian flanks.

    One from p0 = int(P) to p1 = int(S + factor (S - P)), of the earliest P and S; outside it falls off as
    exp(-d^2 / (2 sigma^2)) with the distance d to the box. Zero without a P, or if S lies before P. The box keeps its
    true place when it begins or ends before the window, so that a far earlier event leaves no false onset at sample 0.

    Parameters
    ----------
    picks_p, picks_s : Tensor, shape (b, k)
        Samples after the window start; NaN = none.
    n_samples : int
    sigma_samples, factor : float
    p_only_samples : float, optional
        Length of the box where only a P is known. By default such a window has no detection (as published).

    Returns
    -------
    Tensor, shape (b, 1, n_samples)
    """
    p, s = _earliest(picks_p), _earliest(picks_s)
    end = s + factor * (s - p)
    if p_only_samples is not None:
        end = end.where(s.isfinite(), p + p_only_samples)
        s = s.where(s.isfinite(), p)
    valid = p.isfinite() & s.isfinite() & (s >= p)
    p0, p1 = p.trunc(), end.trunc()
    sample = torch.arange(n_samples, device=p.device, dtype=p.dtype)
    outside = torch.maximum(p0[:, None] - sample, sample - p1[:, None]).clamp(min=0.0)
    curve = torch.exp(-0.5 * (outside / sigma_samples) ** 2)
    return curve.where(valid[:, None], torch.zeros_like(curve))[:, None].to(picks_p.dtype)


def _earliest(picks: Tensor) -> Tensor:
    """First pick of each row in float64, infinite where there is none."""
    if picks.shape[1] == 0:
        return torch.full((len(picks),), torch.inf, dtype=torch.float64, device=picks.device)
    return torch.nan_to_num(picks.double(), nan=torch.inf, posinf=torch.inf).amin(dim=1)
