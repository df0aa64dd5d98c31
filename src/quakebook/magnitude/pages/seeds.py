"""Differences from seed to seed: whether they decide anything."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quakebook.magnitude.recorded.read import Recorded


def by_seed(entries: list[Recorded], *keys: str) -> NDArray:
    """A number of each recorded seed, in the order of the seeds."""
    values = []
    for entry in sorted(entries, key=lambda entry: entry.content["seed"]):
        value = entry.content
        for key in keys:
            value = value[key]
        values.append(np.nan if value is None else float(value))
    return np.array(values)


def spread(differences: NDArray) -> float:
    """Sample standard deviation; NaN for one seed."""
    return float(np.std(differences, ddof=1)) if len(differences) > 1 else float("nan")


def undecided(differences: NDArray) -> bool:
    """Whether the mean difference is within the spread over seeds, or rests on one seed.

    Examples
    --------
    >>> undecided(np.array([0.1, 0.2, 0.3])), undecided(np.array([0.1, -0.2, 0.3])), undecided(np.array([0.5]))
    (False, True, True)
    """
    return not abs(float(np.mean(differences))) > spread(differences)
