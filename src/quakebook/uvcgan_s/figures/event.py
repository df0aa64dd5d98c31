"""One event as maps of towers: mixture, extracted background and signal, truth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from numpy.typing import NDArray

from quakebook.data.calorimeter.detector import ETA_MAX
from quakebook.plots.style import book_style, subplots

from ..scoring.jet_arrays import Jets

#: Extent of the maps: azimuth across, pseudorapidity up.
EXTENT = (0, 2 * np.pi, -ETA_MAX, ETA_MAX)


def event_display(mixture: NDArray, answers: Mapping[str, tuple[NDArray, NDArray]], jets: Jets | None = None) -> Figure:
    """Mixture above; below it, a row an answer: background and signal, all with common colour scales.

    Parameters
    ----------
    mixture : ndarray, shape (24, 64)
        GeV.
    answers : mapping
        Name (for instance ``truth``) -> background and signal, each (24, 64).
    jets : Jets, optional
        True jets, drawn as circles on every map of a signal.
    """
    top = {"soft": float(np.percentile(mixture, 99.5)), "hard": float(max(s.max() for _, s in answers.values()))}
    with book_style():
        fig, axes = subplots(1 + len(answers), 2, figsize=(7.5, 1.1 + 1.25 * (1 + len(answers))), sharex=True,
                             sharey=True, squeeze=False)
        soft = tower_map(axes[0, 0], mixture, Normalize(0, top["soft"]), "mixture")
        hard = tower_map(axes[0, 1], mixture, PowerNorm(0.5, 0, top["hard"]), "mixture, colours of the signal")
        for row, (name, (background, signal)) in zip(axes[1:], answers.items(), strict=True):
            tower_map(row[0], background, soft.norm, f"background: {name}")
            tower_map(row[1], signal, hard.norm, f"signal: {name}")
            circle_jets(row[1], jets)
        for ax in axes[-1]:
            ax.set_xlabel(r"Azimuth $\phi$ (rad)")
        for ax in axes[:, 0]:
            ax.set_ylabel(r"$\eta$")
        for image, column in ((soft, 0), (hard, 1)):
            fig.colorbar(image, ax=axes[:, column], orientation="horizontal", shrink=0.7, aspect=40, pad=0.02,
                         extend="max").set_label("Tower energy (GeV)")
    return fig


def tower_map(ax: Axes, image: NDArray, norm: Normalize, title: str):
    """Draw one map; returns the drawn image, whose norm others may share."""
    drawn = ax.imshow(np.maximum(image, 0), extent=EXTENT, origin="lower", aspect="auto", norm=norm, cmap="viridis",
                      interpolation="nearest")
    ax.set_title(title, fontsize=8.5)
    return drawn


def circle_jets(ax: Axes, jets: Jets | None, radius: float = 0.4, count: int = 2) -> None:
    """Circles round the hardest jets, repeated across the seam of azimuth."""
    if jets is None:
        return
    for eta, phi in zip(jets.eta[:count], jets.phi[:count], strict=True):
        for turn in (-2 * np.pi, 0, 2 * np.pi):
            ax.add_patch(Ellipse((phi + turn, eta), 2 * radius, 2 * radius, fill=False, color="white", lw=0.9))
    ax.set(xlim=EXTENT[:2], ylim=EXTENT[2:])
