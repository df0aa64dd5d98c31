"""Variants of a method beside each other: errors of every seed, and errors through training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from quakebook.plots.style import book_style, subplots

from .colours import BLUE, GREEN, ORANGE


def variant_errors(errors: Mapping[str, Sequence[float]], trivial: float | None = None,
                   label: str = "Mean absolute error of both parts", better: str = "smaller is better") -> Figure:
    """One row a variant, one dot a seed; a line for the answer that costs nothing.

    Parameters
    ----------
    errors : mapping
        Title -> value of each seed; drawn in this order from top to bottom.
    trivial : float, optional
    label, better : str
        Of the axis.
    """
    with book_style():
        fig, ax = subplots(figsize=(6.2, 0.7 + 0.3 * len(errors)))
        for row, values in enumerate(errors.values()):
            ax.plot(values, [row] * len(values), "o", color=BLUE if row == 0 else ORANGE, ms=5)
        if trivial is not None:
            ax.axvline(trivial, color="0.5", ls="--", lw=1, label="mixture for both")
            ax.legend(fontsize=7)
        ax.set(yticks=range(len(errors)), yticklabels=list(errors), xlabel=f"{label} ({better})",
               ylim=(len(errors) - 0.5, -0.5))
        ax.set_xlim(left=min(0.0, *(min(values) for values in errors.values())))
    return fig


def through_training(curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
                     trivial: float | None = None) -> Figure:
    """Error of both parts against the step, one line a training (title -> steps, errors)."""
    with book_style():
        fig, ax = subplots(figsize=(6.2, 2.6))
        for (title, (steps, errors)), colour in zip(curves.items(), (BLUE, ORANGE, GREEN, "0.3", "0.6"), strict=False):
            ax.plot(np.asarray(steps), np.asarray(errors), color=colour, marker="o", ms=3, label=title)
        if trivial is not None:
            ax.axhline(trivial, color="0.5", ls="--", lw=1, label="mixture for both")
        ax.set(xlabel="Step", ylabel="Error of both parts")
        ax.set_ylim(0, None)
        ax.legend(fontsize=7)
    return fig
