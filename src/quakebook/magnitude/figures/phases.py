"""Pickers: example windows, residuals and real records."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from quakebook.magnitude.scoring.pick_scores import WindowPicks
from quakebook.plots import PHASE_COLOURS, detached

from .data import RATE_HZ, wiggles

RESIDUAL_BINS_S = np.arange(-1.0, 1.001, 0.02)


def phase_example(waveforms: ArrayLike, label: ArrayLike, curves: ArrayLike, title: str) -> Figure:
    """Waveform, label and prediction of one test window; all arrays (3, samples) and (2, samples) for P, S."""
    waveforms = np.asarray(waveforms, float)
    time_s = np.arange(waveforms.shape[-1]) / RATE_HZ
    figure, axes = plt.subplots(3, 1, figsize=(7.0, 4.6), sharex=True, height_ratios=(2, 1, 1))
    wiggles(axes[0], time_s, waveforms)
    for panel, values, name in ((axes[1], label, "label"), (axes[2], curves, "prediction")):
        for row, phase in enumerate("PS"):
            panel.plot(time_s, np.asarray(values[row], float), color=PHASE_COLOURS[phase], label=phase)
        panel.set(ylabel=name, ylim=(0, 1.05))
    axes[1].legend(ncols=2, loc="upper right")
    axes[2].set_xlabel("time in the window (s)")
    axes[0].set_title(title)
    return detached(figure)


def residual_histograms(models: Mapping[str, Mapping[str, WindowPicks]], threshold: float = 0.3) -> Figure:
    """Residuals of matched picks in bins of 0.02 s, one column a model, P above S."""
    figure, panels = plt.subplots(2, len(models), figsize=(7.8, 4.2), sharex=True, sharey="row", squeeze=False)
    for column, (name, picks) in zip(panels.T, models.items(), strict=True):
        for axes, phase in zip(column, "PS", strict=True):
            residual_panel(axes, picks[phase], phase, threshold)
        column[0].set_title(name)
        column[1].set_xlabel("predicted - labelled (s)")
    for axes in panels[:, 0]:
        axes.set_ylabel("picks")
    return detached(figure)


def residual_panel(axes: plt.Axes, picks: WindowPicks, phase: str, threshold: float) -> None:
    """Histogram of the residuals of one phase within 1 s."""
    error = picks.error_s[(picks.height >= threshold) & np.isfinite(picks.labelled_s)]
    error = error[np.abs(error) <= 1.0]
    axes.hist(error, RESIDUAL_BINS_S, color=PHASE_COLOURS[phase])
    spread = f"std {error.std():.3f} s" if len(error) else "no picks"
    axes.text(0.03, 0.93, f"{phase}, {len(error)} picks\n{spread}", transform=axes.transAxes, va="top", fontsize=8)
    axes.set_xlim(-1, 1)


def real_records(picks: Mapping[str, WindowPicks], examples: Mapping[str, np.ndarray], threshold: float,
                 label: str) -> Figure:
    """Two real records with the curves of a picker trained on synthetic ones, and residuals of both phases.

    Parameters
    ----------
    picks : mapping
        Phase -> picks of all real records.
    examples : mapping
        ``waveforms`` (k, 3, T), ``curves`` (k, 2, T), ``picks_s`` (k, 2).
    """
    figure, panels = plt.subplots(2, 3, figsize=(7.8, 4.8), width_ratios=(2, 2, 1.6))
    for column in range(2):
        waveforms = np.asarray(examples["waveforms"][column], float)
        time_s = np.arange(waveforms.shape[-1]) / RATE_HZ
        wiggles(panels[0, column], time_s, waveforms)
        for row, phase in enumerate("PS"):
            panels[1, column].plot(time_s, np.asarray(examples["curves"][column][row], float),
                                   color=PHASE_COLOURS[phase], label=phase)
            panels[0, column].axvline(examples["picks_s"][column][row], color=PHASE_COLOURS[phase], linestyle="--")
        panels[1, column].set(ylim=(0, 1.05), xlabel="time (s)", xlim=(time_s[0], time_s[-1]))
    panels[0, 0].set_title(label)
    panels[1, 0].set_ylabel("probability")
    panels[1, 0].legend(loc="upper right")
    for axes, phase in zip(panels[:, 2], "PS", strict=True):
        residual_panel(axes, picks[phase], phase, threshold)
        axes.set_ylabel("picks")
    panels[1, 2].set_xlabel("residual (s)")
    return detached(figure)
