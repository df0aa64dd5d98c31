"""Figure: moving targets and the two predictions that follow them, for every scatter and skewness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from scipy.stats import gaussian_kde

from quakebook.bluedisc.studies.mean_target import mean_target
from quakebook.bluedisc.studies.moving_targets import Simulation

#: Steps drawn in the grid: 0, 50, ..., 300.
EVERY = 50
TIME_S = np.linspace(-3, 3, 601)
Cell = tuple[float, float]


def simulation_grid(cells: Mapping[Cell, Simulation]) -> Figure:
    """Draw all cells (scale_s, skew): one group of three panels for each skewness, one column for each scale.

    Parameters
    ----------
    cells : mapping of (scale_s, skew) to Simulation

    Returns
    -------
    Figure
        Of each cell: targets, point-wise prediction, Gaussian prediction; darker = later step.
    """
    scales, skews = sorted({scale for scale, _ in cells}), sorted({skew for _, skew in cells}, reverse=True)
    fig = plt.figure(figsize=(2.9 * len(scales), 3.7 * len(skews)))
    panels = fig.subplots(3 * len(skews), len(scales), sharex=True, sharey=True, squeeze=False)
    for axes, skew in zip(panels.reshape(len(skews), 3, len(scales)), skews, strict=True):
        for column, scale in enumerate(scales):
            draw_cell(axes[:, column], cells[scale, skew], first=column == 0)
            axes[0, column].set_title(f"Scale={scale:g} s, Skew={skew:g}", loc="center")
            axes[2, column].set_xlabel("Time (s)")
            axes[2, column].tick_params(labelbottom=True)
    plt.close(fig)
    return fig


def single_cell(result: Simulation) -> Figure:
    """One cell alone, three panels one above the other."""
    fig, axes = plt.subplots(3, 1, figsize=(6, 7), sharex=True, sharey=True)
    draw_cell(axes, result)
    axes[0].set_title(f"Scale={result.scale_s:g} s, Skew={result.skew:g}", loc="center")
    axes[2].set_xlabel("Time (s)")
    plt.close(fig)
    return fig


def draw_cell(axes: Sequence[Axes], result: Simulation, first: bool = True) -> None:
    """Targets, point-wise curves and Gaussian curves of one cell on three axes."""
    last = len(result.pointwise) - 1
    steps = sorted({*range(0, last + 1, EVERY), last}) if last >= EVERY else [0, last]
    maps = [_shades(name) for name in ("Greens", "Blues", "Reds")]
    draw_targets(axes[0], result, maps[0])
    for step in steps:
        shade = step / max(last, 1)
        axes[1].plot(result.pointwise_time_s, result.pointwise[step], "o-", ms=1.0, lw=0.7, color=maps[1](shade))
        axes[2].plot(TIME_S, gaussian_curve(result, step), lw=1.1, color=maps[2](shade))
    for axis, colours, label in zip(axes, maps, ("Targets", "Point-wise", "Gaussian"), strict=True):
        axis.set(xlim=(-3, 3), ylim=(0, 1.1), xticks=(-2, 0, 2))
        axis.text(0.03, 0.93, label, transform=axis.transAxes, va="top", fontsize=9, color=colours(1.0))
        _step_bar(axis, colours, last)
    if first:
        for axis, label in zip(axes, ("Density", "Probability", "Probability"), strict=True):
            axis.set_ylabel(label)


def draw_targets(axis: Axes, result: Simulation, colours: Colormap) -> None:
    """Time of each target against its step, over their smoothed density (largest value 1)."""
    times = result.target_time_s
    share = np.arange(len(times)) / max(len(times) - 1, 1)
    if len(times) > 2:
        grid = np.linspace(-3, 3, 200)
        density = gaussian_kde(times)(grid)
        axis.fill_between(grid, density / density.max(), color="0.85")
        axis.plot(grid, density / density.max(), color="black", lw=0.8)
    axis.scatter(times, share, s=2.5, c=colours(share), linewidths=0)


def gaussian_curve(result: Simulation, step: int) -> np.ndarray:
    """The Gaussian prediction at one step, on `TIME_S`."""
    return result.gaussian_height[step] * np.exp(-0.5 * ((TIME_S - result.gaussian_position_s[step]) / 0.2) ** 2)


def theory_curve(result: Simulation) -> np.ndarray:
    """Mean target of the law behind the cell, on `TIME_S`."""
    return mean_target(TIME_S, result.scale_s, result.skew)


def _shades(name: str) -> Colormap:
    """The upper part of a colour map, so that the first step can still be seen on white."""
    return LinearSegmentedColormap.from_list(name, colormaps[name](np.linspace(0.3, 1.0, 128)))


def _step_bar(axis: Axes, colours: Colormap, last: int) -> None:
    inset = axis.inset_axes((0.7, 0.88, 0.26, 0.05))
    bar = axis.figure.colorbar(ScalarMappable(Normalize(0, max(last, 1)), colours), cax=inset,
                               orientation="horizontal", ticks=[0, max(last, 1)])
    bar.ax.tick_params(labelsize=7, length=2, pad=1)
    bar.set_label("Step", fontsize=7, labelpad=-6)
