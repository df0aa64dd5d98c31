"""Reliability of predicted probabilities: peak height against the share of true picks."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.bluedisc.scoring.peaks import Peaks
from quakebook.bluedisc.scoring.reliability import Reliability
from quakebook.plots import book_style, detached

from .colours import MODE_COLOURS, MODE_NAMES


def reliability_curves(runs: Mapping[str, Mapping[str, Reliability]], peaks: Mapping[str, Mapping[str, Peaks]],
                       modes: Mapping[str, str]) -> Figure:
    """Does 0.5 mean 0.5? Left: all samples of the S curve. Right: at the peaks, mean label against height.

    Parameters
    ----------
    runs, peaks : mapping
        Run name -> phase -> `Reliability`, `Peaks`.
    modes : mapping
        Run name -> mode, for the colour.
    """
    with book_style():
        fig, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(7.5, 3.7), layout="constrained")
        shown: set[str] = set()
        for name, mode in modes.items():
            colour, label = MODE_COLOURS[mode], None if mode in shown else MODE_NAMES[mode]
            shown.add(mode)
            axes[0].plot(*runs[name]["S"].curve(), color=colour, marker=".", lw=1, label=label)
            axes[1].plot(*_binned(peaks[name]["S"].height, peaks[name]["S"].label_at_peak), color=colour, marker=".",
                         lw=1)
        for ax, text in zip(axes, ("every sample", "at the peaks"), strict=True):
            ax.plot([0, 1], [0, 1], color="0.5", lw=0.8, ls="--")
            ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="Predicted S probability")
            ax.set_title(text, loc="left")
        axes[0].set_ylabel("Mean label")
        axes[0].legend(loc="upper left", fontsize=7)
    return detached(fig)


def _binned(x: NDArray, y: NDArray, bins: int = 18, least: int = 20) -> tuple[NDArray, NDArray]:
    which = np.clip(((x - 0.1) / 0.9 * bins).astype(int), 0, bins - 1)
    count = np.bincount(which, minlength=bins)
    full = count >= least
    means = [np.bincount(which, v, bins)[full] / count[full] for v in (x, y)]
    return means[0], means[1]
