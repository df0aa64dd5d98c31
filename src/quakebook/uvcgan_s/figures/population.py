"""What the embedded calorimeter data look like: tower energies, jet momenta, and the inside of true jets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.plots.style import book_style, subplots

from .colours import BLUE, GREEN, ORANGE

TOWER_BINS = np.r_[0, np.geomspace(0.01, 40, 41)]


def population(images: Mapping[str, NDArray], jet_pt: Mapping[str, NDArray]) -> Figure:
    """Left: tower energies of each domain; right: momenta of the true jets.

    Parameters
    ----------
    images : mapping
        Name -> towers of any shape, GeV.
    jet_pt : mapping
        Name -> transverse momenta of jets, GeV.
    """
    with book_style():
        fig, (left, right) = subplots(1, 2, figsize=(7.5, 3.0))
        for (name, values), colour in zip(images.items(), (ORANGE, BLUE, GREEN), strict=False):
            counts = np.histogram(values, TOWER_BINS)[0] / values.size
            left.stairs(counts[1:], TOWER_BINS[1:], color=colour, label=f"{name} ({100 * counts[0]:.0f} % < 10 MeV)")
        left.set(xscale="log", yscale="log", xlabel="Tower energy (GeV)", ylabel="Share of towers", ylim=(1e-6, 1))
        left.legend(fontsize=7)
        bins = np.arange(14, 61, 2.0)
        for (name, values), colour in zip(jet_pt.items(), (BLUE, GREEN), strict=False):
            right.stairs(np.histogram(values, bins)[0] / max(len(values), 1), bins, color=colour, label=name)
        right.set(yscale="log", xlabel=r"True jet $p_T$ (GeV), R = 0.4", ylabel="Share of jets")
        right.legend(fontsize=7)
    return fig
