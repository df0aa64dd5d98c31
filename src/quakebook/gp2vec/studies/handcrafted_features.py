"""Features that a seismologist would write down: baselines for the probes and for the displacement."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

#: Bands in Hz of the frame features.
FRAME_BANDS_HZ = ((1.0, 3.0), (3.0, 6.0), (6.0, 12.0), (12.0, 24.0), (24.0, 45.0))
#: Samples of a frame, and frames of the long average (0.2 s and 5 s at 100 Hz).
FRAME, LONG = 20, 25
#: Frames before and after that are read too (0.4 s).
OFFSETS = (-2, 0, 2)
#: Bands in Hz of the window features.
WINDOW_BANDS_HZ = ((0.05, 0.2), (0.2, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, 32.0),
                   (32.0, 48.0))
PERCENTILES, UPPER = (1, 5, 25, 75, 95, 99), (75, 95, 99, 99.9)


def frame_features(windows: Tensor, metadata: dict[str, Tensor] | None = None) -> dict[str, Tensor]:
    """48 numbers per 0.2 s: log energy in five bands and three components at -0.4, 0 and 0.4 s, and the logarithm of
    0.2 s over 5 s energy per component.

    An encoder in the sense of `scoring.encode`: windows (b, 3, N) to {"handcrafted": (b, N / 20, 48)}.
    """
    spectrum = torch.fft.rfft(windows)
    frequency = torch.fft.rfftfreq(windows.shape[-1], 0.01, device=windows.device)
    energies = []
    for low, high in FRAME_BANDS_HZ:
        part = torch.fft.irfft(spectrum * ((frequency >= low) & (frequency < high)), n=windows.shape[-1])
        energies.append(_frame_energy(part))
    log = torch.stack(energies, 2).add(1e-6).log().flatten(1, 2)  # (b, 15, T)
    shifted = [torch.roll(log, -offset, -1) for offset in OFFSETS]
    short = _frame_energy(windows)
    long = F.avg_pool1d(F.pad(short, (LONG // 2, LONG // 2), mode="replicate"), LONG, stride=1)
    ratio = ((short + 1e-6) / (long + 1e-6)).log()
    return {"handcrafted": torch.cat([*shifted, ratio], 1).transpose(1, 2)}


def _frame_energy(waveforms: Tensor) -> Tensor:
    return F.avg_pool1d(waveforms.square(), FRAME, FRAME)


def window_features(windows: np.ndarray, rate_hz: float = 100.0) -> np.ndarray:
    """24 numbers per component, (n, 72): band powers, spectral centroid, spread, kurtosis, skewness, percentiles.

    Parameters
    ----------
    windows : ndarray, shape (n, 3, N)
    """
    x = np.asarray(windows, dtype=np.float64)
    x = x - x.mean(-1, keepdims=True)
    power = np.abs(np.fft.rfft(x)) ** 2
    frequency = np.fft.rfftfreq(x.shape[-1], 1 / rate_hz)
    tiny = 1e-300
    columns = []
    for low, high in WINDOW_BANDS_HZ:
        inside = (frequency >= low) & (frequency < high)
        columns.append(np.log10(power[..., inside].mean(-1) + tiny))
    columns.append((power * frequency).sum(-1) / (power.sum(-1) + tiny))
    spread = x.std(-1)
    columns.append(np.log10(spread + tiny))
    scaled = x / np.maximum(spread, tiny)[..., None]
    columns += [(scaled**4).mean(-1), (scaled**3).mean(-1)]
    columns += list(np.percentile(x, PERCENTILES, axis=-1))
    columns += list(np.log10(np.percentile(np.abs(x), UPPER, axis=-1) + tiny))
    columns.append(np.ptp(x, axis=-1))
    return np.stack(columns, axis=-1).reshape(len(x), -1)
