"""What goes in: the magnitudes of a data set and one training sample with its labels."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from quakebook.plots import PALETTE, PHASE_COLOURS, detached

RATE_HZ = 100.0
#: Bins of the published histogram: half units from 0 to 9.
BINS = np.arange(0.0, 9.01, 0.5)


def magnitude_histogram(magnitude: ArrayLike, types: Mapping[str, int], label: str) -> Figure:
    """Number of records per half unit of magnitude, with the mix of magnitude types in the title.

    Magnitudes outside 0 to 9 are counted in the first and last bin, so that the bars add up to all rows.
    """
    values = np.asarray(magnitude, float)
    values = values[np.isfinite(values)]
    figure, axes = plt.subplots(figsize=(6.5, 3.2))
    axes.hist(np.clip(values, BINS[0], BINS[-1] - 1e-9), bins=BINS, color=PALETTE[0], edgecolor="white")
    mix = ", ".join(f"{name} {count}" for name, count in types.items()) or "no magnitudes"
    axes.set(xlabel="source magnitude", ylabel="records", title=f"{label}: {mix}", xlim=(0, 9))
    return detached(figure)


def generator_sample(waveforms: ArrayLike, phases: ArrayLike, magnitude: ArrayLike, label: str) -> Figure:
    """One training window. Z, N, E; labels P, S, noise; magnitude label.

    Parameters
    ----------
    waveforms, phases : array, shape (3, samples)
        Components Z, N, E in counts; curves P, S, N.
    magnitude : array, shape (samples,)
    label : str
        Name of the data set.
    """
    waveforms, phases, magnitude = (np.asarray(values, float) for values in (waveforms, phases, magnitude))
    time_s = np.arange(waveforms.shape[-1]) / RATE_HZ
    figure, axes = plt.subplots(3, 1, figsize=(7.0, 5.0), sharex=True, height_ratios=(2, 1, 1))
    wiggles(axes[0], time_s, waveforms)
    for curve, phase in zip(phases, "PSN", strict=True):
        axes[1].plot(time_s, curve, color=PHASE_COLOURS[phase], label={"N": "noise"}.get(phase, phase))
    axes[1].set(ylabel="probability", ylim=(0, 1.05))
    axes[1].legend(ncols=3, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.0)
    axes[2].plot(time_s, magnitude, color=PALETTE[3])
    axes[2].set(ylabel="magnitude label", xlabel="time in the window (s)", ylim=(-0.2, max(magnitude.max() * 1.15, 1)))
    for letter, panel in zip("abc", axes, strict=True):
        panel.set_title(f"({letter})" + (f" {label}" if letter == "a" else ""))
    return detached(figure)


def wiggles(axes: plt.Axes, time_s: np.ndarray, waveforms: np.ndarray, names: str = "ZNE") -> None:
    """Three components in black, one above the other, each scaled to its own peak."""
    centred = waveforms - waveforms.mean(-1, keepdims=True)
    scaled = 0.45 * centred / np.maximum(np.abs(centred).max(-1, keepdims=True), 1e-10)
    for row, (trace, name) in enumerate(zip(scaled, names, strict=True)):
        axes.plot(time_s, trace - row, color="black", linewidth=0.5)
        axes.text(-0.01, -row, name, transform=axes.get_yaxis_transform(), ha="right", va="center")
    axes.set(yticks=[], ylim=(-len(names) + 0.45, 0.55), xlim=(time_s[0], time_s[-1]))
    axes.spines["left"].set_visible(False)
