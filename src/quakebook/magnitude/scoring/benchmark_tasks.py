"""The three tasks of the pick-benchmark (Muenchmeyer et al. 2022): detection, phase identification, onset time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

Floats = NDArray[np.float64]


def detection(score: Floats, is_event: NDArray[np.bool_], threshold: float) -> dict[str, float]:
    """AUC and F1 of telling events from noise on 30 s windows; `score` is the larger of the P and S maxima."""
    if is_event.all() or not is_event.any():
        return {"auc": float("nan"), "f1": float("nan"), "threshold": threshold}
    return {"auc": float(roc_auc_score(is_event, score)), "threshold": threshold,
            "f1": float(f1_score(is_event, score >= threshold, zero_division=0))}


def phase_identification(score_p: Floats, score_s: Floats, is_p: NDArray[np.bool_],
                         threshold: float) -> dict[str, float]:
    """F1 (of P) and Matthews coefficient on 10 s windows with one onset: P where log(p / s) exceeds the threshold."""
    if is_p.all() or not is_p.any():
        return {"f1": float("nan"), "matthews": float("nan"), "threshold": threshold}
    called_p = log_ratio(score_p, score_s) >= threshold
    return {"f1": float(f1_score(is_p, called_p, zero_division=0)), "threshold": threshold,
            "matthews": float(matthews_corrcoef(is_p, called_p))}


def onset_time(error_s: Floats) -> dict[str, float]:
    """Residuals of all onsets, without any threshold. The benchmark calls the RMS "std"; here it has its own name."""
    if not len(error_s):
        return {"n": 0.0} | dict.fromkeys(("mean", "rms", "mae", "outside_1s"), float("nan"))
    return {"n": float(len(error_s)), "mean": float(error_s.mean()), "rms": float(np.sqrt((error_s ** 2).mean())),
            "mae": float(np.abs(error_s).mean()), "outside_1s": float((np.abs(error_s) > 1.0).mean())}


def log_ratio(score_p: Floats, score_s: Floats) -> Floats:
    """log(p / s) with a floor of 1e-6."""
    return np.log(np.maximum(score_p, 1e-6) / np.maximum(score_s, 1e-6))


def optimal_threshold(score: Floats, truth: NDArray[np.bool_]) -> float:
    """Threshold with the best F1 among the quantiles of the scores (taken on dev, used on test)."""
    if not len(score):
        return 0.5
    grid = np.unique(np.quantile(score, np.linspace(0.0, 1.0, 101)))
    return float(grid[int(np.argmax([f1_score(truth, score >= value, zero_division=0) for value in grid]))])
