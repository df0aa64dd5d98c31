"""Jets of calorimeter images: with the package ``fastjet`` where it is installed, else with our own finder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter.detector import COLUMNS, ROWS, TOWER_AREA, tower_eta, tower_phi

from .clustering import Algorithm, four_momenta, merges, rapidity

Engine = Literal["auto", "fastjet", "own"]
#: Radii of the published evaluation, and its acceptance: axes within 0.6 in pseudorapidity.
RADII, ETA_AXIS_MAX = (0.2, 0.4, 0.5), 0.6
MIN_PT_GEV = 5.0


@dataclass(frozen=True)
class Jets:
    """Jets of one event, by falling transverse momentum.

    Parameters
    ----------
    pt_gev, eta, phi, y, mass_gev : ndarray, shape (k,)
        `eta` is the pseudorapidity and `y` the rapidity of the axis; `phi` lies in 0 to 2 pi.
    members : tuple of ndarray
        Towers of each jet, as flat indices into the 24 x 64 image.
    """

    pt_gev: NDArray
    eta: NDArray
    phi: NDArray
    y: NDArray
    mass_gev: NDArray
    members: tuple[NDArray, ...]

    def __len__(self) -> int:
        return len(self.pt_gev)

    @property
    def area(self) -> NDArray:
        """Area of each jet: number of its towers times the area of one."""
        return TOWER_AREA * np.array([len(towers) for towers in self.members])

    def where(self, keep: NDArray) -> Jets:
        """The jets for which `keep` is true."""
        members = tuple(m for m, wanted in zip(self.members, keep, strict=True) if wanted)
        return Jets(self.pt_gev[keep], self.eta[keep], self.phi[keep], self.y[keep], self.mass_gev[keep], members)

    def central(self, eta_max: float = ETA_AXIS_MAX) -> Jets:
        """Jets whose axis lies within the acceptance."""
        return self.where(np.abs(self.eta) < eta_max)


def tower_coordinates() -> tuple[NDArray, NDArray]:
    """Pseudorapidity and azimuth of all towers, each of shape (24 * 64,)."""
    eta, phi = np.meshgrid(tower_eta(), tower_phi(), indexing="ij")
    return eta.ravel(), phi.ravel()


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
        return _with_fastjet(values, radius, algorithm, min_pt_gev)
    return [_own(image, radius, algorithm, min_pt_gev) for image in values]


def as_images(images: Any) -> NDArray:
    """Images as a float64 array of shape (n, 1536); wrong shapes and values that are not finite are refused."""
    values = np.asarray(images.detach().cpu() if hasattr(images, "detach") else images, dtype=np.float64)
    if values.ndim == 4 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 3 or values.shape[1:] != (ROWS, COLUMNS):
        raise ValueError(f"`images` must have shape (n, {ROWS}, {COLUMNS}) or (n, 1, {ROWS}, {COLUMNS}); "
                         f"found {values.shape}")
    if not np.isfinite(values).all():
        event, row, column = np.argwhere(~np.isfinite(values))[0].tolist()
        raise ValueError(f"`images`: event {event} holds a value that is not finite in tower ({row}, {column})")
    return values.reshape(len(values), ROWS * COLUMNS)


@cache
def have_fastjet() -> bool:
    """Whether the package ``fastjet`` can be imported."""
    try:
        import fastjet  # noqa: F401
    except ImportError:
        return False
    return True


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
    return _sorted(total, [np.sort(towers[group]) for group in jets], min_pt_gev)


def _sorted(momenta: NDArray, members: Sequence[NDArray], min_pt_gev: float) -> Jets:
    """Jets from summed momenta, by falling transverse momentum."""
    pt_gev = np.hypot(momenta[:, 0], momenta[:, 1])
    order = np.flatnonzero(pt_gev >= min_pt_gev)
    order = order[np.argsort(-pt_gev[order], kind="stable")]
    momenta, pt_gev = momenta[order], pt_gev[order]
    mass2 = momenta[:, 3] ** 2 - (momenta[:, :3] ** 2).sum(1)
    return Jets(pt_gev, np.arcsinh(momenta[:, 2] / pt_gev), np.arctan2(momenta[:, 1], momenta[:, 0]) % (2 * np.pi),
                rapidity(momenta), np.sqrt(np.maximum(mass2, 0)), tuple(members[k] for k in order))


def _with_fastjet(values: NDArray, radius: float, algorithm: Algorithm, min_pt_gev: float) -> list[Jets]:
    """All events in one call of fastjet; members come back as positions among the towers above zero."""
    import awkward
    import fastjet

    if not len(values):
        return []
    eta, phi = tower_coordinates()
    keep = values > 0
    counts = keep.sum(1)
    momenta = four_momenta(values, eta, phi)[keep]
    names = ("px", "py", "pz", "E")
    events = awkward.unflatten(awkward.zip({name: momenta[:, k] for k, name in enumerate(names)},
                                           with_name="Momentum4D"), counts)
    kind = {"antikt": fastjet.antikt_algorithm, "kt": fastjet.kt_algorithm,
            "cambridge": fastjet.cambridge_algorithm}[algorithm]
    filled = np.flatnonzero(counts)
    results: list[Jets] = [_sorted(np.zeros((0, 4)), [], min_pt_gev)] * len(values)
    with _no_banner():
        sequence = fastjet.ClusterSequence(events[filled], fastjet.JetDefinition(kind, radius)) if len(filled) else None
    if sequence is None:
        return results
    indices = awkward.to_list(sequence.constituent_index(min_pt_gev))
    for event, groups in zip(filled, indices, strict=True):
        towers = np.flatnonzero(keep[event])
        members = [np.sort(towers[group]) for group in groups]
        four = four_momenta(values[event], eta, phi)
        results[event] = _sorted(np.array([four[m].sum(0) for m in members]).reshape(-1, 4), members, min_pt_gev)
    return results


@contextmanager
def _no_banner() -> Iterator[None]:
    """Keep the banner, which the library writes to the process's standard output, out of pages and result files."""
    sys.stdout.flush()
    saved, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(null)
