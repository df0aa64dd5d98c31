"""Frames for explorers: mixture, background and signal through training, and one event after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.plots.style import book_style, subplots

from ..scoring.jet_arrays import Jets
from .event import circle_jets, event_display, tower_map


def training_frames(mixture: NDArray, truth: tuple[NDArray, NDArray], snapshots: Mapping[int, tuple[NDArray, NDArray]],
                    jets: Jets | None = None) -> list[Figure]:
    """One frame a step: extracted background and signal of one event above, the truth below.

    Parameters
    ----------
    mixture : ndarray, shape (24, 64)
        GeV.
    truth : tuple of ndarray
        True background and signal.
    snapshots : mapping
        Step -> extracted background and signal.
    jets : Jets, optional
        True jets, drawn as circles.
    """
    soft = Normalize(0, float(np.percentile(mixture, 99.5)))
    hard = PowerNorm(0.5, 0, max(float(truth[1].max()), 1e-3))
    frames = []
    with book_style():
        for step, (background, signal) in snapshots.items():
            fig, axes = subplots(3, 2, figsize=(6.4, 4.2), sharex=True, sharey=True)
            tower_map(axes[0, 0], mixture, soft, "mixture")
            axes[0, 1].set_axis_off()
            error = float(np.abs(signal - truth[1]).mean())
            axes[0, 1].text(0, 0.5, f"step {step}\nerror of the signal {error:.3f} GeV a tower", va="center",
                            transform=axes[0, 1].transAxes)
            for row, (back, front), name in ((axes[1], (background, signal), "extracted"), (axes[2], truth, "true")):
                tower_map(row[0], back, soft, f"{name} background")
                tower_map(row[1], front, hard, f"{name} signal")
                circle_jets(row[1], jets)
            for ax in axes[2]:
                ax.set_xlabel(r"$\phi$ (rad)")
            frames.append(fig)
    return frames


def event_frames(events: Sequence[tuple[NDArray, Mapping[str, tuple[NDArray, NDArray]], Jets]]) -> list[Figure]:
    """One frame an event (mixture, answers, true jets): the event display of each."""
    return [event_display(*event) for event in events]


def image_frames(mixtures: NDArray, truth: tuple[NDArray, NDArray],
                 snapshots: Mapping[int, tuple[NDArray, NDArray]], names: Sequence[str] = ("first", "second")
                 ) -> list[Figure]:
    """One frame a step for images of one channel: rows of mixture, extracted parts and true parts.

    Parameters
    ----------
    mixtures : ndarray, shape (n, height, width)
        At most six are drawn.
    truth : tuple of ndarray
        True parts, each (n, height, width).
    snapshots : mapping
        Step -> extracted parts.
    names : sequence of str
    """
    count = min(len(mixtures), 6)
    low, high = min(part.min() for part in truth), max(part.max() for part in truth)
    frames = []
    with book_style():
        for step, parts in snapshots.items():
            rows = {"mixture": mixtures, names[0]: parts[0], f"true {names[0]}": truth[0], names[1]: parts[1],
                    f"true {names[1]}": truth[1]}
            fig, axes = subplots(5, count, figsize=(1.0 + 0.9 * count, 4.9), squeeze=False)
            for line, (name, images) in zip(axes, rows.items(), strict=True):
                for ax, image in zip(line, images, strict=False):
                    ax.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="nearest", aspect="auto")
                    ax.set(xticks=[], yticks=[])
                line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=8)
            axes[0, 0].set_title(f"step {step}", fontsize=9)
            frames.append(fig)
    return frames
