"""Response curves as the network reads them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, subplots
from quakebook.plots.style import book_style

from ..data.metadata import RESPONSE_HZ


def curves(responses: Mapping[str, np.ndarray]) -> Figure:
    """log10 amplitude relative to 1 Hz at the 64 frequencies that are encoded; gaps above a channel's Nyquist."""
    with book_style():
        fig, ax = subplots(figsize=(5.0, 3.0), layout="constrained")
        for k, (name, curve) in enumerate(responses.items()):
            ax.semilogx(RESPONSE_HZ, curve, marker=".", ms=3, lw=0.8, color=PALETTE[k % len(PALETTE)], label=name)
        ax.set(xlabel="Frequency (Hz)", ylabel="log10 amplitude, 1 Hz = 0")
        ax.legend()
    return fig
