"""From a source to a station: geometry, arrival times, amplitudes, polarisation and scattering of each record."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import radiation, traveltimes
from .presets import EMERGENCE, Preset
from .stations import Network

Array = NDArray[np.float64]
Table = dict[str, NDArray]

DENSITY_KG_M3 = 2700.0
FREE_SURFACE = 2.0
SPREADING_KM = 60.0
Q0_S, Q_P_OVER_Q_S = 150.0, 1.5
HEAD_WAVE_AMPLITUDE = 0.25
DT_P_STD_S, DT_S_STD_S = 0.08, 0.12
MIN_SP_SHARE = 0.5  # S minus P never shrinks below this share of its undisturbed value (chosen)


def epicentres(rng: np.random.Generator, reach: Array, network: Network) -> tuple[Array, Array, NDArray[np.int64]]:
    """Epicentres uniform in a disc of radius `reach` around a station each; returns x_km, y_km and those stations."""
    n = len(reach)
    anchor = rng.integers(0, len(network), n)
    distance, azimuth = reach * np.sqrt(rng.random(n)), rng.uniform(0, 2 * np.pi, n)
    return network.x_km[anchor] + distance * np.sin(azimuth), network.y_km[anchor] + distance * np.cos(azimuth), anchor


def choose_stations(rng: np.random.Generator, x_km: Array, y_km: Array, anchor: NDArray[np.int64], reach: Array,
                    network: Network, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (event, station): the anchor and, at random, up to `most` - 1 other stations within reach."""
    event = np.arange(len(x_km))
    if most == 1:
        return event, anchor
    distance = np.hypot(x_km[:, None] - network.x_km, y_km[:, None] - network.y_km)
    order = np.where(distance <= reach[:, None], rng.random(distance.shape), np.inf)
    order[event, anchor] = -1.0
    best = np.argsort(order, axis=1)[:, :most]
    inside = np.isfinite(np.take_along_axis(order, best, 1))
    return np.nonzero(inside)[0], best[inside]


def connect(rng: np.random.Generator, source: Table, x_km: Array, y_km: Array, station: NDArray[np.int64],
            network: Network, preset: Preset) -> Table:
    """Everything that the waveform synthesis needs to know about one record, row by row.

    Parameters
    ----------
    rng : numpy Generator
    source : dict of ndarray, each shape (n,)
        Source columns of `events.draw`, one row per record.
    x_km, y_km : ndarray, shape (n,)
        Epicentre.
    station : ndarray, shape (n,)
        Index into the network.

    Returns
    -------
    dict of ndarray
        `source` with geometry (km, rad), travel times (s), amplitudes (m s before attenuation), polarisation
        (n, 3) and the random quantities of scattering added.
    """
    dx, dy = network.x_km[station] - x_km, network.y_km[station] - y_km
    distance = np.hypot(dx, dy)
    row = source | {"station": station, "x_km": x_km, "y_km": y_km, "distance_km": distance,
                    "azimuth_rad": np.arctan2(dx, dy) % (2 * np.pi), "hyp_km": np.hypot(distance, source["depth_km"])}
    row |= _times(rng, row, network.static_p_s[station])
    row |= _amplitudes(rng, row, network, station)
    row |= _polarisation(row)
    return row | _scattering(rng, row, preset)


def _times(rng: np.random.Generator, row: Table, static_p_s: Array) -> Table:
    x, z = row["distance_km"], row["depth_km"]
    direct = traveltimes.direct_p_s(x, z)
    head = traveltimes.head_wave_first(x, z)
    n = len(x)
    shift_p = static_p_s + rng.normal(0, DT_P_STD_S, n)
    shift_s = 1.73 * shift_p + rng.normal(0, DT_S_STD_S, n)
    first = np.where(head, traveltimes.head_wave_p_s(x, z), direct)
    s_minus_first = np.maximum(row["vp_vs"] * direct + shift_s - first - shift_p,
                               MIN_SP_SHARE * (row["vp_vs"] * direct - first))
    return {"head_wave": head, "travel_p_s": first + shift_p, "travel_s_s": first + shift_p + s_minus_first,
            "direct_delay_s": direct - first}


def _amplitudes(rng: np.random.Generator, row: Table, network: Network, station: NDArray[np.int64]) -> Table:
    """Low-frequency level site 2 M0 / (4 pi rho v^3) G(R), and t* split in T/Q0 and kappa."""
    r_m, r0_m = 1e3 * row["hyp_km"], 1e3 * SPREADING_KM
    spreading = np.where(r_m <= r0_m, 1 / r_m, np.sqrt(r0_m / r_m) / r0_m)
    moment = 10 ** (1.5 * row["magnitude"] + 9.1)
    level = network.site_factor[station] * FREE_SURFACE * moment * spreading / (4 * np.pi * DENSITY_KG_M3)
    alpha = row["beta_m_s"] * row["vp_vs"]
    q0 = Q0_S * 10 ** rng.normal(0, 0.06, len(r_m))
    return {"level_p": level / alpha**3, "level_s": level / row["beta_m_s"] ** 3,
            "t_over_q_p": row["travel_p_s"] / (Q_P_OVER_Q_S * q0), "t_over_q_s": row["travel_s_s"] / q0,
            "kappa_s": network.kappa_s[station]}


def _polarisation(row: Table) -> Table:
    take_off, incidence, _ = traveltimes.ray_angles(row["distance_km"], row["depth_km"])
    f_p, f_sv, f_sh = radiation.coefficients(row["strike_rad"], row["dip_rad"], row["rake_rad"], row["azimuth_rad"],
                                             take_off)
    fill, floor = radiation.fill_nodes, radiation.NODE_FILL
    vectors = radiation.polarisation(fill(f_p, floor["P"]), fill(f_sv, floor["SV"]), fill(f_sh, floor["SH"]),
                                     radiation.surface_incidence(incidence), row["azimuth_rad"])
    return dict(zip(("vector_p", "vector_s"), vectors, strict=True))


def _scattering(rng: np.random.Generator, row: Table, preset: Preset) -> Table:
    """Coda, emergent S and surface waves."""
    n, sp_s = len(row["distance_km"]), row["travel_s_s"] - row["travel_p_s"]
    kind = EMERGENCE[preset.emergence]
    delay = kind.peak_delay_s * (row["hyp_km"] / 20) ** 0.7 * np.exp(rng.normal(0, kind.peak_delay_sigma, n))
    shallow = (row["depth_km"] < 9) & (row["distance_km"] > 15)
    root = np.clip(np.sqrt(row["hyp_km"] / 10), 1, 3)
    return {"tau_p_s": np.clip(sp_s * 0.5 * np.exp(rng.normal(0, 0.35, n)), 0.3, 12),
            "energy_p": 2.5 * np.exp(rng.normal(0, 0.5, n)), "energy_s": 3.0 * np.exp(rng.normal(0, 0.5, n)),
            "peak_delay_s": np.clip(delay, 0.02, 2.5), "coda_exponent": rng.uniform(1.2, 2.0, n),
            "coda_q0": 90 * 10 ** rng.normal(0, 0.12, n), "ramp": rng.uniform(*kind.ramp, n),
            "surface_amplitude": rng.uniform(0.1, 0.6, n) * root * shallow}
