"""Envelopes of scattered waves in time: P coda, S packet with its coda, energy converted before S."""

from __future__ import annotations

import torch
from torch import Tensor

from .grid import Grid

#: Component weights (Z, N, E) of P and S coda; the leading factors are mean radiation.
WEIGHTS_P = tuple(0.52 * w for w in (1.0, 0.65, 0.65))
WEIGHTS_S = tuple(0.45 * w for w in (0.6, 1.0, 1.0))
RISE_P_S = 0.05
#: Band frequencies of the S coda in Hz; Qc(f) = Qc0 f^0.7.
BANDS_HZ, QC_EXPONENT = (1.5, 8.0), 0.7


def p_coda(grid: Grid, arrival_s: Tensor, tau_s: Tensor) -> Tensor:
    """(1 - exp(-s / 0.05 s)) exp(-s / tau) from the arrival on, not scaled. Shape (b, nfft)."""
    s = (grid.time_s - arrival_s[:, None]).clamp_(min=0)
    rise = torch.exp(s * (-1 / RISE_P_S)).neg_().add_(1)
    return rise.mul_(s.mul_(-1 / tau_s[:, None]).exp_()).mul_(grid.end_taper)


def s_coda(grid: Grid, p_s: Tensor, s_s: Tensor, travel_s: Tensor, peak_delay_s: Tensor, exponent: Tensor,
           qc0: Tensor, ramp: Tensor) -> tuple[Tensor, Tensor]:
    """Envelopes of the S packet and its coda in the low and in the high band, not scaled.

    (s/tpk) exp(1 - s/tpk) + 0.5 (1 - exp(-s/tpk)) l^(-c) exp(-pi f_b s / Qc(f_b)) after S, with lapse ratio
    l = (T_S + s)/T_S, and a ramp a exp(-(tS - t) / (0.25 (tS - tP) + 0.05)) between P and S.

    Parameters
    ----------
    grid : Grid
    p_s, s_s : Tensor, shape (b,)
        Arrivals in the window.
    travel_s, peak_delay_s, exponent, qc0, ramp : Tensor, shape (b,)
        S travel time, tpk, c, Qc0 and a.

    Returns
    -------
    low, high : Tensor, shape (b, nfft)
    """
    since = grid.time_s - s_s[:, None]
    s = since.clamp(min=0)
    x = s / peak_delay_s[:, None]
    fall = torch.exp(-x)
    packet = x.mul_(torch.e).mul_(fall)
    before = since.clamp_(max=0).div_((0.25 * (s_s - p_s) + 0.05)[:, None]).exp_()
    before.mul_((grid.time_s > p_s[:, None]) & (grid.time_s < s_s[:, None])).mul_(ramp[:, None])
    packet.add_(before)
    lapse = torch.log1p(s / travel_s[:, None]).mul_(-exponent[:, None])
    body = fall.neg_().add_(1).mul_(0.5)
    out = []
    for band_hz in BANDS_HZ:
        rate = torch.pi * band_hz / (qc0 * band_hz**QC_EXPONENT)
        decay = torch.addcmul(lapse, s, -rate[:, None]).exp_()
        out.append(torch.addcmul(packet, body, decay).mul_(grid.end_taper))
    return out[0], out[1]


def energy_scale(envelope: Tensor, energy: Tensor) -> Tensor:
    """Factor that gives an envelope the sum of squares `energy`. Shape (b, 1); 0 for an empty envelope."""
    total = envelope.square().sum(1)
    return torch.where(total > 0, (energy / total.clamp(min=1e-30)).sqrt(), torch.zeros_like(total))[:, None]
