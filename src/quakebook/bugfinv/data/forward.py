"""From Vp, Vs and density to angle gathers: elastic impedance, reflectivity, convolution. Differentiable everywhere.

Elastic impedance EI(th) ~ Vp^a Vs^b rho^c (Connolly 1999) gives R[j] = (EI[j] - EI[j-1]) / (EI[j] + EI[j-1]). With
l = a ln Vp + b ln Vs + c ln rho this is exactly R[j] = tanh((l[j] - l[j-1]) / 2): the normalising constants cancel,
and no power or division is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

from quakebook.data.elastic.checks import ANGLES_DEG, check_elastic

from . import wavelets

K = 0.25  #: (Vs / Vp)^2, constant (Nash code)
VP0_M_S, VS0_M_S, RHO0_G_CM3 = 2865.6995, 1350.7539, 2.2361467  #: normalising constants of EI (Nash code); they cancel


def exponents(angles_deg: Sequence[float] = ANGLES_DEG) -> Tensor:
    """Exponents a, b, c of elastic impedance; float64, shape (angles, 3).

    a = 1 + tan^2 th, b = -8 K sin^2 th, c = 1 - 4 K sin^2 th, with th in radians rounded to four decimals as in the
    Nash code.
    """
    theta = torch.deg2rad(torch.as_tensor(list(angles_deg), dtype=torch.float64))
    if theta.ndim != 1 or not len(theta) or not bool((theta.abs() < torch.pi / 2).all()):
        raise ValueError(f"`angles_deg` must be angles between -90 and 90; found {list(angles_deg)}")
    theta = torch.round(theta, decimals=4)
    sine = torch.sin(theta) ** 2
    return torch.stack([1 + torch.tan(theta) ** 2, -8 * K * sine, 1 - 4 * K * sine], dim=1)


def reflectivity(log_properties: Tensor, matrix: Tensor) -> Tensor:
    """R[j] = tanh((l[j] - l[j-1]) / 2), R[0] = 0, from ln Vp, ln Vs, ln rho.

    Parameters
    ----------
    log_properties : Tensor, shape (..., 3, T)
    matrix : Tensor, shape (angles, 3)

    Returns
    -------
    Tensor, shape (..., angles, T)
    """
    impedance = matrix.to(log_properties) @ log_properties  # (..., angles, T)
    return F.pad(torch.tanh(torch.diff(impedance, dim=-1) / 2), (1, 0))


def convolve(series: Tensor, wavelet: Tensor) -> Tensor:
    """Same-length convolution along the last axis; one wavelet (n,), or one per angle (angles, n) for axis -2."""
    kernel = wavelet.to(series).flip(-1)
    half = kernel.shape[-1] // 2
    if kernel.ndim == 1:
        flat = series.reshape(-1, 1, series.shape[-1])
        return F.conv1d(flat, kernel[None, None], padding=half).reshape(series.shape)
    angles = series.shape[-2]
    flat = series.reshape(-1, angles, series.shape[-1])
    return F.conv1d(flat, kernel[:, None], padding=half, groups=angles).reshape(series.shape)


@dataclass(frozen=True)
class ForwardModel:
    """Gathers on a grid of step `dt_s`; the wavelet is sampled at that step.

    Attributes
    ----------
    dt_s : float
    wavelet : "ricker", "ormsby", or Tensor (samples,) or (angles, samples)
    angles_deg : sequence of float
    resolution_ratio : int
        The synthetic keeps every so many samples, after the convolution.
    """

    dt_s: float = 0.001
    wavelet: str | Tensor = "ricker"
    angles_deg: tuple[float, ...] = ANGLES_DEG
    resolution_ratio: int = 1
    matrix: Tensor = field(init=False, repr=False)
    samples: Tensor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if int(self.resolution_ratio) < 1:
            raise ValueError(f"`resolution_ratio` must be at least 1; found {self.resolution_ratio}")
        per_angle = isinstance(self.wavelet, Tensor) and self.wavelet.ndim == 2
        object.__setattr__(self, "matrix", exponents(self.angles_deg))
        object.__setattr__(self, "samples", self.wavelet if per_angle else wavelets.named(self.wavelet, self.dt_s))

    def __call__(self, log_properties: Tensor) -> Tensor:
        """Gathers (..., angles, T / resolution_ratio) from ln Vp, ln Vs, ln rho (..., 3, T)."""
        gathers = convolve(reflectivity(log_properties, self.matrix), self.samples)
        return gathers[..., :: self.resolution_ratio]


def forward_model(vp: Tensor, vs: Tensor, rho: Tensor, angles_deg: Sequence[float] = ANGLES_DEG,
                  wavelet: str | Tensor = "ricker", dt_s: float = 0.001, resolution_ratio: int = 1) -> Tensor:
    """Angle gathers of elastic logs.

    Parameters
    ----------
    vp, vs : array or Tensor, shape (..., T)
        Velocities; any unit, the same for both (only relative changes count). Positive, Vs below Vp.
    rho : array or Tensor, shape (..., T)
        Density, any unit.
    angles_deg : sequence of float
    wavelet : "ricker" (40 Hz), "ormsby" (5-10-60-80 Hz), or Tensor (samples,)
    dt_s : float
        Time step of the logs and of the wavelet.
    resolution_ratio : int
        Keep every so many samples of the synthetic.

    Returns
    -------
    Tensor, shape (..., angles, T / resolution_ratio)
        Of the logs' dtype, differentiable with respect to all three. Logs without change reflect nothing.
    """
    logs = [torch.as_tensor(x) for x in (vp, vs, rho)]
    logs = [x if x.dtype.is_floating_point else x.to(torch.get_default_dtype()) for x in logs]
    check_elastic(*logs)
    stacked = torch.stack([torch.log(x) for x in logs], dim=-2)
    return ForwardModel(dt_s, wavelet, tuple(angles_deg), resolution_ratio)(stacked)


def add_noise(gathers: Tensor, snr_db: float | None, generator: torch.Generator,
              band_hz: tuple[float, float] | None = None, dt_s: float = 0.001) -> Tensor:
    """Add Gaussian noise whose rms is the signal's rms over the whole volume divided by 10^(snr_db / 20).

    `band_hz` limits the noise to a band, at the same rms. None for `snr_db` adds nothing.
    """
    if snr_db is None:
        return gathers
    noise = torch.randn(gathers.shape, generator=generator, dtype=gathers.dtype, device=gathers.device)
    if band_hz is not None:
        frequency = torch.fft.rfftfreq(gathers.shape[-1], dt_s, device=gathers.device)
        keep = (frequency >= band_hz[0]) & (frequency <= band_hz[1])
        noise = torch.fft.irfft(torch.fft.rfft(noise) * keep, n=gathers.shape[-1])
    wanted = gathers.square().mean().sqrt() / 10 ** (snr_db / 20)
    return gathers + noise * (wanted / noise.square().mean().sqrt())
