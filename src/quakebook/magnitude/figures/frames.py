"""Predicted against true, record by record: pictures for an explorer that needs no kernel."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from quakebook.plots import PALETTE, detached

from .data import RATE_HZ


def record_frames(waveforms: ArrayLike, true: ArrayLike, series: Mapping[str, ArrayLike],
                  onset_s: ArrayLike) -> tuple[list[Figure], list[str]]:
    """One picture and one label for each record.

    Parameters
    ----------
    waveforms : array, shape (records, 3, samples)
        The vertical component is drawn.
    true : array, shape (records,)
    series : mapping
        Model -> magnitude per sample, shape (records, samples).
    onset_s : array, shape (records,)
    """
    true, onset_s = np.asarray(true, float), np.asarray(onset_s, float)
    frames = [_frame(np.asarray(waveforms[k][0], float), true[k],
                     {name: np.asarray(values[k], float) for name, values in series.items()}, onset_s[k])
              for k in range(len(true))]
    return frames, [f"record {k + 1}, M {magnitude:.1f}" for k, magnitude in enumerate(true)]


def _frame(trace: np.ndarray, true: float, series: Mapping[str, np.ndarray], onset_s: float) -> Figure:
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(6.5, 3.6), sharex=True)
    time_s = np.arange(len(trace)) / RATE_HZ
    top.plot(time_s, trace / max(np.abs(trace).max(), 1e-10), color="black", linewidth=0.5)
    top.set(yticks=[], ylabel="Z, scaled", xlim=(0, time_s[-1]))
    bottom.axhline(true, color="black", linestyle="--", linewidth=1, label="catalogue")
    step = max(len(trace) // 600, 1)
    for (name, values), colour in zip(series.items(), PALETTE, strict=False):
        bottom.plot(time_s[::step], values[::step], color=colour, label=name)
    if np.isfinite(onset_s):
        bottom.axvline(onset_s, color="0.6", linewidth=0.8)
    bottom.set(ylim=(-0.5, 6.5), ylabel="magnitude", xlabel="time in the window (s)")
    bottom.legend(loc="upper right", ncols=3)
    return detached(figure)
