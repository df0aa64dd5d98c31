"""Figure: the loss surface of a single height at a single time, and of a peak that moves and grows as a whole."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook.bluedisc.studies.landscape import (
    DOT_TIMES_S,
    PREDICTION_HEIGHT,
    PREDICTION_TIME_S,
    SPAN_S,
    Surface,
    gaussian_pull,
    label_curve,
    pointwise_pull,
    prediction_curve,
)

#: Over blue and red surfaces only white, black and yellow stay readable; the prediction is outlined.
PREDICTION_COLOUR, UPDATE_COLOUR = "#D40000", "#FFE34D"


def landscape(pointwise: Surface, whole: Surface) -> Figure:
    """Draw both loss surfaces with the downhill direction for a prediction that is late and too low.

    Parameters
    ----------
    pointwise, whole : tuple
        Results of `landscape_pointwise` and `landscape_gaussian`.

    Returns
    -------
    Figure
        (a) one time at a time: arrows only up or down; (b) the peak as a whole: the arrow points to the label.
    """
    fig, (upper, lower) = plt.subplots(2, 1, figsize=(10, 6), sharex=False)
    _surface(fig, upper, pointwise, levels=50)
    _surface(fig, lower, whole, levels=100)
    _pointwise_overlay(upper, pointwise)
    _whole_overlay(lower, whole)
    upper.set(title="(a) every time on its own", xlabel="Time (s)", ylabel="Height")
    lower.set(title="(b) a peak that keeps its shape", xlabel="Peak position (s)", ylabel="Peak height")
    plt.close(fig)
    return fig


def _surface(fig: Figure, axes: Axes, surface: Surface, levels: int) -> None:
    loss, time_s, height = surface
    filled = axes.contourf(time_s, height, loss, levels=levels, cmap="RdBu_r", alpha=0.8)
    lines = axes.contour(time_s, height, loss, levels=10, colors="black", linewidths=0.4)
    axes.clabel(lines, fontsize=7, fmt="%.2g", manual=_label_places(surface, lines.levels))
    fig.colorbar(filled, ax=axes, label="BCE loss", pad=0.02)


def _label_places(surface: Surface, levels: np.ndarray) -> list[tuple[float, float]]:
    """Where the contour lines cross the left edge's column, and the middle row right of the label: clear of curves."""
    loss, time_s, height = surface
    column, middle = len(time_s) // 10, len(height) // 2
    rises = [float(np.interp(level, loss[:, column], height)) for level in levels
             if loss[0, column] < level < 0.6 * loss[-1, column]]
    right = loss[middle, len(time_s) // 2:]
    runs = [float(np.interp(level, right, time_s[len(time_s) // 2:])) for level in levels if np.ptp(right) > 0.1
            and right[0] < level < right[-1]]
    return [(time_s[column], y) for y in rises] + [(x, height[middle]) for x in runs]


def _overlay(axes: Axes) -> Axes:
    twin = axes.twinx()
    twin.set(ylim=(0, 1), yticks=[], xlim=(-SPAN_S, SPAN_S))
    axes.set_ylim(0.01, 0.99)
    return twin


def _pointwise_overlay(axes: Axes, surface: Surface) -> None:
    twin, time_s = _overlay(axes), np.linspace(-SPAN_S, SPAN_S, 701)
    twin.plot(time_s, label_curve(time_s), color="white", lw=3, label="Label curve")
    twin.plot(time_s, prediction_curve(time_s), color=PREDICTION_COLOUR, lw=2, label="Prediction curve")
    value = prediction_curve(DOT_TIMES_S)
    step = pointwise_pull(surface, DOT_TIMES_S, value)
    for time, height, change in zip(DOT_TIMES_S, value, step, strict=True):
        _arrow(twin, (time, height), (time, height + change))
    twin.plot(DOT_TIMES_S, value, "o", ms=5, color=UPDATE_COLOUR, mec="black", mew=0.6, label="Updates")
    _legend(twin)


def _whole_overlay(axes: Axes, surface: Surface) -> None:
    twin, time_s = _overlay(axes), np.linspace(-SPAN_S, SPAN_S, 701)
    shift_s, rise = gaussian_pull(surface, PREDICTION_TIME_S, PREDICTION_HEIGHT)
    end = PREDICTION_TIME_S + shift_s, PREDICTION_HEIGHT + rise
    twin.plot(time_s, prediction_curve(time_s), color=PREDICTION_COLOUR, lw=2, label="Prediction curve")
    twin.plot(time_s, prediction_curve(time_s, *end), color=UPDATE_COLOUR, lw=1.8, ls="--", label="After the update")
    _arrow(twin, (PREDICTION_TIME_S, PREDICTION_HEIGHT), end)
    twin.plot(PREDICTION_TIME_S, PREDICTION_HEIGHT, "o", ms=5, color=PREDICTION_COLOUR, mec="black", mew=0.6)
    _legend(twin)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    style: dict[str, Any] = {"arrowstyle": "-|>", "lw": 1.8, "color": UPDATE_COLOUR, "shrinkA": 0, "shrinkB": 0,
                             "mutation_scale": 9}
    axes.annotate("", xy=end, xytext=start, arrowprops=style, zorder=5)


def _legend(axes: Axes) -> None:
    legend = axes.legend(loc="lower left", frameon=True, framealpha=0.9, facecolor="#555555", labelcolor="white")
    legend.set_zorder(6)
