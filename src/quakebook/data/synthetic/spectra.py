"""Spectra of direct P and S with their attenuation, and of the surface waves."""

from __future__ import annotations

import torch
from torch import Tensor

from .grid import SAMPLING_RATE_HZ, Grid


def body_wave(grid: Grid, level: Tensor, corner_hz: Tensor, t_over_q: Tensor, kappa_s: Tensor) -> tuple[Tensor, Tensor]:
    """Displacement spectrum of one body wave as it would arrive at time zero.

    U(f) = level / (1 + i f/fc)^2 exp(-pi f t*) exp(-2 i f t* ln(f_ref/f)), t* = T/Q(f) + kappa, times sampling rate.

    Parameters
    ----------
    grid : Grid
    level, corner_hz, t_over_q, kappa_s : Tensor, shape (b,)
        Low-frequency level in m s, corner frequency, T/Q0 and kappa in s.

    Returns
    -------
    magnitude, phase_rad : Tensor, shape (b, frequencies)
    """
    exponent = torch.addcmul(t_over_q[:, None] * grid.decay[0], kappa_s[:, None], grid.decay[1])
    ratio = grid.frequency_hz / corner_hz[:, None]
    phase = torch.atan(ratio).mul_(-2).addcmul_(exponent, grid.dispersion)
    magnitude = exponent.exp_().div_(ratio.square_().add_(1)).mul_(SAMPLING_RATE_HZ * level[:, None])
    return magnitude, phase


def delay(grid: Grid, time_s: Tensor) -> Tensor:
    """exp(-i w t): a pulse at `time_s` (b,), between samples if need be. Complex, shape (b, frequencies)."""
    return unit(grid.omega * (-time_s[:, None]))


def unit(phase_rad: Tensor) -> Tensor:
    """exp(i phase)."""
    return torch.complex(phase_rad.cos(), phase_rad.sin())


def surface_wave(grid: Grid, s_magnitude: Tensor, amplitude: Tensor, distance_km: Tensor, origin_s: Tensor) -> Tensor:
    """Fundamental-mode surface wave on the vertical, up to 20 Hz; the radial component is i times it.

    Amplitude a |U_S| in a band around 0.6 Hz; phase -x integral(2 pi / U df), counted from the origin time.

    Returns
    -------
    Tensor, complex, shape (b, surface frequencies)
    """
    n = grid.n_surface
    phase = distance_km[:, None] * grid.surface_delay + origin_s[:, None] * grid.omega[:n]
    return unit(phase.neg_()) * (s_magnitude[:, :n] * grid.surface_band * amplitude[:, None])
