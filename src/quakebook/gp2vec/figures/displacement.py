"""Displacement of the stick-slip sequence: truth and predictions, and the features coloured by the true stress."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, subplots
from quakebook.plots.style import book_style

#: Names of methods as a reader would name them.
METHODS = {"trees": "boosted trees", "pretrained.0": "pretrained network", "random.0": "untrained network",
           "other_data.0": "pretrained on other data", "oracle": "oracle"}


def held_out_cycles(arrays: Mapping[str, np.ndarray], methods: tuple[str, ...] = ("trees", "pretrained.0")) -> Figure:
    """Displacement over the test cycles, and predicted against true values."""
    rows = arrays["test"]
    time, truth = arrays["end_s"][rows] / 60, arrays["truth_mm"][rows]
    shown = [name for name in methods if f"predicted_{name}" in arrays]
    with book_style():
        fig, axes = subplots(2, max(2, len(shown)), figsize=(7.5, 5.2), layout="constrained", height_ratios=(1, 1.2))
        grid = axes[0, 0].get_gridspec()
        for ax in axes[0]:
            ax.remove()
        top = fig.add_subplot(grid[0, :])
        top.plot(time, truth, color="black", lw=1.4, label="true")
        for k, name in enumerate(shown):
            values = arrays[f"predicted_{name}"][rows]
            top.plot(time, values, color=PALETTE[k], lw=0.8, label=METHODS.get(name, name))
            _square(axes[1, k], truth, values, PALETTE[k], METHODS.get(name, name))
        for ax in axes[1, len(shown):]:
            ax.remove()
        top.set(xlabel="Time (min)", ylabel="Displacement (mm)")
        top.legend(ncols=3)
    return fig


def _square(ax: object, truth: np.ndarray, values: np.ndarray, colour: str, name: str) -> None:
    low, high = min(truth.min(), values.min()), max(truth.max(), values.max())
    ax.plot([low, high], [low, high], color="0.5", lw=0.8)
    ax.plot(truth, values, ".", ms=3, color=colour)
    ax.set(xlabel="True (mm)", ylabel="Predicted (mm)", title=name, xlim=(low, high), ylim=(low, high), aspect="equal")


def by_stress(arrays: Mapping[str, np.ndarray]) -> Figure:
    """Windows in the first two principal components of the features, coloured by the true stress at their end."""
    with book_style():
        fig, ax = subplots(figsize=(4.8, 3.8), layout="constrained")
        dots = ax.scatter(*arrays["plane"].T, s=6, c=arrays["stress"], cmap="viridis", vmin=0, vmax=1, linewidths=0)
        first, second = 100 * arrays["plane_share"]
        ax.set(xlabel=f"First component ({first:.0f} % of the variance)", ylabel=f"Second ({second:.0f} %)")
        fig.colorbar(dots, ax=ax, label="Stress (1: mean strength)")
    return fig
