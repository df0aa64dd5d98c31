"""Units: detected from the median, stated in words, never guessed in silence."""

from __future__ import annotations

import numpy as np

from quakebook.data.elastic.model import ModelError


def velocity_to_m_s(values: np.ndarray, name: str = "velocity") -> tuple[np.ndarray, str]:
    """Velocity in m/s and a sentence that says what was found. A median below 20 means km/s.

    Examples
    --------
    >>> velocity_to_m_s(np.array([2.0, 3.0, 4.0]), "vp")[1]
    'vp: read as km/s (median 3), converted to m/s'
    """
    median = _median(values, name)
    if 0.2 <= median < 20.0:
        return values * 1000.0, f"{name}: read as km/s (median {median:.4g}), converted to m/s"
    if 200.0 <= median <= 10_000.0:
        return values, f"{name}: read as m/s (median {median:.4g})"
    raise ModelError(f"{name}: unknown unit, the median {median:.4g} is neither a velocity in m/s (200-10000) "
                     f"nor in km/s (0.2-20){_slowness(median)}")


def _slowness(median: float) -> str:
    return "; a slowness in microseconds per foot or metre is suspected" if 20.0 <= median < 200.0 else \
        "; feet per second are suspected" if 10_000.0 < median < 30_000.0 else ""


def density_to_g_cm3(values: np.ndarray, name: str = "density") -> tuple[np.ndarray, str]:
    """Density in g/cm3 and a sentence that says what was found. A median above 100 means kg/m3."""
    median = _median(values, name)
    if 500.0 <= median <= 10_000.0:
        return values / 1000.0, f"{name}: read as kg/m3 (median {median:.4g}), converted to g/cm3"
    if 0.5 <= median <= 10.0:
        return values, f"{name}: read as g/cm3 (median {median:.4g})"
    raise ModelError(f"{name}: unknown unit, the median {median:.4g} is neither a density in g/cm3 (0.5-10) "
                     f"nor in kg/m3 (500-10000){'; pounds per cubic foot are suspected' if 60 < median < 320 else ''}")


def relation_notes(vp: np.ndarray, vs: np.ndarray) -> list[str]:
    """Warnings about relations that make the inversion easier than it looks."""
    if not (np.ptp(vp) > 0 and np.ptp(vs) > 0):
        return ["Vp or Vs is the same everywhere: there is nothing to invert"]
    correlation = float(np.corrcoef(vp.ravel(), vs.ravel())[0, 1])
    if correlation > 0.9999:
        return [f"Vs follows Vp exactly (correlation {correlation:.6f}, Vp/Vs {float(np.median(vp / vs)):.4f}): "
                "it carries no information of its own"]
    return []


def _median(values: np.ndarray, name: str) -> float:
    values = np.asarray(values)
    if not values.size:
        raise ModelError(f"{name}: the array is empty")
    if not np.isfinite(values).all():
        raise ModelError(f"{name}: {int((~np.isfinite(values)).sum())} values are NaN or infinite")
    return float(np.median(values))
