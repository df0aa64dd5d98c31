"""What is left of the displacement some time ahead, and one picture a lead for an explorer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, subplots
from quakebook.plots.style import book_style

NAMES = {"network": "network fitted to the future", "trees": "boosted trees fitted to the future",
         "persistence": "the network's present answer", "mean_cycle": "mean future of that state"}


def ahead(arrays: Mapping[str, np.ndarray]) -> Figure:
    """Left: R2 on the test cycles against lead time. Right: what fitting to the future adds to the present answer."""
    with book_style():
        fig, (left, right) = subplots(1, 2, figsize=(7.5, 3.4), layout="constrained")
        _scores(left, arrays)
        _gain(right, arrays)
        fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


def at_lead(arrays: Mapping[str, np.ndarray], k: int) -> Figure:
    """Above: displacement at lead `k` and the answers of the network, over the test windows. Below: as `ahead`."""
    lead = 100 * arrays["leads"][k]
    minutes = arrays["end_s"][arrays["test"]] / 60
    with book_style():
        fig, axes = subplots(2, 2, figsize=(7.5, 5.4), layout="constrained", height_ratios=(1.1, 1))
        grid = axes[0, 0].get_gridspec()
        for ax in axes[0]:
            ax.remove()
        top = fig.add_subplot(grid[0, :])
        top.plot(minutes, arrays["ahead_truth_mm"][k], color="black", lw=1.4, label="true")
        known = np.isfinite(arrays["ahead_truth_mm"][k])
        for colour, row in ((PALETTE[0], k), (PALETTE[2], 0)):  # at lead 0 the network gives its present answer
            values = np.where(known, arrays["ahead_predicted_network"][row], np.nan)
            top.plot(minutes, values, color=colour, lw=0.8)
        top.set(xlabel="Time at which the answer is given (min)", ylabel="Displacement (mm)",
                title=f"{lead:g} % of a cycle ahead", ylim=_limits(arrays))
        _scores(axes[1, 0], arrays)
        _gain(axes[1, 1], arrays)
        for ax in axes[1]:
            ax.axvline(lead, color="0.3", lw=0.8, ls="--")
        handles = [*top.get_legend_handles_labels()[0], *axes[1, 0].get_legend_handles_labels()[0]]
        fig.legend(handles=handles, loc="outside lower center", ncols=2)
    return fig


def lead_frames(arrays: Mapping[str, np.ndarray]) -> list[Figure]:
    """One picture a lead: frames of the explorer."""
    return [at_lead(arrays, k) for k in range(len(arrays["leads"]))]


def _limits(arrays: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """Of the displacement, the same at every lead."""
    low, high = np.nanmin(arrays["ahead_truth_mm"]), np.nanmax(arrays["ahead_truth_mm"])
    return low - 0.3 * (high - low), high + 0.3 * (high - low)


def _scores(ax: Axes, arrays: Mapping[str, np.ndarray]) -> None:
    for k, (key, name) in enumerate(NAMES.items()):
        ax.plot(100 * arrays["leads"], arrays[f"ahead_{key}"], marker=".", color=PALETTE[k], label=name)
    ax.axhline(0, color="0.5", lw=0.6)
    ax.set(xlabel="Lead (% of the mean cycle)", ylabel="R2 on held-out cycles")


def _gain(ax: Axes, arrays: Mapping[str, np.ndarray]) -> None:
    """R2 above that of the present answer; the interval over whole cycles where it is kept."""
    lead = 100 * arrays["leads"]
    if "ahead_gain_low" in arrays:
        ax.fill_between(lead, arrays["ahead_gain_low"], arrays["ahead_gain_high"], color=PALETTE[0], alpha=0.2, lw=0)
    for colour, key in ((PALETTE[0], "network"), (PALETTE[3], "mean_cycle")):
        ax.plot(lead, arrays[f"ahead_{key}"] - arrays["ahead_persistence"], marker=".", color=colour)
    ax.axhline(0, color="0.5", lw=0.6)
    ax.set(xlabel="Lead (% of the mean cycle)", ylabel="Gain in R2")
