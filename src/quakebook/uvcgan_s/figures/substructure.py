"""The inside of jets: distributions beside the truth, and what is left of the change by quenching."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.plots.style import book_style, subplots

from ..scoring.substructure import OBSERVABLES
from ..studies.comparison import INSIDE_RADIUS, INSIDE_RANGE, TRUTH, XI_THRESHOLD_GEV, Comparison
from ..studies.methods import NAMES
from .colours import BLACK, BLUE, METHOD_COLOURS

#: Bins of each observable.
BINS = {"z_g": np.linspace(0.1, 0.5, 17), "r_g": np.linspace(0, 0.5, 17), "girth": np.linspace(0, 0.3, 16),
        "mass_gev": np.linspace(0, 9, 19), "z_lead": np.linspace(0, 0.9, 19), "pt_d": np.linspace(0.1, 0.9, 17),
        "xi": np.linspace(0, 7, 22)}
SIX = ("z_g", "r_g", "girth", "mass_gev", "z_lead", "xi")
SHOWN = ("full", "identity", "regression", "ics")


def inside(result: Comparison, methods: Sequence[str] | None = None) -> Figure:
    """Six observables of matched jets, each with the ratio to the truth below."""
    keys = [key for key in result.methods if key in (methods or SHOWN) and key in result.structure]
    with book_style():
        fig, axes = subplots(4, 3, figsize=(7.5, 6.6), height_ratios=(3, 1.2, 3, 1.2))
        for k, name in enumerate(SIX):
            upper, lower = axes[2 * (k // 3), k % 3], axes[2 * (k // 3) + 1, k % 3]
            truth, error = shares(result.structure[TRUTH].of(name), BINS[name])
            upper.stairs(truth, BINS[name], color=BLACK, lw=1.5, label="truth")
            lower.axhline(1, color=BLACK, lw=0.8)
            _band(lower, BINS[name], truth, error)
            for key in keys:
                own, _ = shares(result.structure[key].of(name), BINS[name])
                upper.stairs(own, BINS[name], color=METHOD_COLOURS[key], label=NAMES[key])
                with np.errstate(divide="ignore", invalid="ignore"):
                    lower.stairs(np.where(truth > 0, own / truth, np.nan), BINS[name], baseline=None,
                                 color=METHOD_COLOURS[key])
            lower.set(xlabel=OBSERVABLES[name], ylim=(0, 2))
            upper.set(ylim=(0, None), xticklabels=[])
            if k % 3 == 0:
                upper.set_ylabel("Share")
                lower.set_ylabel("To truth")
        axes[0, 0].set_title(_title(), fontsize=8.5)
        handles, labels = axes[0, 0].get_legend_handles_labels()
        fig.legend(handles, labels, loc="outside lower center", ncols=5)
    return fig


def quenching(val: Comparison, quenched: Comparison, method: str) -> Figure:
    """Girth and leading share of plain and quenched jets, true and extracted."""
    with book_style():
        fig, axes = subplots(1, 2, figsize=(7.5, 3.1))
        for ax, name in zip(axes, ("girth", "z_lead"), strict=True):
            for result, words, dashes in ((val, "as in training", "-"), (quenched, "quenched", "--")):
                for key, colour, label in ((TRUTH, BLACK, "truth"), (method, METHOD_COLOURS.get(method, BLUE),
                                                                     NAMES[method])):
                    if key in result.structure:
                        values = result.structure[key].of(name)
                        ax.stairs(shares(values, BINS[name])[0], BINS[name], color=colour, ls=dashes, lw=1.4,
                                  label=f"{label}, {words}")
                        if len(values):
                            ax.axvline(values.mean(), ymin=0.94, color=colour, ls=dashes, lw=1.4)
            ax.set(xlabel=OBSERVABLES[name], ylim=(0, None))
        axes[0].set_ylabel("Share of jets")
        axes[0].set_title(f"{_title()}; ticks above: means", fontsize=8.5)
        handles, labels = axes[0].get_legend_handles_labels()
        fig.legend(handles, labels, loc="outside lower center", ncols=2)
    return fig


def shares(values: NDArray, bins: NDArray) -> tuple[NDArray, NDArray]:
    """Share of values in each bin and its counting error; values beyond the last edges count in the outer bins."""
    counts = np.histogram(np.clip(values, bins[0], bins[-1]), bins)[0]
    total = max(len(values), 1)
    return counts / total, np.sqrt(counts) / total


def _band(ax: Axes, bins: NDArray, truth: NDArray, error: NDArray) -> None:
    """Counting error of the truth as a grey band about one."""
    relative = np.divide(error, truth, out=np.zeros_like(truth), where=truth > 0)
    ax.stairs(1 + relative, bins, baseline=1 - relative, fill=True, color="0.85")


def _title() -> str:
    low, high = INSIDE_RANGE
    return f"R = {INSIDE_RADIUS}, {low:.0f} to {high:.0f} GeV, ξ above {XI_THRESHOLD_GEV} GeV"
