"""What methods win on synthetic and on real mixtures, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from quakebook.plots.style import book_style, subplots

from .colours import BLUE, ORANGE

#: Kind of mixtures -> colour, marker, and how far its mark stands above the line of its row.
KINDS = {"synthetic": (BLUE, "o", -0.14), "real": (ORANGE, "s", 0.14)}


def gains(rows: Mapping[str, Mapping[str, tuple[float, float]]]) -> Figure:
    """One row a method, one mark a kind of mixtures with its interval; kinds that a method lacks are left out.

    Parameters
    ----------
    rows : mapping
        Title -> kind (synthetic, real) -> mean gain and half the width of its 95 % interval, dB.
    """
    with book_style():
        fig, ax = subplots(figsize=(6.2, 0.9 + 0.36 * len(rows)))
        for kind, (colour, marker, shift) in KINDS.items():
            there = [(row, values[kind]) for row, values in enumerate(rows.values()) if kind in values]
            if there:
                ax.errorbar([mean for _, (mean, _) in there], [row + shift for row, _ in there],
                            xerr=[half for _, (_, half) in there], fmt=marker, color=colour, ms=5, lw=1, label=kind)
        ax.axvline(0, color="0.5", ls="--", lw=1)
        ax.set(yticks=range(len(rows)), yticklabels=list(rows), ylim=(max(len(rows), 1) - 0.5, -0.5),
               xlabel="Gain in signal-to-noise ratio (dB, larger is better)")
        if ax.containers:
            ax.legend(fontsize=7)
        else:
            ax.text(0.5, 0.5, "not recorded", ha="center", va="center", transform=ax.transAxes, color="0.5")
    return fig
