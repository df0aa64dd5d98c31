"""Empirical relations between Vp, Vs and density, by lithology."""

from __future__ import annotations

import numpy as np

LITHOLOGIES = ("shale", "sand", "limestone", "dolomite")
PROBABILITIES = (0.45, 0.35, 0.14, 0.06)
#: Coefficients of Vs = a Vp^2 + b Vp + c in km/s (Castagna et al. 1993; Greenberg and Castagna 1992).
CASTAGNA = ((0.0, 0.76969, -0.86735), (0.0, 0.80416, -0.85588), (-0.05508, 1.01677, -1.03049), (0.0, 0.58321, -0.07775))
VP_OFFSET_M_S = (-60.0, 60.0, 750.0, 1050.0)
DENSITY_OFFSET = (0.01, -0.015, 0.02, 0.03)


def castagna_vs(vp_m_s: np.ndarray, lithology: np.ndarray) -> np.ndarray:
    """Vs (m/s) of brine-saturated rock; `lithology` holds indices into `LITHOLOGIES`."""
    a, b, c = np.array(CASTAGNA)[lithology].T
    km = vp_m_s / 1000.0
    return 1000.0 * (a * km**2 + b * km + c)


def gardner_density(vp_m_s: np.ndarray) -> np.ndarray:
    """Density (g/cm3) = 0.31 Vp^0.25 with Vp in m/s (Gardner et al. 1974)."""
    return 0.31 * np.asarray(vp_m_s) ** 0.25


def mudrock_vs(vp_m_s: np.ndarray) -> np.ndarray:
    """Vs = (Vp - 1360) / 1.16, m/s (Castagna et al. 1985)."""
    return (np.asarray(vp_m_s) - 1360.0) / 1.16
