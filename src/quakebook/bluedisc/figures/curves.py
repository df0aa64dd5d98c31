"""Runs compared on one record, and the shape of one run's curves over the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.picking.waveform_panels import CHANNELS, draw_curves, draw_picks, draw_waveform
from quakebook.plots import book_style, detached

#: Heights of the bars of predicted picks for one, two and three runs (published).
STAGGER = {1: [(-0.5, 0.5)], 2: [(-0.3, 0.8), (-0.8, 0.3)], 3: [(-0.3, 0.8), (-0.5, 0.5), (-0.8, 0.3)]}


def runs_compared(waveform: NDArray, label: NDArray, predictions: Mapping[str, NDArray], title: str = "",
                  channels: Sequence[str] = CHANNELS) -> Figure:
    """One waveform with its label, and what each run predicts for it.

    Parameters
    ----------
    waveform, label : ndarray, shape (3, samples)
    predictions : mapping of str to ndarray, shape (3, samples)
        One to three runs by name.
    title : str
        Data set, record, step.
    channels : sequence of str
        Names of the output channels.
    """
    if not 1 <= len(predictions) <= 3:
        raise ValueError(f"one to three runs can be compared; found {len(predictions)}")
    with book_style():
        fig, axes = plt.subplots(1 + len(predictions), 1, sharex=True, figsize=(7.5, 1.6 + 1.45 * len(predictions)),
                                 layout="constrained")
        draw_waveform(axes[0], waveform, label)
        bars = STAGGER[len(predictions)]
        for k, (name, prediction) in enumerate(predictions.items()):
            draw_picks(axes[0], prediction, *bars[k], alpha=0.6 + 0.2 * k, name=name)
            draw_curves(axes[k + 1], prediction, label, channels)
            axes[k + 1].set_title(name, loc="left")
            axes[k + 1].legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=7)
        axes[0].legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=7)
        axes[0].set_title(title, loc="left")
        axes[-1].set_xlabel("Time in window (s)")
    return detached(fig)


def shape_over_steps(waveform: NDArray, label: NDArray, predictions: Mapping[int, NDArray],
                     time_range: tuple[float, float] | None = None, title: str = "",
                     channels: Sequence[str] = CHANNELS) -> Figure:
    """One waveform and its predicted curves at several steps of one training.

    Parameters
    ----------
    waveform, label : ndarray, shape (3, samples)
    predictions : mapping of int to ndarray, shape (3, samples)
        Step -> curves.
    time_range : (float, float), optional
        Seconds to show.
    """
    with book_style():
        fig, axes = plt.subplots(1 + len(predictions), 1, sharex=True, figsize=(7.5, 1.4 + 1.15 * len(predictions)),
                                 layout="constrained")
        draw_waveform(axes[0], waveform, label)
        axes[0].set_title(title, loc="left")
        axes[0].legend(loc="upper right", ncols=2, fontsize=7)
        for ax, (step, prediction) in zip(axes[1:], predictions.items(), strict=True):
            draw_curves(ax, prediction, label, channels)
            ax.set_ylabel(f"Step {step}")
            ax.spines[["top", "right"]].set_visible(False)
        axes[1].legend(loc="upper right", ncols=2, fontsize=6)
        axes[-1].set_xlabel("Time in window (s)")
        if time_range is not None:
            axes[-1].set_xlim(*time_range)
    return detached(fig)


def shape_of_runs(label: NDArray, runs: Mapping[str, Mapping[int, NDArray]],
                  time_range: tuple[float, float] | None = None, channels: Sequence[str] = CHANNELS) -> Figure:
    """Runs side by side, one row per step: mapping of name to (step -> curves (3, samples))."""
    steps = list(next(iter(runs.values())))
    with book_style():
        fig, axes = plt.subplots(len(steps), len(runs), sharex=True, sharey=True, squeeze=False,
                                 figsize=(7.5, 0.6 + 1.05 * len(steps)), layout="constrained")
        for column, (name, predictions) in enumerate(runs.items()):
            for row, (step, prediction) in enumerate(predictions.items()):
                ax = axes[row, column]
                draw_curves(ax, prediction, label, channels)
                ax.set_ylabel(f"Step {step}" if column == 0 else "")
            axes[0, column].set_title(name, loc="left")
            axes[-1, column].set_xlabel("Time (s)")
        if time_range is not None:
            axes[0, 0].set_xlim(*time_range)
    return detached(fig)
