"""Labels of the two experiments without a model: one Gaussian, and a stream of Gaussians whose time is uncertain."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

# BlueDisc, sections on the loss landscapes and on the optimisation without a model.
SAMPLING_RATE_HZ = 100.0
N_SAMPLES = 3001
CENTRE_SAMPLE = 1500
SIGMA_SAMPLES = 20.0
SIGMA_S = SIGMA_SAMPLES / SAMPLING_RATE_HZ
#: Target times are kept within the window.
LIMIT_S = 15.0


def gaussian(position_s: Tensor) -> Tensor:
    """Gaussian curves round given times, each divided by its largest sample.

    Parameters
    ----------
    position_s : Tensor, shape (...)
        Time of the peak after the centre of the window, in seconds.

    Returns
    -------
    Tensor, shape (..., 3001), float32
    """
    sample = torch.arange(N_SAMPLES, dtype=torch.float32, device=position_s.device)
    centre = SAMPLING_RATE_HZ * position_s[..., None] + CENTRE_SAMPLE
    curve = torch.exp(-((sample - centre) ** 2) / (2 * SIGMA_SAMPLES**2))
    return curve / curve.amax(dim=-1, keepdim=True)


def samples_at(time_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the sample at each time after the centre of the window (cut, not rounded, as published)."""
    return (SAMPLING_RATE_HZ * time_s + CENTRE_SAMPLE).astype(np.int64)


def target_times(scale_s: float, skew: float, seed: int, steps: int) -> Tensor:
    """Times of the moving target, one per step.

    The draws of ``scipy.stats.skewnorm.rvs(a=skew, loc=0, scale=scale_s)``, called once a step on NumPy's generator
    seeded with `seed`; clamped to +-15 s, freed of their sample mean, clamped again. NumPy's global generator is left
    alone: the same numbers come from a generator of our own.

    Returns
    -------
    Tensor, shape (steps,), float32
        Seconds after the centre of the window; their mean is zero.
    """
    normal = np.random.RandomState(seed).normal(size=(steps, 2))
    delta = skew / np.sqrt(1 + skew**2)
    mixed = delta * normal[:, 0] + np.sqrt(1 - delta**2) * normal[:, 1]
    draws = scale_s * np.where(normal[:, 0] >= 0, mixed, -mixed)
    times = torch.from_numpy(draws).float().clamp(-LIMIT_S, LIMIT_S)
    return (times - times.double().mean()).float().clamp(-LIMIT_S, LIMIT_S)
