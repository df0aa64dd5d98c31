"""All recorded seeds beside each other: shares of labels found, at the end and through training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from quakebook.bluedisc.recorded.read import Recorded
from quakebook.plots import book_style, detached

from .colours import BELOW_COLOUR, OVER_COLOUR, colour_of


def shares_of_seeds(kinds: Mapping[str, Sequence[Recorded]],
                    references: Mapping[str, Mapping[str, float]] | None = None) -> Figure:
    """Labels found in time, over and below 0.7, one bar a training: P on the left, S on the right.

    Parameters
    ----------
    kinds : mapping
        Name of a kind of training -> its recorded seeds.
    references : mapping, optional
        Name -> {"tp", "below"} of S in percent, from elsewhere; drawn hatched.
    """
    rows = [(f"{kind}, seed {run.facts['seed']}", run.metrics) for kind, runs in kinds.items() for run in runs]
    references = references or {}
    count = len(rows) + len(references)
    with book_style():
        fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.5, 0.9 + 0.22 * count), layout="constrained")
        place = np.arange(count)[::-1]
        for ax, phase in zip(axes, ("P", "S"), strict=True):
            over, below = ([metrics[f"{phase}.{key}"] for _, metrics in rows] for key in ("tp", "below"))
            ax.barh(place[:len(rows)], over, color=OVER_COLOUR, label="0.7 or higher")
            ax.barh(place[:len(rows)], below, left=over, color=BELOW_COLOUR, label="below 0.7")
            ax.set(xlim=(0, 100), xlabel=f"{phase} labels with a peak within 0.1 s (%)")
        for y, numbers in zip(place[len(rows):], references.values(), strict=True):
            axes[0].text(2, y, "S only", va="center", fontsize=6, color="0.4")
            axes[1].barh(y, numbers["tp"], color=OVER_COLOUR, hatch="///", alpha=0.6)
            axes[1].barh(y, numbers["below"], left=numbers["tp"], color=BELOW_COLOUR, hatch="///", alpha=0.6)
        axes[0].set_yticks(place, [*(name for name, _ in rows), *references], fontsize=7)
        axes[1].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=7)
    return detached(fig)


def shares_over_steps(kinds: Mapping[str, Sequence[Recorded]], phase: str = "S") -> Figure:
    """Shares over and below 0.7 at every validation, one line a seed."""
    with book_style():
        fig, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(7.5, 2.8), layout="constrained")
        for kind, runs in kinds.items():
            for k, run in enumerate(runs):
                for ax, key in zip(axes, ("tp", "below"), strict=True):
                    ax.plot(run.history["step"], run.history[f"{phase}.{key}"], color=colour_of(kind), lw=1, marker=".",
                            ms=3, label=None if k else kind)
        for ax, text in zip(axes, ("0.7 or higher", "below 0.7"), strict=True):
            ax.set(ylim=(0, None), xlabel="Step")
            ax.set_title(text, loc="left")
        axes[0].set_ylabel(f"{phase} labels with a peak\nwithin 0.1 s (%)")
        axes[1].legend(loc="upper right", fontsize=7)
    return detached(fig)
