"""Numbers as people write them in tables and sentences."""

from __future__ import annotations

import math


def numeral(value: float, digits: int = 4) -> str:
    """So many significant digits, and all before the point; powers of ten from a thousand million on and below 1e-4.

    >>> numeral(0.123456), numeral(1563.2, 3), numeral(92948928), numeral(1e-6)
    ('0.1235', '1,563', '92,948,928', '1e-06')
    """
    whole = 10**digits - 0.5 <= abs(value) < 1e9
    return f"{value:,.0f}" if whole else f"{value:.{digits}g}"


def with_spread(value: float, spread: float) -> str:
    """A value and its spread: two significant digits of the spread, and the value to the same place.

    >>> with_spread(-0.0007809, 0.1797), with_spread(28051.3, 677.2), with_spread(0.25, 0)
    ('0.00 ± 0.18', '28,051 ± 677', '0.25 ± 0')
    """
    if not (math.isfinite(value) and math.isfinite(spread) and spread > 1e-6):
        return f"{numeral(value)} ± {numeral(spread)}"
    place = max(0, 1 - math.floor(math.log10(spread)))
    return f"{round(value, place) + 0.0:,.{place}f} ± {spread:,.{place}f}"
