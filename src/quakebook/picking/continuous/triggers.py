"""Picks of one probability curve: only the few samples above half the threshold leave the device."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakebook.picking.peaks import find_picks

#: Full width at half maximum of a Gaussian, in standard deviations.
FWHM = 2.3548


@dataclass(frozen=True)
class Peaks:
    """Picks of one curve, in order of time.

    Attributes
    ----------
    on, off, peak : ndarray, shape (k,), int64
        Samples: first at or above the threshold, last at or above half of it, highest.
    height : ndarray, shape (k,), float32
    width : ndarray, shape (k,), float64
        Samples at or above half of the peak's height, round the peak, as a standard deviation of a Gaussian that is as
        wide. It says how blunt the curve is; it is no calibrated error.
    """

    on: NDArray[np.int64]
    off: NDArray[np.int64]
    peak: NDArray[np.int64]
    height: NDArray[np.float32]
    width: NDArray[np.float64]


def find(curve: Tensor, threshold: float, picker: str = "trigger", distance: int = 100) -> Peaks:
    """Picks of a curve (samples,); NaN is below every threshold.

    Parameters
    ----------
    curve : Tensor, shape (samples,), float32
    threshold : float
    picker : {"trigger", "peaks"}
        "trigger": the highest sample of each stretch that begins at the threshold and ends at half of it, as
        `obspy.signal.trigger.trigger_onset` and SeisBench. "peaks": `find_picks`.
    distance : int
        Smallest distance of two peaks, in samples ("peaks" only).
    """
    index = torch.nonzero(curve >= threshold / 2)[:, 0]
    value = curve[index].cpu().numpy()
    index = index.cpu().numpy()
    if picker == "trigger":
        on, off, peak = _triggers(index, value, threshold)
    else:
        place, _ = find_picks(torch.nan_to_num(curve, nan=0.0), threshold, distance)
        peak = np.searchsorted(index, place)
        run = _runs(index)
        which = np.searchsorted(run, peak, side="right") - 1
        on, off = run[which], np.append(run, len(index))[which + 1] - 1
    width = np.array([_width(index, value, p) for p in peak.tolist()], dtype=np.float64)
    return Peaks(index[on], index[off], index[peak], value[peak], width)


def _runs(index: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions in `index` at which a stretch of neighbouring samples begins."""
    return np.flatnonzero(np.diff(index, prepend=-2) > 1)


def _triggers(index: NDArray[np.int64], value: NDArray[np.float32],
              threshold: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """First sample over the threshold, end and highest sample of each stretch, as positions in `index`."""
    begin = _runs(index)
    over = np.flatnonzero(value >= np.float32(threshold))
    end = np.append(begin, len(index))[1:]
    place = np.searchsorted(over, begin)
    first = np.append(over, len(index))[place]
    kept = first < end
    on, off = first[kept], end[kept] - 1
    peak = np.array([a + int(value[a:b + 1].argmax()) for a, b in zip(on.tolist(), off.tolist(), strict=True)], int)
    return on, off, peak


def _width(index: NDArray[np.int64], value: NDArray[np.float32], peak: int) -> float:
    """Samples round `peak` at or above half its height, over 2.35."""
    half, low, high = value[peak] / 2, peak, peak
    while low > 0 and index[low] - index[low - 1] == 1 and value[low - 1] >= half:
        low -= 1
    while high + 1 < len(index) and index[high + 1] - index[high] == 1 and value[high + 1] >= half:
        high += 1
    return (high - low + 1) / FWHM
