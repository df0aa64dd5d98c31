"""Turn components that do not point up, north and east."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quakebook.data.archive.motion.merging import Channel
from quakebook.data.archive.stations.table import Stations

#: Components closer than this to their axis are left as they are.
TOLERANCE_DEG = 0.5
_AXES = {0: (0.0, -90.0), 1: (0.0, 0.0), 2: (90.0, 0.0)}


def direction(azimuth_deg: float, dip_deg: float) -> NDArray[np.float64]:
    """Unit vector (up, north, east) of SEED's azimuth (from north, clockwise) and dip (down from horizontal)."""
    azimuth, dip = np.deg2rad([azimuth_deg, dip_deg])
    return np.array([-np.sin(dip), np.cos(dip) * np.cos(azimuth), np.cos(dip) * np.sin(azimuth)])


def turned(motion: NDArray[np.float64], chosen: dict[int, Channel], stations: Stations | None
           ) -> tuple[NDArray[np.float64], bool]:
    """Motion (3, n) along Z, N, E, and whether it had to be turned.

    Without a station table, with an unknown orientation, or with a component missing, it stays as recorded.
    """
    if stations is None or len(chosen) < 3:
        return motion, False
    rows = [stations.lookup(*chosen[k].code.split("."), chosen[k].start_ns) for k in range(3)]
    if any(row is None or np.isnan([row["azimuth"], row["dip"]]).any() for row in rows):
        return motion, False
    recorded = np.stack([direction(row["azimuth"], row["dip"]) for row in rows])
    wanted = np.stack([direction(*_AXES[k]) for k in range(3)])
    along = np.sum(recorded * wanted, axis=1)
    if (along > np.cos(np.deg2rad(TOLERANCE_DEG))).all() or abs(np.linalg.det(recorded)) < 0.1:
        return motion, False
    return wanted @ np.linalg.solve(recorded, motion), True
