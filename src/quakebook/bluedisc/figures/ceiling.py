"""Highest probability that the head can give, through training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.operating import ceiling
from quakebook.bluedisc.studies.expected_heights import CONFIDENCE
from quakebook.plots import PHASE_COLOURS, book_style, detached


def ceiling_over_steps(runs: Sequence[tuple[str, Mapping[str, NDArray], Track]]) -> Figure:
    """Heights of precise peaks through training, and the highest value that the last layer could give.

    Parameters
    ----------
    runs : sequence of (name, history, track)
        History: ``step`` and ``P.height_05`` ... of each validation.
    """
    with book_style():
        fig, axes = plt.subplots(2, len(runs), sharex="col", sharey=True, squeeze=False, layout="constrained",
                                 figsize=(7.5, 4.0))
        for column, (name, history, track) in enumerate(runs):
            for channel, phase in enumerate(("P", "S")):
                ax, colour = axes[channel, column], PHASE_COLOURS[phase]
                low, middle, high = (history[f"{phase}.height_{q}"] for q in ("05", "50", "95"))
                ax.fill_between(history["step"], low, high, color=colour, alpha=0.25, lw=0, label="5 to 95 %")
                ax.plot(history["step"], middle, color=colour, label="median")
                top = ceiling(track.head_weight, track.head_bias, channel)
                ax.plot(track.step, np.where(top < 1, top, np.nan), color="black", lw=1.6, ls="--", label="ceiling")
                ax.axhline(CONFIDENCE, color="0.4", lw=0.6, ls=":")
                ax.set(ylim=(0, 1.02))
                if column == 0:
                    ax.set_ylabel(f"{phase} peak height")
            axes[0, column].set_title(name, loc="left")
            axes[1, column].set_xlabel("Step")
        axes[0, -1].legend(loc="lower right", fontsize=7)
    return detached(fig)
