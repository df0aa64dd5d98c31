"""How a training went and how its learning rate moved."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, detached


def training_history(train: Sequence[float], dev: Sequence[float]) -> Figure:
    """Train and dev loss per epoch, linear and logarithmic, with the best dev value as a dashed line."""
    epoch = np.arange(1, len(dev) + 1)
    best = float(np.nanmin(dev))
    figure, panels = plt.subplots(1, 2, figsize=(7.5, 3.0), sharex=True)
    for axes, letter in zip(panels, "ab", strict=True):
        axes.plot(epoch, train, "o-", markersize=3, color=PALETTE[0], label="train")
        axes.plot(epoch, dev, "s-", markersize=3, color=PALETTE[1], label="dev")
        axes.axhline(best, color="0.4", linestyle="--", linewidth=1, label=f"best dev {best:.4g}")
        axes.set(xlabel="epoch", ylabel="loss", title=f"({letter})")
        axes.xaxis.get_major_locator().set_params(integer=True)
    panels[1].set_yscale("log")
    panels[0].legend()
    return detached(figure)


def schedule_figure(correct: Sequence[float], reference: Sequence[float], events: Sequence[int] = ()) -> Figure:
    """Learning rate per epoch as trained here and as the published code steps it; dotted lines: plateau events."""
    figure, axes = plt.subplots(figsize=(6.5, 3.0))
    epoch = np.arange(len(correct))
    axes.step(epoch, reference, where="mid", color=PALETTE[1], label="two schedulers that cancel (published code)")
    axes.step(epoch, correct, where="mid", color=PALETTE[0], linewidth=2, label="one schedule (here)")
    for event in events:
        axes.axvline(event, color="0.6", linestyle=":", linewidth=1)
    axes.set(xlabel="epoch", ylabel="learning rate", ylim=(0, 1.35 * max(correct)))
    axes.legend(loc="upper right")
    return detached(figure)
