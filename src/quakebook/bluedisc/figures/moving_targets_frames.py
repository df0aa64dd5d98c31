"""Small pictures for sliders that work without Python: scatter by skewness, and one cell through its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.bluedisc.studies.moving_targets import Simulation

from .moving_targets import TIME_S, gaussian_curve, theory_curve

SIZE_INCHES = (6.0, 2.7)
#: Scales between and beyond the published ones.
EXPLORER_SCALES_S = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


def scatter_frames(cells: Mapping[tuple[float, float], Simulation]) -> dict[str, list[Figure]]:
    """Frames for `plots.grid_explorer`: "skew -10" -> one frame per scale, in rising order."""
    skews = sorted({skew for _, skew in cells}, reverse=True)
    return {f"skew {skew:g}": [frame(cells[scale, a]) for scale, a in sorted(cells) if a == skew] for skew in skews}


def step_frames(result: Simulation, steps: Sequence[int]) -> list[Figure]:
    """Frames for `plots.explorer`: one cell at several steps."""
    return [frame(result, step) for step in steps]


def frame(result: Simulation, step: int | None = None) -> Figure:
    """Targets so far, and both predictions before the update of one step (the last by default)."""
    step = len(result.pointwise) - 1 if step is None else step
    fig, (left, right) = plt.subplots(1, 2, figsize=SIZE_INCHES, sharex=True, sharey=True)
    for axes, title in ((left, "(a) point-wise"), (right, "(b) Gaussian")):
        _ground(axes, result, step)
        axes.axhline(0.7, color="0.6", lw=0.8, ls=":")
        axes.set(title=title, xlabel="Time (s)", xlim=(-1.6, 1.6), ylim=(0, 1.05))
    left.set_ylabel("Probability")
    left.plot(result.pointwise_time_s, result.pointwise[step], ".-", ms=3, color=plots.PALETTE[0])
    right.plot(TIME_S, gaussian_curve(result, step), color=plots.PALETTE[1])
    peaks = result.pointwise[step].max(), result.gaussian_height[step]
    for axes, peak in zip((left, right), peaks, strict=True):
        axes.text(0.98, 0.96, f"peak {peak:.2f}", transform=axes.transAxes, ha="right", va="top")
    left.text(0.03, 0.96, f"scale {result.scale_s:g} s\nskew {result.skew:g}\nstep {step}", transform=left.transAxes,
              va="top", fontsize=8)
    plt.close(fig)
    return fig


def _ground(axes: Axes, result: Simulation, step: int) -> None:
    axes.plot(TIME_S, theory_curve(result), color="0.75", lw=3)
    seen = result.target_time_s[:step + 1]
    axes.plot(seen, np.full(len(seen), 0.02), "|", ms=6, mew=0.5, color=plots.PALETTE[2])
