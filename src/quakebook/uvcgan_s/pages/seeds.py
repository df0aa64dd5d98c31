"""What the seeds of a training, or a single one, can say: cells of tables and orders in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..studies.jet_numbers import ordering

#: Said in place of an order with something that was trained once.
ONE_SEED = "one seed: no ranking"
ORDERS = {"above": "larger with every seed", "below": "smaller with every seed",
          "undecided": "undecided, the ranges over seeds overlap"}


def cell(rows: Sequence[Mapping[str, float]], key: str, digits: int = 3) -> str:
    """Mean over seeds, with half their range where there are several; a dash where nothing was measured."""
    column = np.array([row.get(key, np.nan) for row in rows], dtype=float)
    if not len(column) or not np.isfinite(column).all():
        return "–"
    spread = f" ± {np.ptp(column) / 2:.{digits}f}" if len(column) > 1 else ""
    return f"{column.mean():.{digits}f}{spread}"


def order(first: Sequence[float], second: Sequence[float]) -> str:
    """How the first numbers stand to the second: larger or smaller with every seed, undecided, or not ranked."""
    return ONE_SEED if min(len(first), len(second)) < 2 else ORDERS[ordering(first, second)]
