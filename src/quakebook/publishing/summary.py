"""The results page: verdicts per paper and kind of claim as bars, and every claim as one row of a list."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from .verdicts import (
    ALL,
    EFFECT,
    FAILED,
    GROUPS,
    NOT_REPRODUCED,
    NOT_RUN,
    OTHER,
    PASSED,
    REPRODUCED,
    SAME,
    UNDECIDED,
    Judged,
)

COLOURS = {REPRODUCED: "#009E73", EFFECT: "#56B4E9", PASSED: "#7FCFB9", SAME: "#9FA8DA", UNDECIDED: "#E8C547",
           NOT_REPRODUCED: "#D55E00", FAILED: "#E9965A", OTHER: "#B07AA1", NOT_RUN: "#BBBBBB"}


def counts(judged: Sequence[Judged]) -> dict[str, dict[str, dict[str, int]]]:
    """Number of claims per group (trained, computed, architecture, our own), paper and verdict.

    Groups and papers without a claim are left out; papers stand in order of appearance.
    """
    table: dict[str, dict[str, dict[str, int]]] = {group: {} for group in GROUPS}
    for item in judged:
        row = table[item.group].setdefault(item.claim.paper, dict.fromkeys(ALL, 0))
        row[item.verdict] += 1
    return {group: rows for group, rows in table.items() if rows}


def verdict_bars(judged: Sequence[Judged]) -> Figure:
    """One panel per group of claims, one bar per paper, divided by verdict."""
    table = counts(judged) or {"claims": {}}
    heights = [max(1, len(rows)) for rows in table.values()]
    fig, axes = plt.subplots(len(table), 1, figsize=(7.5, 1.3 + 0.55 * sum(heights) + 0.35 * len(table)), sharex=True,
                             squeeze=False, height_ratios=heights)
    widest = max((sum(row.values()) for rows in table.values() for row in rows.values()), default=1)
    for ax, (group, rows) in zip(axes[:, 0], table.items(), strict=True):
        _bars(ax, rows)
        ax.set_title(group, loc="left", fontsize="medium")
        ax.set(xlim=(0, widest), ylim=(max(1, len(rows)) - 0.5, -0.5))
    axes[-1, 0].set_xlabel("Number of claims")
    used = [verdict for verdict in ALL if any(row[verdict] for rows in table.values() for row in rows.values())]
    handles = [plt.Rectangle((0, 0), 1, 1, color=COLOURS[verdict]) for verdict in used]
    fig.legend(handles, used, ncols=4, loc="outside upper left")
    plt.close(fig)
    return fig


def _bars(ax: plt.Axes, rows: dict[str, dict[str, int]]) -> None:
    left = dict.fromkeys(rows, 0)
    for verdict in ALL:
        widths = [row[verdict] for row in rows.values()]
        if not any(widths):
            continue
        bars = ax.barh(list(rows), widths, left=list(left.values()), color=COLOURS[verdict], height=0.6)
        ax.bar_label(bars, labels=[str(w) if w else "" for w in widths], label_type="center", color="black")
        left = {paper: left[paper] + row[verdict] for paper, row in rows.items()}
