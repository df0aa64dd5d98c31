"""Area subtraction: each jet of the mixture loses the median background density times its area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter.detector import TOWER_AREA

from ..scoring.jets import MIN_PT_GEV, Engine, Jets, as_images, find_jets, tower_coordinates

#: The density is the median of kt jets of this radius, inside this rapidity, without the hardest ones.
KT_RADIUS, RAPIDITY_MAX, LEFT_OUT = 0.4, 0.7, 2


def background_density(mixtures: Any, engine: Engine = "auto") -> NDArray:
    """Background per unit area of each event: median of pT / area of kt jets (R = 0.4, abs(y) < 0.7).

    The two hardest jets are left out. Towers without energy belong to no jet; they join the median as empty jets, each
    of the area 0.55 pi R^2.

    Parameters
    ----------
    mixtures : array or Tensor, shape (n, 24, 64)
        GeV.

    Returns
    -------
    ndarray, shape (n,)
        GeV per unit of pseudorapidity and azimuth; 0 for events without such jets.
    """
    rows = np.abs(tower_coordinates()[0]) < RAPIDITY_MAX
    empty_area = TOWER_AREA * (as_images(mixtures)[:, rows] <= 0).sum(1)
    density = []
    for jets, area in zip(find_jets(mixtures, KT_RADIUS, "kt", min_pt_gev=0.0, engine=engine), empty_area, strict=True):
        inside = jets.where(np.abs(jets.y) < RAPIDITY_MAX)
        rest = inside.where(np.arange(len(inside)) >= LEFT_OUT)
        empty = np.zeros(round(area / (0.55 * np.pi * KT_RADIUS**2)))
        values = np.concatenate([rest.pt_gev / rest.area, empty])
        density.append(float(np.median(values)) if len(values) else 0.0)
    return np.array(density)


def area_jets(jets: Sequence[Jets], density: NDArray, *, min_pt_gev: float = MIN_PT_GEV) -> list[Jets]:
    """Jets of the mixtures with pT - density x area; those left above `min_pt_gev`, by falling momentum.

    Masses and members stay those of the mixture: the method says nothing about the inside of a jet.

    Parameters
    ----------
    jets : sequence of Jets
        Anti-kt jets of the mixtures, of any momentum.
    density : ndarray, shape (n,)
        Of each event, GeV per unit area.
    """
    result = []
    for event, rho in zip(jets, density, strict=True):
        corrected = replace(event, pt_gev=event.pt_gev - rho * event.area)
        order = np.argsort(-corrected.pt_gev, kind="stable")
        order = order[corrected.pt_gev[order] >= min_pt_gev]
        result.append(Jets(*(getattr(corrected, name)[order] for name in ("pt_gev", "eta", "phi", "y", "mass_gev")),
                           tuple(corrected.members[k] for k in order)))
    return result
