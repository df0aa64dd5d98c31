"""Parts that several figures share: the waveform panel with labels, and probability curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from quakebook.plots import PHASE_COLOURS

SAMPLING_RATE_HZ = 100.0
#: Plots mark picks at least this high.
CONFIDENCE = 0.7
CHANNELS = ("P", "S", "N")


def time_axis(samples: int) -> NDArray[np.float64]:
    """Seconds after the start of the window, shape (samples,)."""
    return np.arange(samples) / SAMPLING_RATE_HZ


def picks_of(curve: NDArray, height: float = CONFIDENCE) -> NDArray[np.float64]:
    """Peaks of one curve that are at least `height` high, in seconds."""
    from .peaks import find_picks

    return find_picks(np.asarray(curve, dtype=np.float64), height=height)[0] / SAMPLING_RATE_HZ


def around(label: NDArray, margin_s: float = 4.0) -> tuple[float, float]:
    """Seconds to show so that all labelled P and S arrivals (curves (3, samples)) stand in view; all without any."""
    picks = np.concatenate([picks_of(label[channel], 0.5) for channel in range(2)])
    end = label.shape[-1] / SAMPLING_RATE_HZ
    return (max(picks.min() - margin_s, 0.0), min(picks.max() + margin_s, end)) if picks.size else (0.0, end)


def draw_waveform(ax: Axes, waveform: NDArray, label: NDArray | None = None) -> None:
    """Z black, N and E grey (3, samples), with the label's picks as full-height bars behind."""
    t = time_axis(waveform.shape[-1])
    for component, shade in ((1, "0.75"), (2, "0.6"), (0, "black")):
        ax.plot(t, waveform[component], color=shade, lw=0.5, label="ZNE"[component])
    for channel, phase in enumerate("PS") if label is not None else ():
        for k, pick in enumerate(picks_of(label[channel], 0.5)):
            ax.axvline(pick, color=PHASE_COLOURS[phase], alpha=0.4, lw=4, zorder=0,
                       label=f"{phase} label" if k == 0 else None)
    ax.set(ylim=(-1.1, 1.1), yticks=[], ylabel="Waveform")
    ax.margins(x=0)


def draw_picks(ax: Axes, prediction: NDArray, low: float, high: float, alpha: float, name: str) -> None:
    """Predicted picks as bars between two heights of the waveform panel."""
    for channel, phase in enumerate("PS"):
        for k, pick in enumerate(picks_of(prediction[channel])):
            ax.plot([pick, pick], [low, high], color=PHASE_COLOURS[phase], alpha=alpha, lw=1.8,
                    label=f"{phase} {name}" if k == 0 else None)


def draw_curves(ax: Axes, prediction: NDArray, label: NDArray, channels: Sequence[str] = CHANNELS) -> None:
    """Label light, prediction strong, for each channel (3, samples)."""
    t = time_axis(prediction.shape[-1])
    for channel, name in enumerate(channels):
        colour = PHASE_COLOURS[name]
        if name == "N":
            ax.plot(t, label[channel], color=colour, lw=2.5, alpha=0.25, label="N label")
        else:
            ax.fill_between(t, label[channel], color=colour, alpha=0.25, lw=0, label=f"{name} label")
        ax.plot(t, prediction[channel], color=colour, lw=1.2, label=f"{name} predicted")
    ax.axhline(CONFIDENCE, color="0.3", lw=0.6, ls=":")
    ax.set(ylim=(0, 1.05), ylabel="Probability")
    ax.margins(x=0)


def channels_of(label: str) -> tuple[str, str, str]:
    """Names of the three channels for third channel "N" or "D"."""
    return ("P", "S", label)
