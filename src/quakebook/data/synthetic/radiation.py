"""Far-field radiation of a double couple, and how P and S shake the three components."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Scattering fills the nodes of the radiation pattern: F <- sign(F) sqrt(F^2 + c^2) (chosen).
NODE_FILL = {"P": 0.15, "SV": 0.20, "SH": 0.20}
#: A slow surface layer steepens the rays (chosen).
STEEPENING, INCIDENCE_LIMITS_RAD = 0.45, (0.05, 0.9)


def coefficients(strike_rad: Array, dip_rad: Array, rake_rad: Array, azimuth_rad: Array,
                 take_off_rad: Array) -> tuple[Array, Array, Array]:
    """F_P, F_SV, F_SH of Aki and Richards, section 4.5.

    Parameters
    ----------
    strike_rad, dip_rad, rake_rad : ndarray
        Fault plane and slip direction.
    azimuth_rad : ndarray
        From source to receiver, clockwise from north.
    take_off_rad : ndarray
        From the downward vertical.

    Returns
    -------
    three ndarrays
        Dimensionless; rms over the focal sphere is 0.516 for P and 0.632 for S (SV and SH together).
    """
    phi = azimuth_rad - strike_rad
    sin_i, cos_i, sin_2i, cos_2i = (np.sin(take_off_rad), np.cos(take_off_rad),
                                    np.sin(2 * take_off_rad), np.cos(2 * take_off_rad))
    sin_p, cos_p, sin_2p, cos_2p = np.sin(phi), np.cos(phi), np.sin(2 * phi), np.cos(2 * phi)
    strike_slip = np.cos(rake_rad) * np.sin(dip_rad)
    vertical_strike = np.cos(rake_rad) * np.cos(dip_rad)
    dip_slip = np.sin(rake_rad) * np.sin(2 * dip_rad)
    vertical_dip = np.sin(rake_rad) * np.cos(2 * dip_rad)
    f_p = (strike_slip * sin_i**2 * sin_2p - vertical_strike * sin_2i * cos_p
           + dip_slip * (cos_i**2 - sin_i**2 * sin_p**2) + vertical_dip * sin_2i * sin_p)
    f_sv = (vertical_dip * cos_2i * sin_p - vertical_strike * cos_2i * cos_p
            + 0.5 * strike_slip * sin_2i * sin_2p - 0.5 * dip_slip * sin_2i * (1 + sin_p**2))
    f_sh = (vertical_strike * cos_i * sin_p + strike_slip * sin_i * cos_2p
            + vertical_dip * cos_i * cos_p - 0.5 * dip_slip * sin_i * sin_2p)
    return f_p, f_sv, f_sh


def fill_nodes(coefficient: Array, floor: float) -> Array:
    """sign(F) sqrt(F^2 + c^2): no station lies in a perfect node."""
    return np.where(coefficient < 0, -1.0, 1.0) * np.hypot(coefficient, floor)


def surface_incidence(incidence_rad: Array) -> Array:
    """Incidence angle under a slow surface layer."""
    return np.clip(STEEPENING * incidence_rad, *INCIDENCE_LIMITS_RAD)


def polarisation(f_p: Array, f_sv: Array, f_sh: Array, incidence_rad: Array,
                 azimuth_rad: Array) -> tuple[Array, Array]:
    """Component vectors of P and S at the free surface.

    Returns
    -------
    p, s : ndarray, shape (n, 3)
        Components Z, N, E. The factor 2 of the free surface belongs to the spectra.
    """
    sin_i, cos_i, sin_a, cos_a = (np.sin(incidence_rad), np.cos(incidence_rad),
                                  np.sin(azimuth_rad), np.cos(azimuth_rad))
    p = f_p[:, None] * np.stack([cos_i, sin_i * cos_a, sin_i * sin_a], 1)
    radial, transverse = f_sv * cos_i, f_sh
    s = np.stack([-0.7 * f_sv * sin_i, radial * cos_a - transverse * sin_a, radial * sin_a + transverse * cos_a], 1)
    return p, s
