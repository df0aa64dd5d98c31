"""Exact reflection coefficients of a plane P wave: a synthetic that the inversion's forward model does not know."""

from __future__ import annotations

import torch
from torch import Tensor


def reflection_pp(vp: Tensor, vs: Tensor, rho: Tensor, theta: Tensor) -> Tensor:
    """P-P reflection coefficient at every interface of logs, after Zoeppritz (Aki and Richards, eq. 5.40).

    Parameters
    ----------
    vp, vs, rho : Tensor, shape (..., T)
    theta : Tensor, shape (angles,)
        Angle of incidence in radians, below the critical angle.

    Returns
    -------
    Tensor, shape (..., angles, T)
        0 at the first sample. Beyond the critical angle the real part. Equal layers reflect nothing.
    """
    dtype = torch.complex128 if vp.dtype == torch.float64 else torch.complex64
    a1, b1, r1 = (x[..., None, :-1].to(dtype) for x in (vp, vs, rho))
    a2, b2, r2 = (x[..., None, 1:].to(dtype) for x in (vp, vs, rho))
    p = torch.sin(theta).to(vp.dtype)[:, None] / a1.real
    cos_i1, cos_i2 = torch.sqrt(1 - (p * a1) ** 2), torch.sqrt(1 - (p * a2) ** 2)
    cos_j1, cos_j2 = torch.sqrt(1 - (p * b1) ** 2), torch.sqrt(1 - (p * b2) ** 2)
    upper, lower = 1 - 2 * (b1 * p) ** 2, 1 - 2 * (b2 * p) ** 2
    a = r2 * lower - r1 * upper
    b = r2 * lower + 2 * r1 * (b1 * p) ** 2
    c = r1 * upper + 2 * r2 * (b2 * p) ** 2
    d = 2 * (r2 * b2**2 - r1 * b1**2)
    e = b * cos_i1 / a1 + c * cos_i2 / a2
    f = b * cos_j1 / b1 + c * cos_j2 / b2
    g = a - d * cos_i1 / a1 * cos_j2 / b2
    h = a - d * cos_i2 / a2 * cos_j1 / b1
    determinant = e * f + g * h * p**2
    up = (b * cos_i1 / a1 - c * cos_i2 / a2) * f - (a + d * cos_i1 / a1 * cos_j2 / b2) * h * p**2
    return torch.nn.functional.pad((up / determinant).real, (1, 0))
