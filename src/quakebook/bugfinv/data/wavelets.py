"""Zero-phase wavelets, sampled at any step."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

DURATION_S = 0.2  #: both wavelets (Nash code)
RICKER_HZ = 40.0  #: centre frequency (Nash code)
ORMSBY_HZ = (5.0, 10.0, 60.0, 80.0)  #: corner frequencies (Nash code)


def times_s(dt_s: float, duration_s: float = DURATION_S) -> Tensor:
    """Sample times of a wavelet, an odd number, symmetric about 0; float64, shape (n,)."""
    if dt_s <= 0 or dt_s >= duration_s:
        raise ValueError(f"`dt_s` must lie between 0 and the wavelet's {duration_s} s; found {dt_s}")
    half = int(round(duration_s / dt_s, 9)) // 2
    return torch.arange(-half, half + 1, dtype=torch.float64) * dt_s


def ricker(dt_s: float, frequency_hz: float = RICKER_HZ, duration_s: float = DURATION_S) -> Tensor:
    """w = (1 - 2 p) exp(-p) with p = (pi f t)^2: peak 1 at t = 0.

    Examples
    --------
    >>> w = ricker(0.001)
    >>> len(w), float(w[100])
    (201, 1.0)
    """
    p = (math.pi * frequency_hz * times_s(dt_s, duration_s)) ** 2
    return (1.0 - 2.0 * p) * torch.exp(-p)


def ormsby(dt_s: float, corners_hz: Sequence[float] = ORMSBY_HZ, duration_s: float = DURATION_S) -> Tensor:
    """Trapezoidal band between four corner frequencies f1 < f2 < f3 < f4, peak 1, no taper.

    With N(f) = (pi f)^2 sinc^2(f t): w = (N(f4) - N(f3)) / (pi (f4 - f3)) - (N(f2) - N(f1)) / (pi (f2 - f1)).
    """
    f1, f2, f3, f4 = corners_hz
    if not 0 < f1 < f2 < f3 < f4:
        raise ValueError(f"`corners_hz` must rise: found {tuple(corners_hz)}")
    t = times_s(dt_s, duration_s)
    n1, n2, n3, n4 = ((math.pi * f * torch.sinc(f * t)) ** 2 for f in (f1, f2, f3, f4))
    w = (n4 - n3) / (math.pi * (f4 - f3)) - (n2 - n1) / (math.pi * (f2 - f1))
    return w / w.max()


def rotate_phase(wavelet: Tensor, phase_deg: float) -> Tensor:
    """Rotate the phase of a wavelet by a constant angle (its Hilbert transform mixed in)."""
    n = len(wavelet)
    spectrum = torch.fft.fft(wavelet, 4 * n)
    gain = torch.zeros(4 * n, dtype=wavelet.dtype)
    gain[0] = gain[2 * n] = 1.0
    gain[1:2 * n] = 2.0
    quadrature = torch.fft.ifft(spectrum * gain).imag[:n]
    angle = math.radians(phase_deg)
    return math.cos(angle) * wavelet - math.sin(angle) * quadrature


def named(wavelet: str | Tensor, dt_s: float) -> Tensor:
    """A wavelet by name ("ricker", "ormsby"), or a tensor (samples,) as it is."""
    if isinstance(wavelet, str):
        makers = {"ricker": ricker, "ormsby": ormsby}
        if wavelet not in makers:
            raise ValueError(f"unknown wavelet {wavelet!r}; known are {', '.join(makers)}, or give its samples")
        return makers[wavelet](dt_s)
    wavelet = torch.as_tensor(wavelet)
    if wavelet.ndim != 1 or len(wavelet) % 2 == 0:
        raise ValueError(f"a wavelet must have shape (samples,) with an odd number; found {tuple(wavelet.shape)}")
    return wavelet
