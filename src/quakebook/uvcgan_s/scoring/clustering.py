"""Sequential recombination of massless towers: anti-kt, kt and Cambridge/Aachen in numpy, exact for small events."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Algorithm = Literal["antikt", "kt", "cambridge"]
#: Power of the transverse momentum in the distance of each algorithm.
POWERS = {"antikt": -2.0, "kt": 2.0, "cambridge": 0.0}


def delta_phi(first: NDArray | float, second: NDArray | float) -> NDArray:
    """Difference of azimuths, between -pi and pi."""
    return (np.asarray(first) - second + math.pi) % (2 * math.pi) - math.pi


def four_momenta(pt_gev: NDArray, eta: NDArray, phi: NDArray) -> NDArray:
    """px, py, pz, E of massless particles, shape (n, 4)."""
    return np.stack([pt_gev * np.cos(phi), pt_gev * np.sin(phi), pt_gev * np.sinh(eta), pt_gev * np.cosh(eta)], -1)


def rapidity(momenta: NDArray) -> NDArray:
    """Rapidity of four-momenta, shape (n,); computed from the transverse mass, so that light jets lose no digits."""
    pz, energy = momenta[..., 2], momenta[..., 3]
    transverse = np.hypot(momenta[..., 0], momenta[..., 1])
    mass2 = np.maximum(energy**2 - pz**2 - transverse**2, 0)
    size = np.log((energy + np.abs(pz)) / np.sqrt(np.maximum(transverse**2 + mass2, 1e-300)))
    return np.sign(pz) * size


def merges(momenta: NDArray, radius: float, algorithm: Algorithm = "antikt") -> list[tuple[int, int]]:
    """The sequence of recombinations of one event, in the E-scheme.

    d_ij = min(pt_i^2p, pt_j^2p) (dy^2 + dphi^2) / R^2 and d_iB = pt_i^2p with p = -1, 0 or 1. The smallest is found
    through each particle's nearest neighbour, which costs O(N) a recombination.

    Parameters
    ----------
    momenta : ndarray, shape (n, 4)
        px, py, pz, E with positive transverse momentum.
    radius : float
    algorithm : {"antikt", "kt", "cambridge"}

    Returns
    -------
    list of (int, int)
        (i, j): j joins i, which keeps its number. (i, -1): i is a finished jet.
    """
    n = len(momenta)
    state = _State(np.array(momenta, dtype=np.float64), radius, POWERS[algorithm])
    history = []
    for _ in range(n):
        i = int(np.argmin(state.smallest))
        j = int(state.neighbour[i])
        history.append((i, j))
        state.remove(i) if j < 0 else state.join(i, j)
    return history


class _State:
    """Particles that are left, with the nearest neighbour of each; a distance of R^2 without neighbour is the beam."""

    def __init__(self, momenta: NDArray, radius: float, power: float) -> None:
        self.momenta, self.limit, self.power = momenta, radius**2, power
        self.alive = np.ones(len(momenta), dtype=bool)
        self.y, self.phi = rapidity(momenta), np.arctan2(momenta[:, 1], momenta[:, 0])
        self.scale = np.hypot(momenta[:, 0], momenta[:, 1]) ** power
        self.distance = np.full(len(momenta), self.limit)
        self.neighbour = np.full(len(momenta), -1)
        self.smallest = np.empty(len(momenta))
        self.search(np.arange(len(momenta)))

    def search(self, rows: NDArray) -> None:
        """Find the nearest neighbours of some particles anew."""
        for block in np.array_split(rows, max(1, len(rows) // 256)):
            d2 = (self.y[block, None] - self.y) ** 2 + delta_phi(self.phi[block, None], self.phi) ** 2
            d2[:, ~self.alive] = np.inf
            d2[np.arange(len(block)), block] = np.inf
            nearest = d2.argmin(1) if d2.size else np.zeros(0, dtype=int)
            values = d2[np.arange(len(block)), nearest]
            inside = values < self.limit
            self.distance[block] = np.where(inside, values, self.limit)
            self.neighbour[block] = np.where(inside, nearest, -1)
        self.update(rows)

    def update(self, rows: NDArray) -> None:
        other = self.neighbour[rows]
        scale = np.where(other < 0, self.scale[rows], np.minimum(self.scale[rows], self.scale[other]))
        self.smallest[rows] = scale * self.distance[rows] / self.limit

    def remove(self, i: int) -> None:
        self.alive[i] = False
        self.smallest[i], self.neighbour[i] = np.inf, -2
        orphans = np.flatnonzero(self.neighbour == i)
        if len(orphans):
            self.search(orphans)

    def join(self, i: int, j: int) -> None:
        """Add j to i, drop j, and mend the neighbours of all that they concern."""
        self.momenta[i] += self.momenta[j]
        px, py = self.momenta[i, :2]
        self.y[i], self.phi[i] = rapidity(self.momenta[i]), math.atan2(py, px)
        self.scale[i] = math.hypot(px, py) ** self.power
        self.alive[j] = False
        self.smallest[j], self.neighbour[j] = np.inf, -2
        concerned = np.union1d(np.flatnonzero((self.neighbour == i) | (self.neighbour == j)), [i])
        self.search(concerned)
        d2 = (self.y - self.y[i]) ** 2 + delta_phi(self.phi, self.phi[i]) ** 2
        closer = np.flatnonzero(self.alive & (d2 < self.distance))
        closer = closer[closer != i]
        self.distance[closer], self.neighbour[closer] = d2[closer], i
        self.update(closer)
