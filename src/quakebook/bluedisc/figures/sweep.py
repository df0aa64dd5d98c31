"""Peak heights against the weight of the data loss."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from quakebook.bluedisc.recorded.sweep import Entry, groups, title
from quakebook.bluedisc.scoring.peaks import PHASES
from quakebook.plots import PHASE_COLOURS, book_style, detached

from .colours import BELOW_COLOUR, OVER_COLOUR


def figure(entries: Sequence[Entry]) -> Figure:
    """S found over and below the threshold, and the time errors, against the data weight (labels N).

    Bars and lines are means over the seeds, dots single seeds.
    """
    shown = [group for group in groups(entries) if group.label == "N"]
    place = np.arange(len(shown))
    with book_style():
        fig, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3.0), layout="constrained")
        over, below = ([group.mean(f"S.{key}") for group in shown] for key in ("tp", "below"))
        left.bar(place, over, color=OVER_COLOUR, label="0.7 or higher")
        left.bar(place, below, bottom=over, color=BELOW_COLOUR, label="below 0.7")
        for x, group in zip(place, shown, strict=True):
            left.plot([x] * len(group.entries), group.values("S.tp"), ".", color="0.2", ms=3)
        left.set(ylabel="S labels with a peak\nwithin 0.1 s (%)")
        left.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=7)
        for phase, colour in zip(PHASES, (PHASE_COLOURS[phase] for phase in PHASES), strict=True):
            right.plot(place, [group.mean(f"{phase}.error_s") for group in shown], "o-", color=colour, label=phase)
        right.set(ylabel="Median absolute error (s)", ylim=(0, None))
        right.legend(loc="best")
        for ax in (left, right):
            ax.set_xticks(place, [title(group).replace(" (", "\n(").replace("BCE ", "BCE\n") for group in shown],
                          fontsize=7)
            ax.set_xlabel(r"Data weight $\lambda$")
    return detached(fig)
