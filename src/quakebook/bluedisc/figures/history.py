"""Time history: one record through training, one image row per kept step."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.picking.waveform_panels import SAMPLING_RATE_HZ, draw_waveform, picks_of, time_axis
from quakebook.plots import book_style, detached

#: A dot is yellow when the pick is nearer than this to the label of its phase (strictly).
NEAR_SAMPLES = 10


def history_image(prediction: NDArray) -> NDArray[np.float64]:
    """Red = S, blue = P, each row divided by its own largest value of the two.

    (steps, 3, samples) -> (steps, samples, 3) between 0 and 1; early rows look bright on purpose, as published.
    """
    phases = prediction[:, :2]
    scaled = phases / np.maximum(phases.max(axis=(1, 2), keepdims=True), 1e-12)
    image = np.zeros((len(prediction), prediction.shape[2], 3))
    image[:, :, 0], image[:, :, 2] = scaled[:, 1], scaled[:, 0]
    return image


def history_picks(prediction: NDArray, label: NDArray) -> list[tuple[int, float, bool]]:
    """Picks of at least 0.7 as (row, time in s, nearer than 0.1 s to the label of the same phase)."""
    found = []
    for channel in range(2):
        truth = picks_of(label[channel], 0.5)
        for row, curve in enumerate(prediction[:, channel]):
            for pick in picks_of(curve):
                near = bool(len(truth)) and bool(
                    np.round(np.abs(truth - pick).min() * SAMPLING_RATE_HZ, 6) < NEAR_SAMPLES)
                found.append((row, float(pick), near))
    return found


def draw_history(ax: Axes, step: NDArray, prediction: NDArray, label: NDArray) -> None:
    """The image with label lines and pick dots; step (k,), prediction (k, 3, samples)."""
    edges = np.concatenate([[0], step]).astype(float)
    t = time_axis(prediction.shape[2] + 1)
    ax.pcolormesh(t, edges, history_image(prediction), rasterized=True)
    for channel in range(2):
        for pick in picks_of(label[channel], 0.5):
            ax.axvline(pick, color="0.75", lw=0.7)
    middle = 0.5 * (edges[1:] + edges[:-1])
    picks = history_picks(prediction, label)
    for near, colour, name in ((False, "0.6", "pick, 0.1 s off or more"), (True, "#FFE000", "pick within 0.1 s")):
        chosen = [(t_s, middle[row]) for row, t_s, is_near in picks if is_near == near]
        ax.scatter(*np.array(chosen).reshape(-1, 2).T, s=5, color=colour, label=name, lw=0)
    ax.set(ylim=(float(step[-1]), 0), xlim=(0, t[-1]))


def time_history(waveform: NDArray, label: NDArray, runs: Mapping[str, tuple[NDArray, NDArray]]) -> Figure:
    """One record through the training of up to three runs.

    Parameters
    ----------
    waveform, label : ndarray, shape (3, samples)
    runs : mapping
        Name -> (steps (k,), predictions (k, 3, samples)).
    """
    with book_style():
        fig, axes = plt.subplots(2, len(runs), sharex=True, squeeze=False, height_ratios=(1, 5),
                                 figsize=(7.5, 5.2), layout="constrained")
        for k, (name, (step, prediction)) in enumerate(runs.items()):
            draw_waveform(axes[0, k], waveform, label)
            draw_history(axes[1, k], step, prediction, label)
            axes[0, k].set_title(name, loc="left")
            axes[1, k].set_xlabel("Time (s)")
            if k:
                axes[0, k].set_ylabel("")
        axes[1, 0].set_ylabel("Training step")
        handles, names = axes[1, -1].get_legend_handles_labels()
        fig.legend(handles, names, loc="outside lower right", ncols=2, facecolor="0.25", labelcolor="white",
                   framealpha=1, frameon=True)
    return detached(fig)
