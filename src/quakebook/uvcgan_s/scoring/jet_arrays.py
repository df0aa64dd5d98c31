"""Jets of one event as arrays, and calorimeter images as flat towers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter.detector import COLUMNS, ROWS, TOWER_AREA, tower_eta, tower_phi

from .clustering import rapidity

#: Acceptance of the published evaluation: axes within 0.6 in pseudorapidity.
ETA_AXIS_MAX = 0.6


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


def sorted_jets(momenta: NDArray, members: Sequence[NDArray], min_pt_gev: float) -> Jets:
    """Jets from summed momenta, by falling transverse momentum."""
    pt_gev = np.hypot(momenta[:, 0], momenta[:, 1])
    order = np.flatnonzero(pt_gev >= min_pt_gev)
    order = order[np.argsort(-pt_gev[order], kind="stable")]
    momenta, pt_gev = momenta[order], pt_gev[order]
    mass2 = momenta[:, 3] ** 2 - (momenta[:, :3] ** 2).sum(1)
    return Jets(pt_gev, np.arcsinh(momenta[:, 2] / pt_gev), np.arctan2(momenta[:, 1], momenta[:, 0]) % (2 * np.pi),
                rapidity(momenta), np.sqrt(np.maximum(mass2, 0)), tuple(members[k] for k in order))
