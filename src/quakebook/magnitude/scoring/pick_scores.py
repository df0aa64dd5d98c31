"""Scores of pickers over whole windows, one pick per phase and window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import median_abs_deviation

#: A pick within this many seconds of the label is right.
TOLERANCES_S = (0.5, 0.1)


@dataclass(frozen=True)
class WindowPicks:
    """Highest value of one phase in each window, and the labelled pick.

    Attributes
    ----------
    height, position_s, labelled_s : ndarray, shape (windows,)
        Value and place of the maximum; label in seconds after the window start, NaN = none.
    """

    height: NDArray[np.float64]
    position_s: NDArray[np.float64]
    labelled_s: NDArray[np.float64]

    @property
    def error_s(self) -> NDArray[np.float64]:
        """Predicted minus labelled; NaN without a label."""
        return self.position_s - self.labelled_s


def detection_scores(picks: WindowPicks, threshold: float, tolerance_s: float) -> dict[str, float]:
    """Precision, recall and F1.

    A pick over the threshold within the tolerance is a true positive; any other pick is a false positive (also one in a
    window without label); a label without true positive is a false negative.
    """
    picked, labelled = picks.height >= threshold, np.isfinite(picks.labelled_s)
    hit = picked & labelled & (np.abs(picks.error_s) <= tolerance_s)
    true, n_picked, n_labelled = int(hit.sum()), int(picked.sum()), int(labelled.sum())
    precision = true / n_picked if n_picked else 0.0
    recall = true / n_labelled if n_labelled else float("nan")
    f1 = 2 * true / (n_picked + n_labelled) if n_picked + n_labelled else float("nan")
    return {"precision": precision, "recall": recall, "f1": f1, "n_picked": float(n_picked),
            "n_labelled": float(n_labelled)}


def best_threshold(picks: WindowPicks, tolerance_s: float = TOLERANCES_S[0]) -> float:
    """Threshold with the largest F1 (the lowest of equals), searched from 0.05 to 0.95 in steps of 0.01."""
    grid = np.arange(5, 96) / 100
    f1 = [np.nan_to_num(detection_scores(picks, value, tolerance_s)["f1"]) for value in grid]
    return float(grid[int(np.argmax(f1))])


def residual_scores(picks: WindowPicks, threshold: float, tolerance_s: float = TOLERANCES_S[0]) -> dict[str, float]:
    """Mean, std, RMS, MAE, median and MAD in seconds of the matched picks."""
    error = picks.error_s[(picks.height >= threshold) & (np.abs(picks.error_s) <= tolerance_s)]
    if not len(error):
        return {"n": 0.0} | dict.fromkeys(("mean", "std", "rms", "mae", "median", "mad"), float("nan"))
    return {"n": float(len(error)), "mean": float(error.mean()), "std": float(error.std()),
            "rms": float(np.sqrt((error ** 2).mean())), "mae": float(np.abs(error).mean()),
            "median": float(np.median(error)), "mad": float(median_abs_deviation(error))}


def trace_scores(squared_error: float, sum_label: float, sum_label_squared: float, n: int) -> dict[str, float]:
    """MSE, RMSE and R2 of whole probability traces from their sums: the reference's only output."""
    mse = squared_error / n
    spread = sum_label_squared - sum_label ** 2 / n
    return {"trace_mse": mse, "trace_rmse": mse ** 0.5, "trace_r2": 1 - squared_error / spread if spread else
            float("nan")}
