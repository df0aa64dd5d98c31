"""Travel times and ray angles in a crust whose velocity grows linearly with depth, and the Moho head wave.

P velocity v(z) = v0 + k z; S velocity is v(z) divided by Vp/Vs, so S follows the same rays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

V0_KM_S = 5.5
K_PER_S = 0.035
MOHO_KM = 32.0
MANTLE_KM_S = 8.05
HEAD_WAVE_FROM_KM = 90.0


def p_velocity_km_s(depth_km: Array) -> Array:
    """v(z) = v0 + k z."""
    return V0_KM_S + K_PER_S * np.asarray(depth_km)


def direct_p_s(distance_km: Array, depth_km: Array) -> Array:
    """Direct P travel time: T = (1/k) arccosh(1 + k^2 (x^2 + z^2) / (2 v0 v(z))).

    Parameters
    ----------
    distance_km, depth_km : array_like
        Epicentral distance x and source depth z.

    Returns
    -------
    ndarray
        Seconds.
    """
    x, z = np.asarray(distance_km, float), np.asarray(depth_km, float)
    u = K_PER_S**2 * (x**2 + z**2) / (2 * V0_KM_S * p_velocity_km_s(z))
    return np.log1p(u + np.sqrt(u * (u + 2))) / K_PER_S


def ray_angles(distance_km: Array, depth_km: Array) -> tuple[Array, Array, Array]:
    """Angles of the circular ray between source and station.

    Returns
    -------
    take_off_rad : ndarray
        From the downward vertical at the source; below pi/2 the ray leaves downwards.
    incidence_rad : ndarray
        From the vertical at the surface, without any slow surface layer.
    ray_parameter_s_km : ndarray
    """
    x = np.maximum(np.asarray(distance_km, float), 1e-3)
    d = V0_KM_S / K_PER_S
    centre = (x**2 + d**2 - (np.asarray(depth_km) + d) ** 2) / (2 * x)
    radius = np.hypot(x - centre, d)
    p = 1 / (K_PER_S * radius)
    down = np.arcsin(np.clip(p * p_velocity_km_s(depth_km), 0, 1))
    return np.where(centre > 0, down, np.pi - down), np.arcsin(np.clip(p * V0_KM_S, 0, 1)), p


def head_wave_p_s(distance_km: Array, depth_km: Array) -> Array:
    """Head wave along the Moho: T = x / vn + tau(0, H) + tau(z, H), with its depth H and the mantle velocity vn."""
    surface, source = _delay(V0_KM_S), _delay(p_velocity_km_s(depth_km))
    moho = _delay(p_velocity_km_s(MOHO_KM))
    return np.asarray(distance_km) / MANTLE_KM_S + (moho - surface) + (moho - source)


def head_wave_first(distance_km: Array, depth_km: Array) -> NDArray[np.bool_]:
    """True where the head wave arrives before the direct P."""
    far = np.asarray(distance_km) > HEAD_WAVE_FROM_KM
    return far & (head_wave_p_s(distance_km, depth_km) < direct_p_s(distance_km, depth_km))


def _delay(velocity_km_s: Array | float) -> Array:
    q = np.asarray(velocity_km_s) / MANTLE_KM_S
    root = np.sqrt(1 - q**2)
    return (root - np.log((1 + root) / q)) / K_PER_S
