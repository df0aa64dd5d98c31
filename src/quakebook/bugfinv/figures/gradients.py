"""The closed form of a gradient's mean and deviation against random draws."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.bugfinv.studies.fusion_checks import Moments

from .strategies import TASK_COLOURS, TASKS


def against_draws(found: Moments) -> Figure:
    """Drawn against closed form, with the 1:1 line: means left, standard deviations right."""
    fig, axes = plots.subplots(1, 2, figsize=(6.6, 3.2), layout="constrained")
    for ax, exact, drawn, name in ((axes[0], found.mean, found.drawn_mean, "mean"),
                                   (axes[1], found.deviation, found.drawn_deviation, "standard deviation")):
        ends = np.array([min(exact.min(), drawn.min()), max(exact.max(), drawn.max())])
        ax.plot(ends, ends, color="0.6", lw=0.8)
        for task, colour in enumerate(TASK_COLOURS):
            ax.plot(exact[task], drawn[task], "o", color=colour, markersize=4, label=TASKS[task])
        ax.set(xlabel=f"{name}, closed form", ylabel=f"{name}, random heads", aspect="equal")
    axes[0].legend(loc="upper left")
    return fig
