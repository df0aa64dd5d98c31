"""Earthquakes in noise: waveforms and magnitudes of mixture, truth and what was extracted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.plots.style import book_style, subplots

from ..data.spectrograms import HOP, RATE_HZ, WINDOW, magnitudes


def decomposed(waveforms: Mapping[str, NDArray], p_s: float) -> Figure:
    """Rows of waveform and magnitudes; all rows share their scales.

    Parameters
    ----------
    waveforms : mapping
        Name -> (samples,) at 50 Hz, in units of the noise.
    p_s : float
        True P onset in seconds.
    """
    import torch

    values = {name: np.asarray(wave, dtype=np.float32) for name, wave in waveforms.items()}
    images = {name: magnitudes(torch.as_tensor(wave)[None])[0, 0].numpy() for name, wave in values.items()}
    largest = max(np.abs(wave).max() for wave in values.values())
    top = np.log(max(float(image.max()) for image in images.values()) + 0.1)
    with book_style():
        fig, axes = subplots(len(values), 2, figsize=(7.2, 1.1 * len(values) + 0.5), squeeze=False, sharex=True)
        for (left, right), (name, wave) in zip(axes, values.items(), strict=True):
            left.plot(np.arange(len(wave)) / RATE_HZ, wave, color="black", lw=0.6)
            left.axvline(p_s, color="C0", lw=0.8)
            left.set_ylim(-largest, largest)
            left.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=8)
            extent = (0, images[name].shape[1] * HOP / RATE_HZ, RATE_HZ / WINDOW, RATE_HZ / 2)
            right.imshow(np.log(images[name] + 0.1), origin="lower", aspect="auto", extent=extent, vmin=np.log(0.1),
                         vmax=top, cmap="magma")
            right.set_ylabel("Hz", fontsize=8)
        for ax in axes[-1]:
            ax.set_xlabel("Time (s)")
    return fig
