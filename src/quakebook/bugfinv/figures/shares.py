"""How BUGFInv's shares are distributed: not near one third, although their mean is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.plots import PALETTE

from .strategies import TASK_COLOURS, TASKS


def distribution(study: Mapping[str, np.ndarray]) -> Figure:
    """Histogram of the shares, share by rank of the residual, and distance to the plain mean during training.

    `study` as recorded under shares: ``histogram`` (tasks, bins), ``bins``, ``by_residual`` (tasks,), ``log.*``.
    """
    fig, (left, middle, right) = plots.subplots(1, 3, figsize=(7.5, 2.9), layout="constrained")
    bins = np.asarray(study["bins"])
    for values, colour, name in zip(study["histogram"], TASK_COLOURS, TASKS, strict=True):
        left.stairs(values, bins, color=colour, label=name)
    left.axvline(1 / 3, color="0.5", lw=0.7, ls="--")
    left.set(xlim=(0, 1), xlabel="share of a task", ylabel="density", title="(a) rows and features")
    left.legend()
    middle.bar(range(3), study["by_residual"], color=PALETTE[0], width=0.6)
    middle.axhline(1 / 3, color="0.5", lw=0.7, ls="--")
    middle.set_xticks(range(3), ["smallest", "middle", "largest"])
    middle.set(ylim=(0, 1), xlabel="residual of the task in its row", ylabel="mean share",
               title="(b) who is listened to")
    for key, label, colour in (("cosine.plain_mean", "cosine to the plain mean", PALETTE[1]),
                               ("share.over_half", "one share above ½", PALETTE[2]),
                               ("share.sd", "deviation of the shares", PALETTE[3])):
        if f"log.{key}" in study:
            values = np.asarray(study[f"log.{key}"], float)
            good = np.isfinite(values)
            right.plot(np.asarray(study["log.step"], float)[good], values[good], color=colour, label=label)
    right.set(ylim=(0, 1.05), xlabel="step", title="(c) during training")
    if right.get_legend_handles_labels()[0]:
        right.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 0.14))
    return fig
