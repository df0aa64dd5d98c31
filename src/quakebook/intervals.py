"""How sure a mean over seeds is."""

from __future__ import annotations

import math


def half_width(deviation: float, n: int) -> float:
    """Half the width of the 95 % interval (Student's t) of a mean over `n` seeds with this standard deviation."""
    from scipy.special import stdtrit  # scipy.stats takes long to import

    return float(stdtrit(n - 1, 0.975)) * deviation / math.sqrt(n)
