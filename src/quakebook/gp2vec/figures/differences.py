"""How far one method stands above others, with intervals."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from quakebook.plots import PALETTE, subplots
from quakebook.plots.style import book_style

from .scores import TITLES


def intervals(differences: Mapping[str, Mapping[str, tuple[float, float, float]]]) -> Figure:
    """One panel a rival, one row a task: score minus the rival's (dot) and its interval (line); zero is drawn.

    Parameters
    ----------
    differences : mapping
        Rival -> task -> (difference, low, high).
    """
    with book_style():
        fig, axes = subplots(1, len(differences), figsize=(7.5, 2.8), layout="constrained", sharey=True, squeeze=False)
        for ax, (name, tasks) in zip(axes[0], differences.items(), strict=True):
            for row, (middle, low, high) in enumerate(tasks.values()):
                colour = "0.4" if low <= 0 <= high else PALETTE[0 if low > 0 else 1]
                ax.plot([low, high], [row, row], color=colour, lw=2)
                ax.plot(middle, row, "o", ms=4, color=colour)
            ax.axvline(0, color="0.5", lw=0.8)
            ax.set(title=f"minus {name}", xlabel="Difference of the scores", yticks=range(len(tasks)),
                   yticklabels=[TITLES[task] for task in tasks], ylim=(len(tasks) - 0.5, -0.5))
    return fig
