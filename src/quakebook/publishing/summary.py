"""The results page: verdicts per paper as bars, and the reason behind every tolerance as text."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from .scoreboard import number
from .verdicts import EFFECT, NOT_REPRODUCED, NOT_RUN, REPRODUCED, VERDICTS, Judged

COLOURS = {REPRODUCED: "#009E73", EFFECT: "#56B4E9", NOT_REPRODUCED: "#D55E00", NOT_RUN: "#BBBBBB"}


def counts(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Number of claims per paper and verdict, papers in order of appearance."""
    table: dict[str, dict[str, int]] = {}
    for item in judged:
        table.setdefault(item.claim.paper, dict.fromkeys(VERDICTS, 0))[item.verdict] += 1
    return table


def verdict_bars(judged: Sequence[Judged]) -> Figure:
    """One bar per paper, divided into the four verdicts."""
    table = counts(judged)
    fig, ax = plt.subplots(figsize=(7.5, 1.2 + 0.5 * max(1, len(table))))
    left = dict.fromkeys(table, 0)
    for verdict in VERDICTS:
        widths = [row[verdict] for row in table.values()]
        bars = ax.barh(list(table), widths, left=list(left.values()), color=COLOURS[verdict], label=verdict, height=0.6)
        ax.bar_label(bars, labels=[str(w) if w else "" for w in widths], label_type="center")
        left = {paper: left[paper] + row[verdict] for paper, row in table.items()}
    ax.invert_yaxis()
    ax.set(xlabel="Number of claims", xlim=(0, max([1, *left.values()])))
    ax.legend(ncols=4, loc="lower left", bbox_to_anchor=(0, 1.0))
    plt.close(fig)
    return fig


def reasons(judged: Sequence[Judged]) -> str:
    """Markdown text: for every claim its place in the paper, the reason for the bounds, and how to run it."""
    lines, paper = [], None
    for item in judged:
        claim = item.claim
        if claim.paper != paper:
            paper = claim.paper
            lines += ["", f"**{paper}**", ""]
        line = f"- *{claim.says}* ({claim.where}): {claim.bounds}, because {claim.why}."
        if item.value is not None:
            line += f" Ours: {number(item.value)}, {item.verdict}."
        if item.verdict == NOT_RUN and claim.needs:
            line += f" Not run here; `{claim.needs}` runs it."
        lines.append(line)
    return "\n".join(lines).strip() or "No claims yet."
