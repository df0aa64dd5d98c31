"""How clearly a pick stands out of what came before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from torch import Tensor

#: Signal after and noise before the pick, and the corner of the high-pass (chosen).
SIGNAL_S, NOISE_S, GAP_S, CORNER_HZ = 2.0, 4.0, 0.2, 1.0
#: Time that the filter gets to settle before the noise window.
SETTLE_S = 4.0


def snr_db(data: Tensor, rate_hz: float, picks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Signal-to-noise ratio of picks.

    ``20 log10(rms after / rms before)`` over all components, 2 s after the pick against the 4 s that end 0.2 s before
    it, above 1 Hz (Butterworth, two poles). The noise before an S pick is the coda of P.

    Parameters
    ----------
    data : Tensor, shape (component, samples), on the host
    rate_hz : float
    picks : ndarray, shape (k,)
        Sample numbers.

    Returns
    -------
    ndarray, shape (k,)
        NaN where less than half of either window lies inside the segment, or where a window is silent.
    """
    if not len(picks):
        return np.zeros(0)
    values, n = data.numpy(), data.shape[1]
    sos = signal.butter(2, CORNER_HZ, "highpass", fs=rate_hz, output="sos")
    before, after = int((SETTLE_S + NOISE_S + GAP_S) * rate_hz), int(SIGNAL_S * rate_hz)
    ratios = []
    for pick in picks.tolist():
        low, high = max(0, pick - before), min(n, pick + after)
        piece = values[:, low:high].astype(np.float64)
        piece = signal.sosfilt(sos, piece - piece[:, :1], axis=1)
        onset, gap = pick - low, int(GAP_S * rate_hz)
        noise = piece[:, max(0, onset - gap - int(NOISE_S * rate_hz)):max(0, onset - gap)]
        ratios.append(_ratio_db(piece[:, onset:], noise, after // 2, int(NOISE_S * rate_hz) // 2))
    return np.array(ratios)


def _ratio_db(late: NDArray, early: NDArray, shortest_late: int, shortest_early: int) -> float:
    if late.shape[1] < shortest_late or early.shape[1] < shortest_early:
        return float("nan")
    powers = np.square(late).mean(), np.square(early).mean()
    return float(10 * np.log10(powers[0] / powers[1])) if min(powers) > 0 else float("nan")
