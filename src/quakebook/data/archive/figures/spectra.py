"""Spectra of the ground against Peterson's models, and what resamplers leave of sines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.plots.style import PALETTE, WIDTH_INCHES, book_style, subplots


def against_peterson(frequency_hz: NDArray[np.float64], decibel: Mapping[str, NDArray[np.float64]]) -> Figure:
    """Power densities of ground acceleration between the low and the high noise model.

    Parameters
    ----------
    frequency_hz : ndarray, shape (n,)
    decibel : mapping of name to ndarray, shape (n,)
        In dB relative to 1 (m/s2)2/Hz.
    """
    from obspy.signal.spectral_estimation import get_nhnm, get_nlnm

    with book_style():
        fig, axis = subplots(figsize=(WIDTH_INCHES, 3.4))
        for (period, level), name in ((get_nlnm(), "low noise model"), (get_nhnm(), "high noise model")):
            axis.semilogx(1 / period, level, "--", color="0.3", lw=1.2, label=name)
        for number, (name, values) in enumerate(decibel.items()):
            axis.semilogx(frequency_hz, values, color=PALETTE[number % len(PALETTE)], lw=1.0, label=name,
                          ls="-" if number < len(PALETTE) else ":")
        axis.set(xlim=(frequency_hz[0], frequency_hz[-1]), ylim=(-185, -80), xlabel="frequency (Hz)",
                 ylabel="acceleration (dB re 1 (m/s$^2$)$^2$/Hz)")
        axis.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize="small")
    return fig


def resampler_gains(curves: Mapping[str, tuple[NDArray[np.float64], Mapping[str, NDArray[np.float64]]]]) -> Figure:
    """Amplitude that sines keep, one panel a change of rate, one line a way to resample.

    Parameters
    ----------
    curves : mapping of title to (frequency in Hz, mapping of name to gain)
    """
    with book_style():
        fig, axes = subplots(1, len(curves), figsize=(WIDTH_INCHES, 2.8), sharey=True, squeeze=False)
        styles = ("-", "--", "-.", ":")
        for letter, axis, (title, (frequency, gains)) in zip("abcd", axes[0], curves.items(), strict=False):
            for colour, ls, (name, gain) in zip(PALETTE, styles, gains.items(), strict=False):
                axis.plot(frequency, gain, ls, color=colour, label=name)
            axis.set(title=f"({letter}) {title}", xlabel="frequency (Hz)", ylim=(0, 1.1), xlim=(0, frequency[-1]))
        axes[0, 0].set_ylabel("amplitude left")
        axes[0, 0].legend(loc="lower left", fontsize="small")
    return fig
