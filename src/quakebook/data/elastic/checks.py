"""Checks of elastic properties and incidence angles."""

from __future__ import annotations

from torch import Tensor

from quakebook.checks import require_finite

ANGLES_DEG = (5.0, 10.0, 15.0, 20.0, 25.0, 30.0)


def check_elastic(vp: Tensor, vs: Tensor, rho: Tensor) -> None:
    """Same shapes, finite, positive, and Vs below Vp; else a ValueError that names the first bad sample."""
    if not vp.shape == vs.shape == rho.shape or vp.ndim < 1:
        raise ValueError("`vp`, `vs` and `rho` must have one shape (..., T); found "
                         f"{tuple(vp.shape)}, {tuple(vs.shape)} and {tuple(rho.shape)}")
    require_finite(vp=vp.detach(), vs=vs.detach(), rho=rho.detach())
    for name, bad in (("`vp` must be positive", vp <= 0), ("`vs` must be positive (remove water layers)", vs <= 0),
                      ("`rho` must be positive", rho <= 0), ("`vs` must be below `vp`", vs >= vp)):
        if bool(bad.any()):
            where = tuple(int(i) for i in bad.nonzero()[0])
            raise ValueError(f"{name}; {int(bad.sum())} samples are not, the first at index {where}")
