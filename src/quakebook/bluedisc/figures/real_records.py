"""Real records under pickers that have seen synthetic ones only."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from quakebook.bluedisc.recorded.read import KINDS
from quakebook.bluedisc.recorded.real_records import Shown
from quakebook.picking.waveform_panels import CONFIDENCE, draw_waveform, time_axis
from quakebook.plots import PHASE_COLOURS, book_style, detached


def real_records(shown: Shown, first: int = 0, count: int = 3) -> Figure:
    """For each record the waveform with the labels, and the P and S curves of every picker (one line style each)."""
    chosen = range(first, min(first + count, len(shown.titles)))
    with book_style():
        fig, axes = plt.subplots(2 * len(chosen), 1, sharex=True, figsize=(7.5, 0.5 + 1.9 * len(chosen)),
                                 layout="constrained", squeeze=False)
        t = time_axis(shown.waveform.shape[-1])
        for row, k in enumerate(chosen):
            top, bottom = axes[2 * row, 0], axes[2 * row + 1, 0]
            draw_waveform(top, shown.waveform[k], shown.label[k])
            top.set_title(shown.titles[k], loc="left", fontsize=8)
            for (name, curves), line in zip(shown.prediction.items(), ("-", "--", ":"), strict=False):
                for channel, phase in enumerate("PS"):
                    bottom.plot(t, curves[k, channel], line, color=PHASE_COLOURS[phase], lw=1.1,
                                label=f"{phase}, {KINDS.get(name, name)}")
            bottom.axhline(CONFIDENCE, color="0.4", lw=0.6, ls=":")
            bottom.set(ylim=(0, 1.05), ylabel="Probability")
        axes[1, 0].legend(loc="upper right", ncols=2, fontsize=7)
        axes[-1, 0].set_xlabel("Time in window (s)")
    return detached(fig)
