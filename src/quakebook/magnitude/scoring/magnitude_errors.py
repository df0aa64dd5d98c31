"""Errors of magnitudes: overall, in bins, per event, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import linregress, median_abs_deviation
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

Floats = NDArray[np.float64]
BIN_WIDTH = 0.5


def scores(true: ArrayLike, predicted: ArrayLike) -> dict[str, float]:
    """n, MAE, RMSE, R2, bias (mean error), standard deviation, median and MAD of the error, slope and intercept.

    Error = predicted - true. `slope` is that of the error against the true magnitude: 0 means no regression to the
    mean, -1 a constant answer. R2 and slope are NaN for fewer than two different magnitudes.
    """
    true, predicted = _pair(true, predicted)
    n = len(true)
    if not n:
        return {"n": 0.0} | dict.fromkeys(("mae", "rmse", "r2", "bias", "std", "median", "mad", "slope", "intercept"),
                                          float("nan"))
    error, nan = predicted - true, float("nan")
    several = bool(np.ptp(true) > 0)
    slope, intercept = linregress(true, error)[:2] if several else (nan, nan)
    return {
        "n": float(n), "mae": float(mean_absolute_error(true, predicted)),
        "rmse": float(root_mean_squared_error(true, predicted)),
        "r2": float(r2_score(true, predicted)) if several else nan, "bias": float(error.mean()),
        "std": float(error.std()), "median": float(np.median(error)), "mad": float(median_abs_deviation(error)),
        "slope": float(slope), "intercept": float(intercept),
    }


def binned(true: ArrayLike, predicted: ArrayLike, by: ArrayLike, edges: ArrayLike) -> list[dict[str, float]]:
    """Scores in classes of `by`: ``edges[k] <= by < edges[k + 1]``; empty classes are left out."""
    true, predicted = _pair(true, predicted)
    by, edges = np.asarray(by, float), np.asarray(edges, float)
    rows = []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        here = (by >= low) & (by < high)
        if here.any():
            rows.append({"low": float(low), "high": float(high), **scores(true[here], predicted[here])})
    return rows


def magnitude_edges(true: ArrayLike, width: float = BIN_WIDTH) -> Floats:
    """Bin edges at multiples of `width` that hold all magnitudes."""
    true = np.asarray(true, float)
    low, high = np.floor(true.min() / width), np.floor(true.max() / width) + 1
    return np.arange(low, high + 1) * width


def per_event(true: ArrayLike, predicted: ArrayLike, event: ArrayLike) -> dict[str, float]:
    """Scores after averaging the predictions of all stations of an event."""
    true, predicted = _pair(true, predicted)
    _, group = np.unique(np.asarray(event, str), return_inverse=True)
    count = np.bincount(group)
    return scores(np.bincount(group, true) / count, np.bincount(group, predicted) / count)


def bootstrap(true: ArrayLike, predicted: ArrayLike, event: ArrayLike, draws: int = 1000, seed: int = 0,
              measures: Mapping[str, Callable[[Floats, Floats], float]] | None = None) -> dict[str, list[float]]:
    """95 % intervals of MAE, RMSE and R2, drawing events (not records) with replacement.

    Returns
    -------
    dict
        Measure -> [2.5 %, 97.5 %].
    """
    true, predicted = _pair(true, predicted)
    names, group = np.unique(np.asarray(event, str), return_inverse=True)
    count = _draw_weights(len(names), draws, seed)[:, group]  # (draws, records): times each record is drawn
    if measures is not None:
        rows = [np.repeat(np.arange(len(true)), weight) for weight in count]
        return {name: _interval([measure(true[row], predicted[row]) for row in rows])
                for name, measure in measures.items()}
    n = count.sum(1)
    error = predicted - true
    squared = count @ error ** 2
    mean = count @ true / n
    spread = count @ true ** 2 - n * mean ** 2
    different = spread > 1e-9 * n  # a draw of one magnitude only has no R2
    r2 = np.where(different, 1 - squared / np.where(different, spread, 1.0), np.nan)
    return {"mae": _interval(count @ np.abs(error) / n), "rmse": _interval(np.sqrt(squared / n)), "r2": _interval(r2)}


def noise_scores(values: ArrayLike) -> dict[str, float]:
    """What a per-sample model answers on noise: mean and share above 0.5."""
    values = np.asarray(values, float)
    if not len(values):
        return {"n": 0.0, "mean": float("nan"), "share_above_0.5": float("nan")}
    return {"n": float(len(values)), "mean": float(values.mean()), "share_above_0.5": float((values > 0.5).mean())}


def _draw_weights(n_events: int, draws: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).multinomial(n_events, np.full(n_events, 1 / n_events), size=draws)


def _interval(values: ArrayLike) -> list[float]:
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if not len(values):
        return [float("nan")] * 2
    return [float(value) for value in np.quantile(values, [0.025, 0.975])]


def _pair(true: ArrayLike, predicted: ArrayLike) -> tuple[Floats, Floats]:
    true, predicted = np.asarray(true, np.float64), np.asarray(predicted, np.float64)
    if true.shape != predicted.shape or true.ndim != 1:
        raise ValueError(f"true and predicted magnitudes must be two rows of one length; found {true.shape} and "
                         f"{predicted.shape}")
    return true, predicted
