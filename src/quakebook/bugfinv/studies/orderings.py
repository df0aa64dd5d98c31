"""Which of two methods errs less, judged by the spread over seeds: less, more, or undecided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from quakebook.bugfinv.settings import UNTRAINED
from quakebook.intervals import half_width


@dataclass(frozen=True)
class Ordering:
    """Difference of two errors, first minus second: positive where the second errs less.

    Attributes
    ----------
    difference : float
        Mean over the seeds that both have (a method without seeds is compared with each seed of the other).
    half_width : float or None
        Of the 95 % interval (Student's t) of that mean; None with one seed, 0 between methods that draw nothing.
    seeds : int
    """

    difference: float
    half_width: float | None
    seeds: int

    @property
    def decided(self) -> bool:
        """False with one seed, and where the interval holds zero."""
        return self.half_width is not None and abs(self.difference) > self.half_width

    @property
    def verdict(self) -> str:
        """ "undecided", or "less" or "more": what the second method's error is beside the first's."""
        if not self.decided:
            return "undecided"
        return "less" if self.difference > 0 else "more"


def compare(first: np.ndarray, second: np.ndarray) -> Ordering:
    """Ordering of errors per seed, both (seeds,) in the same order of seeds, or one of them a single number.

    Examples
    --------
    >>> compare(np.array([0.3, 0.31, 0.32]), np.array([0.2, 0.21, 0.22])).verdict
    'less'
    >>> compare(np.array([0.3]), np.array([0.2])).verdict
    'undecided'
    """
    differences = np.atleast_1d(np.asarray(first, float) - np.asarray(second, float))
    n = len(differences)
    if n < 2:
        return Ordering(float(differences.mean()), None, n)
    return Ordering(float(differences.mean()), half_width(float(differences.std(ddof=1)), n), n)


def of_table(table: pd.DataFrame, first: tuple[str, str], second: tuple[str, str], column: str = "nrmse.overall"
             ) -> Ordering | None:
    """Ordering of two (method, heads) of a score table; None where one of them is not recorded."""
    if table.empty:
        return None
    errors = [table[(table.method == method) & (table.heads == heads)].set_index("seed")[column]
              for method, heads in (first, second)]
    if any(each.empty for each in errors):
        return None
    a, b = errors
    common = a.index.intersection(b.index)
    if len(common) and len(a) > 1 and len(b) > 1:
        return compare(a[common].to_numpy(), b[common].to_numpy())
    if len(a) > 1 and len(b) > 1:
        return None
    if first[0] in UNTRAINED and second[0] in UNTRAINED:  # neither draws anything: the difference is what it is
        return Ordering(float(a.iloc[0] - b.iloc[0]), 0.0, 1)
    return compare(a.to_numpy(), b.to_numpy())
