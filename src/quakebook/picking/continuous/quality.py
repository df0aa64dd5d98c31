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
#: Picks whose surroundings are in memory together.
PICKS_AT_ONCE = 500


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
    values, n = data.numpy(), data.shape[1]
    early, gap, late = (int(seconds * rate_hz) for seconds in (SETTLE_S + NOISE_S + GAP_S, GAP_S, SIGNAL_S))
    sos = signal.butter(2, CORNER_HZ, "highpass", fs=rate_hz, output="sos")
    offset, ratios = np.arange(-early, late), []
    for part in np.array_split(picks, max(1, -(-len(picks) // PICKS_AT_ONCE))):
        sample = part[:, None] + offset  # (k, samples)
        inside = (sample >= 0) & (sample < n)
        pieces = values[:, sample.clip(0, n - 1)].astype(np.float64)  # (component, k, samples); ends are repeated
        pieces = signal.sosfilt(sos, pieces - pieces[..., :1], axis=-1)
        noise, after = slice(early - gap - int(NOISE_S * rate_hz), early - gap), slice(early, None)
        powers = [_power(pieces[..., piece], inside[:, piece]) for piece in (after, noise)]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = 10 * np.log10(powers[0] / powers[1])
        ratios.append(np.where(np.isfinite(ratio), ratio, np.nan))
    return np.concatenate(ratios)


def _power(pieces: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean square over components and the samples inside (k, samples); NaN where these are less than half."""
    count = inside.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        power = (np.square(pieces) * inside).sum(axis=(0, 2)) / (len(pieces) * count)
    return np.where(count >= inside.shape[1] / 2, power, np.nan)
