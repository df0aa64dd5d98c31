"""From depth to two-way time, with the model's own Vp."""

from __future__ import annotations

import numpy as np


def to_time(vp: np.ndarray, vs: np.ndarray, rho: np.ndarray, dz_m: float, dt_s: float, top: np.ndarray | None = None
            ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Resample traces from depth to two-way time.

    t(z) = 2 times the integral of dz / Vp; values are interpolated linearly in time. The time starts at each trace's
    first sample, or at `top`, and ends where the first of the traces ends.

    Parameters
    ----------
    vp, vs, rho : ndarray, shape (traces, depths)
        Vp in m/s.
    dz_m, dt_s : float
    top : ndarray of int, shape (traces,), optional
        First depth sample of each trace, e.g. the first one below the sea floor.

    Returns
    -------
    Three ndarrays, shape (traces, T), float32
    """
    if vp.ndim != 2 or not vp.shape == vs.shape == rho.shape:
        raise ValueError("depth models must share one shape (traces, depths); found "
                         f"{vp.shape}, {vs.shape}, {rho.shape}")
    if dz_m <= 0 or dt_s <= 0:
        raise ValueError(f"`dz_m` and `dt_s` must be positive; found {dz_m}, {dt_s}")
    top = np.zeros(len(vp), int) if top is None else np.asarray(top, int)
    times = []
    for trace, first in zip(vp, top, strict=True):
        slow = 2.0 * dz_m / trace[first:].astype(np.float64)
        times.append(np.concatenate([[0.0], np.cumsum((slow[1:] + slow[:-1]) / 2)]))
    n = int(np.floor(min(t[-1] for t in times) / dt_s + 1e-9)) + 1  # 0.3 / 0.1 is a little less than 3
    if n < 2:
        raise ValueError(f"the shortest trace spans less than two samples of {dt_s} s")
    grid = np.arange(n) * dt_s
    out = []
    for volume in (vp, vs, rho):
        traces = [np.interp(grid, t, trace[first:]) for t, trace, first in zip(times, volume, top, strict=True)]
        out.append(np.stack(traces).astype(np.float32))
    return tuple(out)
