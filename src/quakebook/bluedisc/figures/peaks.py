"""Peak statistics: error and height of every matched peak, one row a run, one column a phase (published figure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.bluedisc.scoring.peaks import SAMPLING_RATE_HZ, Peaks, statistics
from quakebook.bluedisc.settings import EvaluationConfig
from quakebook.plots import PHASE_COLOURS, book_style, detached

from .colours import colour_of

#: Bins of error (over -3.5 to 3.5 s) and of height (over 0 to 1), as published.
ERROR_BINS, HEIGHT_BINS = np.linspace(-3.5, 3.5, 101), np.linspace(0, 1, 26)


def peak_statistics(runs: Mapping[str, Mapping[str, Peaks]], settings: EvaluationConfig | None = None) -> Figure:
    """Two-dimensional histograms with margins for one to three runs, P and S.

    Parameters
    ----------
    runs : mapping
        Run name -> phase ("P", "S") -> `Peaks`.
    settings : EvaluationConfig, optional
        Threshold and precision.
    """
    settings = settings or EvaluationConfig()
    if not 1 <= len(runs) <= 3:
        raise ValueError(f"one to three runs can be compared; found {len(runs)}")
    with book_style():
        fig = plt.figure(figsize=(7.5, 0.3 + 2.9 * len(runs)), layout="constrained")
        cells = fig.add_gridspec(len(runs), 2)
        for row, (name, phases) in enumerate(runs.items()):
            for column, phase in enumerate(("P", "S")):
                cell = cells[row, column].subgridspec(2, 2, width_ratios=(4, 1), height_ratios=(1, 4))
                axes = cell.subplots(sharex="col", sharey="row")
                axes[0, 1].set_axis_off()
                axes[0, 1].text(0.5, 0.5, f"{name}\n{phase}", ha="center", va="center", fontsize=7,
                                transform=axes[0, 1].transAxes)
                _cell(axes[1, 0], axes[0, 0], axes[1, 1], phases[phase], phase, settings)
    return detached(fig)


def _cell(ax: Axes, top: Axes, right: Axes, peaks: Peaks, phase: str, settings: EvaluationConfig) -> None:
    matched = np.isfinite(peaks.error_samples)
    error, height = peaks.error_samples[matched] / SAMPLING_RATE_HZ, peaks.height[matched]
    colour = PHASE_COLOURS[phase]
    shades = LinearSegmentedColormap.from_list(phase, ["#F2F2F2", colour, "black"])
    counts, _, _ = np.histogram2d(error, height, (ERROR_BINS, HEIGHT_BINS))
    norm = LogNorm(1, max(counts.max(), 2))
    mesh = ax.pcolormesh(ERROR_BINS, HEIGHT_BINS, np.ma.masked_less(counts.T, 1), cmap=shades, norm=norm)
    t = np.linspace(-3.5, 3.5, 701)
    ax.plot(t, np.exp(-0.5 * (t / 0.2) ** 2), color="black", lw=0.6)
    limit = settings.precise_samples / SAMPLING_RATE_HZ
    for x in (-limit, limit):
        ax.axvline(x, color="red", lw=0.5)
    ax.axhline(settings.confidence, color="red", lw=0.5)
    ax.set(xlim=(-3.5, 3.5), ylim=(0, 1.18), xlabel="Error (s)", ylabel="Peak height")
    numbers = statistics(peaks, settings)
    ax.text(-3.4, 0.3, f"labels {numbers['label_count']:.0f}\nover, precise {numbers['tp']:.1f} %\n"
                        f"below, precise {numbers['below']:.1f} %", va="top", fontsize=6)
    inset = ax.inset_axes((0.62, 0.93, 0.35, 0.03))
    ax.figure.colorbar(mesh, cax=inset, orientation="horizontal").ax.tick_params(labelsize=5, pad=1, length=1)
    precise, high = np.abs(error) <= limit, height >= settings.confidence
    for panel, values, bins, chosen, way in ((top, error, ERROR_BINS, high, "vertical"),
                                             (right, height, HEIGHT_BINS, precise, "horizontal")):
        panel.hist(values, bins, color=colour, alpha=0.3, orientation=way)
        panel.hist(values[chosen], bins, color=colour, orientation=way)
        panel.tick_params(labelsize=6)
        panel.spines[["top", "right"]].set_visible(False)
    top.set_ylabel("Count", fontsize=6)


def heights_of_precise(kinds: Mapping[str, Sequence[Mapping[str, Peaks]]],
                       settings: EvaluationConfig | None = None) -> Figure:
    """Heights of the precise peaks, P and S side by side, in percent of the labels: mean and range of the seeds.

    Parameters
    ----------
    kinds : mapping
        Name of a kind of training -> the peaks of its seeds.
    """
    settings = settings or EvaluationConfig()
    bins = np.linspace(0, 1, 26)
    with book_style():
        fig, axes = plt.subplots(1, 2, sharex=True, figsize=(7.5, 2.8), layout="constrained")
        for ax, phase in zip(axes, ("P", "S"), strict=True):
            for name, seeds in kinds.items():
                shares = np.array([_height_shares(phases[phase], bins, settings) for phases in seeds])
                ax.stairs(shares.max(0), bins, baseline=shares.min(0), fill=True, color=colour_of(name), alpha=0.25)
                ax.stairs(shares.mean(0), bins, lw=1.3, color=colour_of(name), label=name)
            ax.axvline(settings.confidence, color="0.3", lw=0.7, ls=":")
            ax.set(xlim=(0, 1), xlabel=f"Height of precise {phase} peaks", ylabel="Labels (%)")
        axes[0].legend(loc="upper left")
    return detached(fig)


def _height_shares(peaks: Peaks, bins: NDArray, settings: EvaluationConfig) -> NDArray:
    """Precise peaks in bins of their height, percent of the labels."""
    precise = np.abs(peaks.error_samples) <= settings.precise_samples
    return 100 * np.histogram(peaks.height[precise], bins)[0] / max(int(peaks.labels.sum()), 1)
