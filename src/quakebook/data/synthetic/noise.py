"""Ground noise between Peterson's low and high models, as the instrument records it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .grid import SAMPLING_RATE_HZ, Grid
from .instrument import SENSORS, response

#: Stands for ln(0) at zero frequency; exp of it vanishes without becoming a denormal float32.
_SILENT = -60.0
BURST_BAND_HZ, BURST_LENGTH_S, BURST_FACTOR = (5.0, 20.0), (0.5, 5.0), (2.0, 10.0)


@lru_cache(maxsize=1)
def peterson_models() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Frequency in Hz (rising), low-noise and high-noise model in dB re (m/s2)2/Hz (Peterson 1993, through ObsPy)."""
    from obspy.signal.spectral_estimation import get_nhnm, get_nlnm

    (period_low, low), (period_high, high) = get_nlnm(), get_nhnm()
    f = np.sort(1 / np.unique(np.concatenate([period_low, period_high])))
    by_rising_period = [np.argsort(period_low), np.argsort(period_high)]
    return (f, np.interp(-np.log(f), np.log(period_low[by_rising_period[0]]), low[by_rising_period[0]]),
            np.interp(-np.log(f), np.log(period_high[by_rising_period[1]]), high[by_rising_period[1]]))


def acceleration_db(frequency_hz: NDArray[np.float64], microseism: float, cultural: float) -> NDArray[np.float64]:
    """Acceleration power density in dB: NLNM + a(f) (NHNM - NLNM), a = a_m w + a_c (1 - w), w = 1 / (1 + f^2).

    Above 10 Hz, where Peterson's models stop, the value at 10 Hz is held.
    """
    base, micro, culture = decibel_table(frequency_hz)
    return base + microseism * micro + cultural * culture


def decibel_table(frequency_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (3, frequencies): NLNM, and the factors of a_m and a_c, in dB."""
    f, low, high = peterson_models()
    at = np.log(np.maximum(frequency_hz, f[0]))
    base = np.interp(at, np.log(f), low)
    span = np.interp(at, np.log(f), high) - base
    w = 1 / (1 + np.asarray(frequency_hz) ** 2)
    return np.stack([base, w * span, (1 - w) * span])


class NoiseTable:
    """Logarithm of the spectral noise amplitude in counts per unit sensitivity, linear in the noise levels."""

    def __init__(self, grid: Grid) -> None:
        f = grid.frequency_hz.cpu().numpy().astype(float)
        live = f > 0
        safe = np.where(live, f, 1.0)
        levels = decibel_table(safe) * np.log(10) / 20
        levels[0] += 0.5 * np.log(grid.nfft * SAMPLING_RATE_HZ / 4) - 2 * np.log(2 * np.pi * safe)
        gains = [np.log(np.maximum(np.abs(response(sensor, safe)), 1e-30)) for sensor in SENSORS]
        base = np.where(live, levels[0] + np.stack(gains), _SILENT)
        levels = np.where(live, levels[1:], 0.0)
        self.base, self.levels = (torch.as_tensor(x, dtype=torch.float32, device=grid.device) for x in (base, levels))

    def amplitude(self, levels: Tensor, sensor: Tensor, sensitivity: Tensor, digitiser_counts: Tensor,
                  nfft: int) -> Tensor:
        """Noise amplitude of each frequency bin in counts, with the white self-noise of the digitiser.

        Parameters
        ----------
        levels : Tensor, shape (b, 2)
            a_m and a_c.
        sensor : Tensor, shape (b,), int64
        sensitivity, digitiser_counts : Tensor, shape (b,)
            `digitiser_counts` is the standard deviation of the self-noise.

        Returns
        -------
        Tensor, shape (b, frequencies)
            Times a complex Gaussian with unit real and imaginary part it is one realisation of the spectrum.
        """
        ground = self.base[sensor].addcmul_(levels[:, :1], self.levels[0]).addcmul_(levels[:, 1:], self.levels[1])
        ground.exp_().mul_(sensitivity[:, None]).square_()
        return ground.add_((digitiser_counts.square() * (nfft / 2))[:, None]).sqrt_()


def burst(grid: Grid, white: Tensor, start_s: Tensor, length_s: Tensor) -> Tensor:
    """Band-passed Gaussian noise under a Tukey envelope, standard deviation one before the envelope.

    Parameters
    ----------
    grid : Grid
    white : Tensor, shape (b, 3, nfft)
        Unit Gaussians.
    start_s, length_s : Tensor, shape (b,)
    """
    low_hz, high_hz = BURST_BAND_HZ
    band = ((grid.frequency_hz >= low_hz) & (grid.frequency_hz <= high_hz)).to(white.dtype)
    unit_variance = (0.5 * SAMPLING_RATE_HZ / (high_hz - low_hz)) ** 0.5
    x = torch.fft.irfft(torch.fft.rfft(white) * band, n=grid.nfft) * unit_variance
    position = (grid.time_s - start_s[:, None]) / length_s[:, None]
    edge = torch.minimum(position, 1 - position).clamp(0, 0.25) / 0.25
    return x * (0.5 * (1 - torch.cos(torch.pi * edge)))[:, None]
