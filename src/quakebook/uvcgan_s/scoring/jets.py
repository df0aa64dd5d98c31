"""Jets of calorimeter images: with the package ``fastjet`` where it is installed, else with our own finder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .clustering import Algorithm, four_momenta, merges
from .jet_arrays import ETA_AXIS_MAX, Jets, as_images, sorted_jets, tower_coordinates
from .with_fastjet import cluster, have_fastjet

__all__ = ["ETA_AXIS_MAX", "MIN_PT_GEV", "RADII", "Engine", "Jets", "as_images", "find_jets", "have_fastjet",
           "signed_jets", "tower_coordinates"]

Engine = Literal["auto", "fastjet", "own"]
#: Radii of the published evaluation; jets below the smallest momentum are dropped (our choice), GeV.
RADII, MIN_PT_GEV = (0.2, 0.4, 0.5), 5.0


def find_jets(images: Any, radius: float, algorithm: Algorithm = "antikt", *, min_pt_gev: float = MIN_PT_GEV,
              engine: Engine = "auto") -> list[Jets]:
    """Cluster the towers of images, each tower above zero a massless particle with its value as transverse energy.

    Parameters
    ----------
    images : array or Tensor, shape (n, 24, 64) or (n, 1, 24, 64)
        GeV. Towers at or below zero are left out.
    radius : float
    algorithm : {"antikt", "kt", "cambridge"}
    min_pt_gev : float
        Softer jets are dropped.
    engine : {"auto", "fastjet", "own"}
        "auto" takes fastjet where it is installed; both give the same jets up to ties in distance.

    Returns
    -------
    list of Jets
        One an event.
    """
    values = as_images(images)
    if not 0 < radius < 2:
        raise ValueError(f"`radius` must lie between 0 and 2; found {radius}")
    if engine == "fastjet" or (engine == "auto" and have_fastjet()):
        return cluster(values, radius, algorithm, min_pt_gev)
    return [_own(image, radius, algorithm, min_pt_gev) for image in values]


def signed_jets(jets: Sequence[Jets], images: Any, min_pt_gev: float = MIN_PT_GEV) -> list[Jets]:
    """The same groups of towers with the values of other images, which may be negative.

    Jets whose sum is not above zero in transverse energy, or below `min_pt_gev`, are dropped.
    """
    eta, phi = tower_coordinates()
    result = []
    for values, found in zip(as_images(images), jets, strict=True):
        momenta = four_momenta(values, eta, phi)
        groups = [m for m in found.members if values[m].sum() > 0]
        result.append(sorted_jets(np.array([momenta[m].sum(0) for m in groups]).reshape(-1, 4), groups, min_pt_gev))
    return result


def _own(image: NDArray, radius: float, algorithm: Algorithm, min_pt_gev: float) -> Jets:
    eta, phi = tower_coordinates()
    towers = np.flatnonzero(image > 0)
    momenta = four_momenta(image[towers], eta[towers], phi[towers])
    groups: dict[int, list[int]] = {k: [k] for k in range(len(towers))}
    jets = []
    for i, j in merges(momenta, radius, algorithm):
        if j >= 0:
            groups[i] += groups.pop(j)
        else:
            jets.append(groups[i])
    total = np.array([momenta[group].sum(0) for group in jets]).reshape(-1, 4)
    return sorted_jets(total, [np.sort(towers[group]) for group in jets], min_pt_gev)
