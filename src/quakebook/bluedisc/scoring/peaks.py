"""What the chapter measures about a picker: precise picks, heights, widths, price, reliability."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakebook.bluedisc.settings import EvaluationConfig
from quakebook.picking.matching import match_batch
from quakebook.picking.peaks import find_picks_batch
from quakebook.picking.windows import inside

PHASES = ("P", "S")
SAMPLING_RATE_HZ = 100.0
_NONE = 1e9


@dataclass(frozen=True)
class Peaks:
    """All predicted peaks of one phase over many windows, and the labels they were compared with.

    Attributes
    ----------
    window : ndarray, shape (p,), int32
        Window of each predicted peak.
    position_samples, height : ndarray, shape (p,), float32
    error_samples : ndarray, shape (p,), float32
        Predicted minus labelled of the matched peaks, NaN for the others.
    distance_samples : ndarray, shape (p,), float32
        To the nearest label of the phase in the window, infinite where there is none.
    width_samples : ndarray, shape (p,), float32
        Full width at half of the peak's height.
    label_at_peak : ndarray, shape (p,), float32
        Label curve at the peak: what a calibrated height would be on average.
    labels : ndarray, shape (windows,), int32
        Labelled picks per window.
    """

    window: NDArray[np.int32]
    position_samples: NDArray[np.float32]
    height: NDArray[np.float32]
    error_samples: NDArray[np.float32]
    distance_samples: NDArray[np.float32]
    width_samples: NDArray[np.float32]
    label_at_peak: NDArray[np.float32]
    labels: NDArray[np.int32]

    def arrays(self, prefix: str) -> dict[str, NDArray]:
        """The fields under names that begin with `prefix`, for a file."""
        return {f"{prefix}_{f.name}": getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray], prefix: str) -> Peaks:
        """Inverse of `arrays`."""
        return cls(**{f.name: np.asarray(arrays[f"{prefix}_{f.name}"]) for f in fields(cls)})


def find_peaks(curves: Tensor, label: Tensor, picks: Tensor, settings: EvaluationConfig, first: int = 0) -> Peaks:
    """Peaks of one phase in a batch of windows, matched greedily with the labelled picks.

    Parameters
    ----------
    curves, label : Tensor, shape (b, samples)
        Prediction and label curve of the phase.
    picks : Tensor, shape (b, k)
        Labelled picks, samples after the window start; NaN = none. Those on the edge or outside do not count.
    first : int
        Number of the first window of the batch.
    """
    labelled = inside(picks, curves.shape[1])
    positions, heights = find_picks_batch(curves, settings.height, settings.distance_samples)
    row, column = torch.nonzero(~positions.isnan(), as_tuple=True)
    partner = match_batch(positions, labelled)
    errors = torch.full_like(positions, torch.nan)
    window, which = torch.nonzero(partner >= 0, as_tuple=True)
    chosen = partner[window, which]
    errors[window, chosen] = (positions[window, chosen] - labelled[window, which]).to(errors.dtype)
    at = positions[row, column].long()
    gaps = (positions[row, column][:, None] - torch.nan_to_num(labelled[row], nan=-_NONE)).abs()
    nearest = gaps.amin(1) if labelled.shape[1] else torch.full((len(row),), torch.inf, device=curves.device)
    nearest = nearest.where(nearest < _NONE / 2, torch.inf)
    found = {"window": row + first, "position_samples": positions[row, column], "height": heights[row, column],
             "error_samples": errors[row, column], "distance_samples": nearest,
             "width_samples": half_width(curves[row], at), "label_at_peak": label[row, at],
             "labels": (~labelled.isnan()).sum(1)}
    whole = ("window", "labels")
    return Peaks(**{name: value.cpu().numpy().astype(np.int32 if name in whole else np.float32)
                    for name, value in found.items()})


def half_width(curves: Tensor, at: Tensor) -> Tensor:
    """Full width at half height of the peak at sample `at` (p,) of each curve (p, samples), in samples.

    Crossings are interpolated linearly; a curve that never falls to half ends at the window's edge.
    """
    if not len(curves):
        return curves.new_zeros(0)
    n = curves.shape[1]
    half = 0.5 * curves.gather(1, at[:, None])
    sample = torch.arange(n, device=curves.device)
    low = curves <= half
    left = torch.where(low & (sample < at[:, None]), sample, -1).amax(1)
    right = torch.where(low & (sample > at[:, None]), sample, n).amin(1)
    return _crossing(curves, half, right, right - 1, n) - _crossing(curves, half, left, left + 1, n)


def _crossing(curves: Tensor, half: Tensor, outside: Tensor, inner: Tensor, n: int) -> Tensor:
    below = curves.gather(1, outside.clamp(0, n - 1)[:, None])
    above = curves.gather(1, inner.clamp(0, n - 1)[:, None])
    share = ((half - below) / (above - below)).nan_to_num(0.0, 0.0, 0.0).clamp(0, 1)[:, 0]
    return (outside + share * (inner - outside)).where((outside >= 0) & (outside < n), inner.to(share.dtype))


def join(parts: list[Peaks]) -> Peaks:
    """Put the peaks of several batches together."""
    return Peaks(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Peaks)})


def statistics(peaks: Peaks, settings: EvaluationConfig) -> dict[str, float]:
    """Shares in percent of the label count, and heights, widths and precision of the peaks.

    Returns
    -------
    dict
        label_count, tp, below, precise (percent of the labels); middle (precise peaks of height 0.4 to 0.6, percent of
        the labels); height_05, height_50, height_95 of precise peaks; width (median, samples); late_s (median signed
        error of matches within 1 s); precision and far (percent of the peaks at or over the threshold that lie within
        0.1 s of, and more than 0.5 s from, any label).
    """
    count = int(peaks.labels.sum())
    precise = np.abs(peaks.error_samples) <= settings.precise_samples
    high = peaks.height >= settings.confidence
    matched = np.abs(peaks.error_samples) <= SAMPLING_RATE_HZ
    heights = peaks.height[precise]
    middle = precise & (peaks.height >= 0.4) & (peaks.height < 0.6)
    near = peaks.distance_samples[high]
    return {"label_count": float(count), "tp": _percent((precise & high).sum(), count),
            "below": _percent((precise & ~high).sum(), count), "precise": _percent(precise.sum(), count),
            "middle": _percent(middle.sum(), count),
            **{f"height_{q:02d}": _quantile(heights, q / 100) for q in (5, 50, 95)},
            "width": _quantile(peaks.width_samples[precise], 0.5),
            "late_s": _quantile(peaks.error_samples[matched], 0.5) / SAMPLING_RATE_HZ,
            "high_count": float(len(near)),
            "precision": _percent((near <= settings.precise_samples).sum(), len(near)),
            "far": _percent((near > 50).sum(), len(near))}


def _percent(part: int, whole: int) -> float:
    return 100.0 * float(part) / whole if whole else float("nan")


def _quantile(values: NDArray, q: float) -> float:
    return float(np.quantile(values, q)) if len(values) else float("nan")
