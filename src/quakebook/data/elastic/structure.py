"""Geometry of the synthetic model: relative age of every sample after folding, faulting and erosion.

Times in ms; x is the inline coordinate, y the crossline coordinate, both in [0, 1]; S is the span of the section and
g = t / S. The numbers are this project's choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

YOUNG_RATE = 0.55  #: age per time in the sequence above the unconformity


@dataclass(frozen=True)
class Grid:
    """Coordinates that broadcast to (nx, ny, nt)."""

    x: np.ndarray
    y: np.ndarray
    t_ms: np.ndarray

    @classmethod
    def of(cls, shape: tuple[int, int, int], dt_s: float) -> Grid:
        nx, ny, nt = shape
        return cls(np.linspace(0, 1, nx)[:, None, None], np.linspace(0, 1, ny)[None, :, None],
                   (np.arange(nt) * dt_s * 1000.0)[None, None, :])

    @property
    def span_ms(self) -> float:
        return float(self.t_ms[0, 0, -1] + self.t_ms[0, 0, 1])

    @property
    def g(self) -> np.ndarray:
        return self.t_ms / self.span_ms


def smooth_noise(shape: tuple[int, ...], sigma: tuple[float, ...] | float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian-smoothed white noise of rms 1."""
    noise = gaussian_filter(rng.standard_normal(shape), sigma, mode="reflect")
    return noise / np.sqrt(np.mean(noise**2))


def old_age(grid: Grid, relief: np.ndarray) -> np.ndarray:
    """Age (ms) of the folded and faulted sequence, shape (nx, ny, nt); `relief` (nx, ny, 1) has rms 1."""
    x, y, g = grid.x, grid.y, grid.g
    folds = (18.0 * np.sin(2 * np.pi * (1.3 * x + 0.25 * y) + 0.4) * np.exp(-(((y - 0.5) / 0.6) ** 2))
             + 28.0 * np.exp(-(((x - 0.35) / 0.12) ** 2) - ((y - 0.4) / 0.35) ** 2))
    dip = 20.0 * (x - 0.5) + 8.0 * (y - 0.5)
    age = grid.t_ms + (folds + 6.0 * relief + dip) * (0.35 + 0.65 * g)
    thrust_at = 0.62 + 0.10 * (y - 0.5) + 0.28 * g**0.6 - 0.14
    age = age + np.where(x < thrust_at, 32.0 * (1 - ((y - 0.5) / 0.75) ** 2), 0.0)
    return age + np.where(x + 0.35 * y > 1.12 + 0.15 * g, 14.0, 0.0)


def is_young(grid: Grid, relief: np.ndarray) -> np.ndarray:
    """True above the unconformity at 0.22 S (+ 3 ms of relief)."""
    return grid.t_ms < 0.22 * grid.span_ms + 3.0 * relief
