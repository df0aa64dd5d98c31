"""The work window of the synthesis: its time and frequency axes, and tables that depend on frequency only."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

SAMPLING_RATE_HZ = 100.0
REFERENCE_HZ = 150.0
Q_ETA, Q_FLOOR_HZ = 0.6, 0.5
#: S coda in two bands: L^2 = 1 / (1 + (f / 3 Hz)^4).
BAND_SPLIT_HZ = 3.0
SURFACE_PEAK_HZ, SURFACE_MAX_HZ = 0.6, 20.0


class Grid:
    """Axes of a work window of `nfft` samples, float32 on `device`.

    Attributes
    ----------
    time_s : Tensor, shape (nfft,)
    frequency_hz, omega : Tensor, shape (nfft // 2 + 1,)
    decay : Tensor, shape (2, frequencies)
        Rows -pi f / (Q(f)/Q0) and -pi f: `decay` weighted by (T/Q0, kappa) is the exponent of the attenuation.
    dispersion : Tensor, shape (frequencies,)
        (2/pi) ln(f_ref / f): attenuation exponent times this is the phase that makes the attenuation causal.
    low, high : Tensor, shape (frequencies,)
        The two bands of the S coda.
    end_taper : Tensor, shape (nfft,)
        One, falling to zero over the 3 s that end 2 s before the end of the window.
    surface_delay : Tensor, shape (surface frequencies,)
        Integral of 2 pi / U(f) df in rad/km, with group velocity U = 2.9 - 0.35 min(f, 1) km/s.
    surface_band : Tensor, shape (surface frequencies,)
    """

    def __init__(self, nfft: int, device: torch.device) -> None:
        self.nfft, self.device = nfft, device
        f = np.fft.rfftfreq(nfft, 1 / SAMPLING_RATE_HZ)
        safe = np.where(f > 0, f, 1.0)
        relative_q = np.maximum(f, Q_FLOOR_HZ) ** Q_ETA
        low = 1 / (1 + (f / BAND_SPLIT_HZ) ** 4)
        t = np.arange(nfft) / SAMPLING_RATE_HZ
        end_s = nfft / SAMPLING_RATE_HZ - 2
        taper = 0.5 * (1 + np.cos(np.pi * np.clip((t - end_s + 3) / 3, 0, 1)))
        surface = f[f <= SURFACE_MAX_HZ]
        band = (surface / SURFACE_PEAK_HZ) ** 2
        self.time_s, self.frequency_hz = self._tensor(t), self._tensor(f)
        self.omega = self._tensor(2 * np.pi * f)
        self.decay = self._tensor(-np.pi * np.stack([f / relative_q, f]))
        self.dispersion = self._tensor(2 / np.pi * np.log(REFERENCE_HZ / safe) * (f > 0))
        self.low, self.high = self._tensor(np.sqrt(low)), self._tensor(np.sqrt(1 - low))
        self.end_taper = self._tensor(taper)
        self.surface_delay = self._tensor(2 * np.pi * _inverse_group_velocity_integral(surface))
        self.surface_band = self._tensor(band / (1 + band**2))
        self.n_surface = len(surface)

    def _tensor(self, values: np.ndarray) -> Tensor:
        return torch.as_tensor(values, dtype=torch.float32, device=self.device)


def _inverse_group_velocity_integral(f: np.ndarray) -> np.ndarray:
    """Integral of df / (2.9 - 0.35 min(f, 1)) from 0 to f, in s/km times Hz."""
    below = np.minimum(f, 1.0)
    return -np.log(1 - 0.35 * below / 2.9) / 0.35 + np.maximum(f - 1.0, 0) / (2.9 - 0.35)


@lru_cache(maxsize=8)
def get(nfft: int, device: str) -> Grid:
    """The grid of that length on that device, made once."""
    return Grid(nfft, torch.device(device))
