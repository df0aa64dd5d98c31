"""Numbers as people write them in tables and sentences."""

from __future__ import annotations


def numeral(value: float, digits: int = 4) -> str:
    """So many significant digits, and all before the point; powers of ten from a thousand million on and below 1e-4.

    >>> numeral(0.123456), numeral(1563.2, 3), numeral(92948928), numeral(1e-6)
    ('0.1235', '1,563', '92,948,928', '1e-06')
    """
    whole = 10**digits - 0.5 <= abs(value) < 1e9
    return f"{value:,.0f}" if whole else f"{value:.{digits}g}"
