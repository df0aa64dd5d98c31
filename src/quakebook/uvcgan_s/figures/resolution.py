"""Position, response, scale, resolution, efficiency and fakes of jets against their momentum (the paper's figures)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook.plots.style import book_style, subplots

from ..scoring.resolution import FINE_BINS, Curves, curves
from ..studies.comparison import Comparison
from ..studies.methods import NAMES
from .colours import METHOD_COLOURS, METHOD_MARKERS

TRUE_PT = r"True jet $p_T$ (GeV)"
#: Methods shown where none are named: those that give jets of about the right energy.
SHOWN = ("full", "identity", "regression", "paired", "area", "ics", "median")


def shown(result: Comparison, methods: Sequence[str] | None = None) -> list[str]:
    """Methods of the comparison that a figure draws."""
    return [key for key in result.methods if key in (methods or SHOWN)]


def position(result: Comparison, methods: Sequence[str] | None = None, *, radius: float = 0.5,
             low: float = 30.0, high: float = 40.0) -> Figure:
    """Left: distance in pseudorapidity of subtracted and true jet; right: its RMS against the true momentum."""
    with book_style():
        fig, (left, right) = subplots(1, 2, figsize=(7.5, 3.0))
        bins = np.linspace(-0.2, 0.2, 41)
        for key in shown(result, methods):
            matched = result.matched[key][radius]
            chosen = (matched.true_pt >= low) & (matched.true_pt < high) & np.isfinite(matched.pt)
            counts = np.histogram(matched.delta_eta[chosen], bins)[0] / max(int(chosen.sum()), 1)
            left.stairs(counts, bins, color=METHOD_COLOURS[key], lw=1.3, label=NAMES[key])
            _line(right, curves(matched), "position", key)
        left.set(xlabel=r"$\eta$ of subtracted minus true jet", ylabel="Share of jets", ylim=(0, None))
        left.set_title(f"(a) R = {radius}, {low:.0f} to {high:.0f} GeV")
        right.set(xlabel=TRUE_PT, ylabel=r"RMS of $\Delta\eta$", ylim=(0, None))
        right.set_title(f"(b) R = {radius}")
        _legend(fig, right)
    return fig


def response(result: Comparison, methods: Sequence[str] | None = None, *, radii: Sequence[float] = (0.2, 0.5),
             low: float = 30.0, high: float = 32.0) -> Figure:
    """For each radius: distribution of subtracted over true momentum, scale, and resolution."""
    with book_style():
        fig, axes = subplots(len(radii), 3, figsize=(7.5, 0.5 + 2.35 * len(radii)), squeeze=False)
        bins = np.linspace(0.3, 1.9, 33)
        for row, radius in zip(axes, radii, strict=True):
            for key in shown(result, methods):
                matched = result.matched[key][radius]
                values = matched.response[(matched.true_pt >= low) & (matched.true_pt < high)]
                values = values[np.isfinite(values)]
                row[0].stairs(np.histogram(values, bins)[0] / max(len(values), 1), bins, color=METHOD_COLOURS[key])
                numbers = curves(matched)
                _line(row[1], numbers, "scale", key, numbers.scale_error)
                _line(row[2], numbers, "resolution", key, numbers.resolution_error)
            row[1].axhline(1, color="0.6", lw=0.7)
            row[0].set(xlabel="Subtracted / true $p_T$", ylabel="Share of jets", ylim=(0, None))
            row[1].set(xlabel=TRUE_PT, ylabel="Scale (mean)", ylim=(0.6, 1.4))
            row[2].set(xlabel=TRUE_PT, ylabel="Resolution (s.d.)", ylim=(0, 0.5))
            row[0].set_title(f"R = {radius}, {low:.0f} to {high:.0f} GeV", fontsize=9)
        _legend(fig, axes[0, 1])
    return fig


def efficiency(result: Comparison, methods: Sequence[str] | None = None, *, radius: float = 0.5) -> Figure:
    """Left: share of true jets that are found; right: share of subtracted jets that belong to no true one."""
    with book_style():
        fig, (left, right) = subplots(1, 2, figsize=(7.5, 3.0))
        floor = 1.0
        for key in shown(result, methods):
            numbers = curves(result.matched[key][radius])
            _line(left, numbers, "efficiency", key, numbers.efficiency_error)
            _line(right, numbers, "fake_rate", key)
            positive = numbers.fake_rate[np.nan_to_num(numbers.fake_rate) > 0]
            floor = min([floor, *positive])
        left.set(xlabel=TRUE_PT, ylabel="Efficiency", ylim=(0, 1.05))
        right.set(xlabel=r"Subtracted jet $p_T$ (GeV)", ylabel="Fake rate", yscale="log", ylim=(floor / 2, 1.2))
        left.set_title(f"(a) R = {radius}")
        right.set_title(f"(b) R = {radius}; bins without a fake are not drawn", fontsize=9)
        _legend(fig, left)
    return fig


def _line(ax: Axes, numbers: Curves, name: str, key: str, error: np.ndarray | None = None) -> None:
    values = getattr(numbers, name)
    if name == "fake_rate":
        values = np.where(values > 0, values, np.nan)
    ax.errorbar(numbers.centres, values, error, color=METHOD_COLOURS[key], marker=METHOD_MARKERS[key], ms=3.2, lw=1.1,
                elinewidth=0.7, label=NAMES[key])
    ax.set_xlim(FINE_BINS[0], FINE_BINS[-1])


def _legend(fig: Figure, ax: Axes) -> None:
    handles, labels = ax.get_legend_handles_labels()
    if handles:
        fig.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 5))
