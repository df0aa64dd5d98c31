"""Which windows were kept, which were not, and why."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.data.archive.motion.quality import REASONS
from quakebook.plots.style import PALETTE, WIDTH_INCHES, book_style, subplots


def rejected(table: pd.DataFrame, kept: Mapping[str, int]) -> Figure:
    """Share of windows that were rejected, by instrument, one colour a reason.

    Parameters
    ----------
    table : DataFrame
        code, reason, count, as `ShardSet.rejected`.
    kept : mapping
        Windows that were kept, by code.
    """
    counts = table.pivot_table(index="code", columns="reason", values="count", aggfunc="sum", fill_value=0)
    codes = sorted(set(kept) | set(counts.index))
    counts = counts.reindex(codes, fill_value=0)
    tried = counts.sum(axis=1) + pd.Series(kept).reindex(codes, fill_value=0)
    with book_style():
        fig, axis = subplots(figsize=(WIDTH_INCHES, 1.6 + 0.28 * len(codes)))
        place, left = np.arange(len(codes)), np.zeros(len(codes))
        reasons = [reason for reason in REASONS if reason in counts]
        for colour, reason in zip((*PALETTE, "0.4", "0.6"), reasons, strict=False):
            share = (100 * counts[reason] / tried).to_numpy()
            axis.barh(place, share, left=left, color=colour, label=f"{reason}: {REASONS[reason]}")
            left += share
        for row, code in enumerate(codes):
            axis.annotate(f" {left[row]:.1f} % of {tried[code]}", (left[row], row), va="center", fontsize="small")
        axis.set(yticks=place, yticklabels=codes, xlabel="share of windows (%)", xlim=(0, 1.25 * max(left.max(), 1.0)))
        axis.invert_yaxis()
        fig.legend(loc="outside lower center", fontsize="small", ncols=2)
    return fig


def examples(windows: Mapping[str, NDArray[np.float32]], rate_hz: float = 100.0) -> Figure:
    """Windows (3, n) by title, components Z, N, E above one another, all of a window on one scale."""
    with book_style():
        fig, axes = subplots(1, len(windows), figsize=(WIDTH_INCHES, 2.2), sharey=True, squeeze=False)
        for axis, (title, waveform) in zip(axes[0], windows.items(), strict=True):
            time = np.arange(waveform.shape[1]) / rate_hz
            size = max(float(np.abs(waveform).max()), 1e-30)
            for row, trace in enumerate(waveform):
                axis.plot(time, 0.5 * trace / size - row, "k", lw=0.4)
            axis.set(title=title, xlabel="time (s)", xlim=(0, time[-1]), yticks=[0, -1, -2], yticklabels=list("ZNE"))
    return fig
