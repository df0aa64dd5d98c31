"""Iterative constituent subtraction on the tower grid (arXiv 1403.3108 and 1905.03470)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter.detector import ETA_WIDTH, PHI_WIDTH, TOWER_AREA

#: Largest distance between a tower and the background it cancels, one a pass. Our choice: the paper's is unknown.
DISTANCES = (0.2, 0.35)


def iterative_subtraction(mixtures: NDArray, density: NDArray, distances: Sequence[float] = DISTANCES) -> NDArray:
    """Signal after the expected background is cancelled against nearby towers, in several passes.

    Every tower gets a background of density x area. Pairs of a tower and a background are visited by growing distance;
    of both the smaller is taken away from both. What background is left after a pass is spread evenly over all towers
    for the next. On a grid all pairs of one displacement are disjoint, so a displacement is one array operation.

    Parameters
    ----------
    mixtures : ndarray, shape (n, 24, 64)
        GeV, not negative.
    density : ndarray, shape (n,)
        Background per unit area of each event, GeV.
    distances : sequence of float
        Largest distance of each pass.

    Returns
    -------
    ndarray, shape (n, 24, 64)
        GeV, not negative, nowhere above the mixture.
    """
    if mixtures.ndim != 3 or len(density) != len(mixtures):
        raise ValueError(f"`mixtures` must have shape (n, 24, 64) with one density an event; found {mixtures.shape} "
                         f"and {len(density)}")
    left = np.array(mixtures, dtype=np.float64)
    expected = np.broadcast_to((density * TOWER_AREA)[:, None, None], left.shape).copy()
    for distance in distances:
        for rows, columns in displacements(distance):
            _cancel(left, expected, rows, columns)
        expected[:] = expected.mean((1, 2), keepdims=True)
    return left


def displacements(distance: float) -> list[tuple[int, int]]:
    """Steps in rows and columns that are no longer than `distance`, the shortest first."""
    rows, columns = int(distance / ETA_WIDTH), int(distance / PHI_WIDTH)
    steps = [(i, j) for i in range(-rows, rows + 1) for j in range(-columns, columns + 1)]
    length = {step: math.hypot(step[0] * ETA_WIDTH, step[1] * PHI_WIDTH) for step in steps}
    return sorted((step for step in steps if length[step] <= distance), key=lambda step: (length[step], step))


def _cancel(left: NDArray, expected: NDArray, rows: int, columns: int) -> None:
    """Cancel each tower against the background `rows` and `columns` further on; azimuth wraps, rows end."""
    n = left.shape[1]
    here, there = slice(max(0, -rows), n - max(0, rows)), slice(max(0, rows), n - max(0, -rows))
    partner = np.roll(expected[:, there], -columns, axis=2)
    both = np.minimum(left[:, here], partner)
    left[:, here] -= both
    expected[:, there] -= np.roll(both, columns, axis=2)
