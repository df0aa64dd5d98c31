"""Onset probes and cost against the number of frames a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from quakebook.plots import PHASE_COLOURS, subplots
from quakebook.plots.style import book_style


def onsets_and_cost(rows: Sequence[Mapping[str, float]]) -> Figure:
    """Left: ROC AUC of the P and S onset probes. Right: operations of a training step per window.

    Parameters
    ----------
    rows : sequence of mapping
        ``frames a second``, ``P``, ``S``, ``GFLOP``.
    """
    rate = [row["frames a second"] for row in rows]
    with book_style():
        fig, (left, right) = subplots(1, 2, figsize=(7.5, 2.8), layout="constrained")
        for phase in ("P", "S"):
            left.semilogx(rate, [row[phase] for row in rows], marker="o", ms=4, color=PHASE_COLOURS[phase], label=phase)
        left.axhline(0.5, color="0.4", ls="--", lw=0.8, label="chance")
        left.set(xlabel="Frames a second", ylabel="ROC AUC", ylim=(0.45, 1.0))
        left.legend(loc="upper left")
        right.loglog(rate, [row["GFLOP"] for row in rows], marker="o", ms=4, color="0.3")
        right.set(xlabel="Frames a second", ylabel="GFLOP per window and step")
        for ax in (left, right):
            ax.set_xticks(rate, [f"{each:g}" for each in rate])
            ax.set_xticks([], minor=True)
    return fig
