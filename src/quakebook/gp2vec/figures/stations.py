"""How alike the stations are to the network that is told of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from quakebook.plots import subplots
from quakebook.plots.style import book_style


def cosine_maps(maps: Mapping[str, np.ndarray]) -> Figure:
    """One square (stations, stations) of cosines a title, from -1 (red) to 1 (blue)."""
    with book_style():
        fig, axes = subplots(1, len(maps), figsize=(3.4 * len(maps) + 0.7, 3.4), layout="constrained", squeeze=False)
        for ax, (title, cosines) in zip(axes[0], maps.items(), strict=True):
            image = ax.imshow(cosines, cmap="RdBu", vmin=-1, vmax=1, interpolation="none")
            ax.set(title=title, xlabel="Station, west to east")
        axes[0, 0].set_ylabel("Station, west to east")
        fig.colorbar(image, ax=list(axes[0]), label="Cosine")
    return fig
