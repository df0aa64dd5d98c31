"""Earthquake sources: magnitude, depth, stress, corner frequencies, mechanism and time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .presets import Preset
from .traveltimes import p_velocity_km_s

Array = NDArray[np.float64]
Table = dict[str, NDArray]

REGION_KM = 200.0
_EDGES = np.linspace(0, 1, 201)
_MIDDLES = 0.5 * (_EDGES[1:] + _EDGES[:-1])


def reach_km(magnitude: Array, preset: Preset) -> Array:
    """Largest epicentral distance at which an event is recorded: log10 rmax = 0.42 Mw + 0.75, capped."""
    return np.minimum(10 ** (0.42 * magnitude + preset.distance_factor), preset.distance_cap_km)


def expected_stations(magnitude: Array, preset: Preset) -> Array:
    """How many stations record an event of that magnitude on average, given the density of the network."""
    density = preset.n_stations / REGION_KM**2
    return np.minimum(1 + density * np.pi * reach_km(magnitude, preset) ** 2, preset.stations_per_event)


def magnitudes(rng: np.random.Generator, n: int, preset: Preset) -> Array:
    """Moment magnitudes in the preset's range.

    `stratified`: records are uniform in magnitude; small events reach fewer stations of the network, so there are more
    of them. `gr`: events follow Gutenberg and Richter.
    """
    u, low, span = rng.random(n), preset.magnitude_min, preset.magnitude_max - preset.magnitude_min
    if preset.magnitude_law == "stratified":
        share = np.cumsum(1 / expected_stations(low + span * _MIDDLES, preset))
        return low + span * np.interp(u, np.append(0, share / share[-1]), _EDGES)
    return low - np.log10(1 - u * (1 - 10 ** (-preset.b_value * span))) / preset.b_value


def stations_per_event(preset: Preset) -> float:
    """Mean number of records per event of the preset, before any is dropped."""
    low, span = preset.magnitude_min, preset.magnitude_max - preset.magnitude_min
    magnitude = low + span * _MIDDLES
    per_event = expected_stations(magnitude, preset)
    law = 1 / per_event if preset.magnitude_law == "stratified" else 10 ** (-preset.b_value * magnitude)
    return float(np.sum(law * per_event) / np.sum(law))


def moment_nm(magnitude: Array) -> Array:
    """Seismic moment M0 = 10^(1.5 Mw + 9.1) N m (Hanks and Kanamori 1979)."""
    return 10 ** (1.5 * np.asarray(magnitude) + 9.1)


def s_corner_hz(magnitude: Array, stress_pa: Array, beta_m_s: Array) -> Array:
    """S corner frequency fcS = 0.49 beta (stress / M0)^(1/3) (Brune 1970)."""
    return 0.49 * beta_m_s * np.cbrt(stress_pa / moment_nm(magnitude))


def draw(rng: np.random.Generator, n: int, preset: Preset, magnitude: Array | None = None) -> Table:
    """Draw `n` sources.

    Parameters
    ----------
    rng : numpy Generator
    n : int
    preset : Preset
    magnitude : ndarray, shape (n,), optional
        Given magnitudes (second events); otherwise drawn by the preset's law.

    Returns
    -------
    dict of ndarray, each shape (n,)
        magnitude, depth_km, stress_mpa, vp_vs, beta_m_s, corner_s_hz, corner_p_hz, strike_rad, dip_rad, rake_rad.
    """
    drawn = magnitudes(rng, n, preset)
    table = source_properties(rng, drawn if magnitude is None else magnitude)
    table["depth_km"] = np.clip(rng.gamma(3, 3, n), 1, 25)
    table["vp_vs"] = rng.normal(1.73, 0.02, n)
    table["strike_rad"], table["dip_rad"] = rng.uniform(0, 2 * np.pi, n), np.arccos(rng.random(n))
    table["rake_rad"] = rng.uniform(-np.pi, np.pi, n)
    return with_corners(table)


def source_properties(rng: np.random.Generator, magnitude: Array) -> Table:
    """Stress parameter and P-to-S corner ratio of sources of given magnitude."""
    n = len(magnitude)
    return {"magnitude": np.asarray(magnitude, float), "stress_mpa": 3 * 10 ** rng.normal(0, 0.35, n),
            "corner_ratio": np.clip(rng.normal(1.35, 0.10, n), 1.05, 1.7)}


def with_corners(table: Table) -> Table:
    """Add the velocity at the source and both corner frequencies."""
    beta_m_s = 1e3 * p_velocity_km_s(table["depth_km"]) / table["vp_vs"]
    corner = s_corner_hz(table["magnitude"], 1e6 * table["stress_mpa"], beta_m_s)
    return table | {"beta_m_s": beta_m_s, "corner_s_hz": corner, "corner_p_hz": table["corner_ratio"] * corner}


def origin_times(rng: np.random.Generator, n: int, preset: Preset) -> NDArray[np.datetime64]:
    """Origin times, uniform over the preset's years, to the millisecond."""
    start, end = (np.datetime64(year, "ms") for year in preset.years)
    span_ms = (end - start).astype(np.int64)
    return start + (rng.random(n) * span_ms).astype(np.int64).astype("timedelta64[ms]")
