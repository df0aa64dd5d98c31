"""Recorded losses through training: how far the generators agree with the data, and how the critics stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from quakebook.plots.style import book_style, subplots

from .colours import BLUE, GREEN, ORANGE

#: The fifteen losses of the published program, by what they have in common.
GROUPS = {"Adversarial, generators": ("gen_ab", "gen_ba0", "gen_ba1"),
          "Cycles": ("cycle_a0", "cycle_a1", "cycle_b"), "Identities": ("idt_bb", "idt_aa_a0", "idt_aa_a1"),
          "Critics": ("disc_a0", "disc_a1", "disc_b"), "Gradient penalties": ("gp_a0", "gp_a1", "gp_b")}


def learning_curves(steps: Sequence[float], losses: Mapping[str, Sequence[float]],
                    held_out: tuple[Sequence[float], Sequence[float]] | None = None) -> Figure:
    """Losses by group, one panel a group; a sixth panel for an error on held-out mixtures.

    Parameters
    ----------
    steps : sequence of float
    losses : mapping
        Name as published -> values at the steps. Groups without a loss stay empty and say so.
    held_out : tuple of sequences, optional
        Steps and mean absolute tower error of the signal on held-out mixtures.
    """
    with book_style():
        fig, axes = subplots(2, 3, figsize=(7.5, 4.4))
        for ax, (title, names) in zip(axes.flat, GROUPS.items(), strict=False):
            for name, colour in zip(names, (GREEN, ORANGE, BLUE), strict=True):
                if name in losses:
                    ax.plot(steps, np.asarray(losses[name], dtype=float), color=colour, label=name)
            ax.set_title(title, fontsize=9)
            if ax.lines:
                ax.legend(fontsize=7)
            else:
                ax.text(0.5, 0.5, "not recorded", ha="center", va="center", transform=ax.transAxes, color="0.5")
        last = axes.flat[5]
        last.set_title("Held-out error of the signal", fontsize=9)
        if held_out is not None:
            last.plot(*held_out, color=BLUE, marker="o", ms=3)
            last.set_ylim(0, None)
        else:
            last.text(0.5, 0.5, "not recorded", ha="center", va="center", transform=last.transAxes, color="0.5")
        for ax in axes[1]:
            ax.set_xlabel("Step")
    return fig
