"""Figure: final peak height against the scatter of the targets, measured, predicted and published."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.bluedisc.studies.mean_target import mean_target_peak
from quakebook.bluedisc.studies.moving_targets import Simulation

Key = tuple[float, float, int]
#: Final heights read off the published figure to 0.05: scale_s -> value, for each skewness.
PUBLISHED_POINTWISE = {0.0: {0.1: 0.85, 0.2: 0.70, 0.3: 0.55, 0.5: 0.40},
                       -10.0: {0.1: 0.90, 0.2: 0.80, 0.3: 0.75, 0.5: 0.60}}
PUBLISHED_GAUSSIAN = {0.0: {0.1: 0.90, 0.2: 0.85, 0.3: 0.75, 0.5: 0.70},
                      -10.0: {0.1: 0.95, 0.2: 0.90, 0.3: 0.85, 0.5: 0.75}}
THRESHOLD = 0.7


def peak_against_scatter(grid: Mapping[Key, Simulation]) -> Figure:
    """Compare final heights with the mean target and with the published figure.

    Parameters
    ----------
    grid : mapping of (scale_s, skew, seed) to Simulation

    Returns
    -------
    Figure
        One panel for each skewness: mean and standard deviation over the seeds, the theory's line, published values.
    """
    skews = sorted({skew for _, skew, _ in grid}, reverse=True)
    fig, row = plt.subplots(1, len(skews), figsize=(plots.WIDTH_INCHES, 3.6), sharey=True, squeeze=False)
    for letter, axes, skew in zip("abcdefgh", row[0], skews, strict=False):
        _panel(axes, grid, skew)
        axes.set(title=f"({letter}) skew {skew:g}", xlabel="Scale of the target times (s)", ylim=(0, 1.02))
    row[0, 0].set_ylabel("Height after the last step")
    handles, labels = row[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=3)
    plt.close(fig)
    return fig


def final_heights(grid: Mapping[Key, Simulation], scale_s: float, skew: float) -> tuple[np.ndarray, np.ndarray]:
    """Point-wise peaks and Gaussian heights of all seeds of one cell."""
    chosen = [result for (scale, a, _), result in grid.items() if (scale, a) == (scale_s, skew)]
    return (np.array([result.pointwise_peak for result in chosen]),
            np.array([result.gaussian_height[-1] for result in chosen]))


def _panel(axes: Axes, grid: Mapping[Key, Simulation], skew: float) -> None:
    scales = np.array(sorted({scale for scale, a, _ in grid if a == skew}))
    pairs = [final_heights(grid, scale, skew) for scale in scales]
    line_s = np.linspace(0.01, 1.05 * scales.max(), 60)
    blue, red = plots.PALETTE[0], plots.PALETTE[1]
    axes.axhline(THRESHOLD, color="0.6", lw=0.8, ls=":", label="picking threshold")
    axes.plot(line_s, [mean_target_peak(s, skew)[1] for s in line_s], color=blue, lw=1, label="mean target (theory)")
    for values, colour, name, published in zip(zip(*pairs, strict=True), (blue, red), ("point-wise", "Gaussian"),
                                               (PUBLISHED_POINTWISE, PUBLISHED_GAUSSIAN), strict=True):
        mean, std = np.array([v.mean() for v in values]), np.array([v.std() for v in values])
        axes.errorbar(scales, mean, std, fmt="o", ms=4, capsize=2, color=colour, label=f"{name}, mean and std")
        printed = published.get(skew, {})
        axes.plot(list(printed), list(printed.values()), "s", ms=8, mfc="none", color=colour,
                  label=f"{name}, published")
