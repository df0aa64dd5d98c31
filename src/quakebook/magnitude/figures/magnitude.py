"""One magnitude model on its test records: the published evaluation figures."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from quakebook.magnitude.scoring.magnitude_errors import scores
from quakebook.plots import PALETTE, detached

from .data import RATE_HZ

Arrays = Mapping[str, np.ndarray]


def prediction_examples(examples: Arrays, title: str) -> Figure:
    """Up to five records; vertical component in grey, true and predicted magnitude per sample on a second axis."""
    count = min(len(examples["label"]), 5)
    rows = np.linspace(0, len(examples["label"]) - 1, count).round().astype(int)
    figure, panels = plt.subplots(count, 1, figsize=(7.0, 1.25 * count + 0.6), sharex=True, squeeze=False)
    for axes, row in zip(panels[:, 0], rows, strict=True):
        series_panel(axes, np.asarray(examples["waveforms"][row][0], float), np.asarray(examples["label"][row], float),
                     np.asarray(examples["predicted"][row], float))
    panels[0, 0].set_title(title)
    panels[-1, 0].set_xlabel("time in the window (s)")
    panels[0, 0].figure.axes[-count].legend(loc="upper left", ncols=2)
    return detached(figure)


def series_panel(axes: plt.Axes, trace: np.ndarray, label: np.ndarray, predicted: np.ndarray) -> plt.Axes:
    """One record: its Z component, and both magnitude series on the right-hand axis, which is returned."""
    time_s = np.arange(len(trace)) / RATE_HZ
    axes.plot(time_s, trace / max(np.abs(trace).max(), 1e-10), color="0.65", linewidth=0.5)
    axes.set(yticks=[], ylim=(-1.1, 1.1), xlim=(0, time_s[-1]))
    right = axes.twinx()
    right.plot(time_s, label, color="black", label="catalogue")
    right.plot(time_s, predicted, color=PALETTE[1], label="predicted")
    right.set(ylabel="M", ylim=(min(-0.5, predicted.min()), max(label.max(), predicted.max()) * 1.5 + 0.2))
    right.spines["right"].set_visible(True)
    return right


def distribution_comparison(true: ArrayLike, predicted: ArrayLike, title: str) -> Figure:
    """Histograms of true and predicted magnitudes (bins of 0.2 from 0 to 8), and error against true magnitude."""
    true, predicted = np.asarray(true, float), np.asarray(predicted, float)
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3.1))
    bins = np.arange(0, 8.01, 0.2)
    left.hist(np.clip(true, 0, 8), bins, color="0.7", label="catalogue")
    left.hist(np.clip(predicted, 0, 8), bins, histtype="step", color=PALETTE[1], linewidth=1.5, label="predicted")
    left.set(xlabel="magnitude", ylabel="records", title=f"(a) {title}")
    left.legend()
    residual_panel(right, true, predicted)
    right.set_title("(b)")
    return detached(figure)


def prediction_scatter(true: ArrayLike, predicted: ArrayLike, title: str) -> Figure:
    """Predicted against true magnitude, one point a record, with the 1:1 line."""
    figure, axes = plt.subplots(figsize=(4.2, 4.2))
    scatter_panel(axes, np.asarray(true, float), np.asarray(predicted, float))
    axes.set_title(title)
    return detached(figure)


def four_panels(true: ArrayLike, predicted: ArrayLike, title: str) -> Figure:
    """Scatter with R2, residual with RMSE, histogram of residuals with MAE, distributions."""
    figure, panels = plt.subplots(2, 2, figsize=(7.5, 6.4))
    _four(panels.ravel(), np.asarray(true, float), np.asarray(predicted, float))
    figure.suptitle(title)
    return detached(figure)


def six_panels(true: ArrayLike, predicted: ArrayLike, examples: Arrays | None, title: str) -> Figure:
    """The scatter figure's four panels, one example series, and boxes of absolute, positive and negative errors."""
    true, predicted = np.asarray(true, float), np.asarray(predicted, float)
    figure, panels = plt.subplots(3, 2, figsize=(7.5, 9.2))
    _four(panels.ravel()[:4], true, predicted)
    if examples and len(examples.get("label", ())):
        right = series_panel(panels[2, 0], np.asarray(examples["waveforms"][0][0], float),
                             np.asarray(examples["label"][0], float), np.asarray(examples["predicted"][0], float))
        right.legend(loc="upper left")
        panels[2, 0].set_xlabel("time in the window (s)")
    else:
        panels[2, 0].text(0.5, 0.5, "one magnitude per record:\nno series", ha="center",
                          transform=panels[2, 0].transAxes)
    error_boxes(panels[2, 1], predicted - true)
    for letter, axes in zip("ef", panels[2], strict=True):
        axes.set_title(f"({letter})")
    figure.suptitle(title)
    return detached(figure)


def error_boxes(axes: plt.Axes, error: np.ndarray) -> None:
    """Box plot of absolute, positive and negative errors."""
    parts = [np.abs(error), error[error > 0], error[error < 0]]
    axes.boxplot([part if len(part) else [np.nan] for part in parts], showfliers=False,
                 tick_labels=["absolute", "positive", "negative"], medianprops={"color": PALETTE[1]})
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.set_ylabel("error in magnitude")


def scatter_panel(axes: plt.Axes, true: np.ndarray, predicted: np.ndarray, **style: object) -> None:
    """Square panel of predicted against true with the 1:1 line."""
    low = np.floor(min(true.min(), predicted.min()) * 2) / 2
    high = np.ceil(max(true.max(), predicted.max()) * 2) / 2
    axes.plot([low, high], [low, high], color="0.5", linewidth=1, zorder=1)
    axes.scatter(true, predicted, s=8, alpha=0.6, linewidths=0, **{"color": PALETTE[0], **style})
    axes.set(xlabel="catalogue magnitude", ylabel="predicted magnitude", xlim=(low, high), ylim=(low, high))
    axes.set_aspect("equal")


def residual_panel(axes: plt.Axes, true: np.ndarray, predicted: np.ndarray) -> None:
    """Error against true magnitude."""
    axes.axhline(0, color="0.5", linewidth=1)
    axes.scatter(true, predicted - true, s=8, alpha=0.6, linewidths=0, color=PALETTE[0])
    axes.set(xlabel="catalogue magnitude", ylabel="error (predicted - catalogue)")


def _four(panels: np.ndarray, true: np.ndarray, predicted: np.ndarray) -> None:
    found = scores(true, predicted)
    scatter_panel(panels[0], true, predicted)
    panels[0].set_title(f"(a) R2 = {found['r2']:.3f}")
    residual_panel(panels[1], true, predicted)
    panels[1].set_title(f"(b) RMSE = {found['rmse']:.3f}")
    panels[2].hist(predicted - true, 50, color=PALETTE[0])
    panels[2].set(xlabel="error in magnitude", ylabel="records", title=f"(c) MAE = {found['mae']:.3f}")
    bins = np.linspace(min(true.min(), predicted.min()), max(true.max(), predicted.max()), 31)
    panels[3].hist(true, bins, color="0.7", label="catalogue")
    panels[3].hist(predicted, bins, histtype="step", color=PALETTE[1], linewidth=1.5, label="predicted")
    panels[3].set(xlabel="magnitude", ylabel="records", title="(d)")
    panels[3].legend()
