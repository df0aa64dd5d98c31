"""Earthquakes of the archive: a catalogue, and their P and S waves at a station."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from quakebook.data.archive.embedded.presets import CENTRE_DEG, KM_PER_DEG, Preset, Site, east_north_km, generator

VP_KM_S, VS_KM_S, DENSITY_KG_M3 = 6.0, 3.46, 2700.0
BOX_KM, DEPTH_KM, MAGNITUDES, B_VALUE = 60.0, (2.0, 15.0), (0.5, 4.0), 1.0
STRESS_DROP_PA, STRESS_SPREAD, KAPPA_S = 3e6, 0.5, 0.03
#: k of the corner frequency fc = k vs (16 stress drop / 7 M0)^(1/3), and Q: P, S.
CORNER, QUALITY = {"P": 0.48, "S": 0.37}, {"P": 600.0, "S": 300.0}
LENGTH_S = 40.0


def catalogue(preset: Preset, seed: int) -> pd.DataFrame:
    """Origins in seconds after midnight of a day, places, magnitudes (Gutenberg-Richter) and stress drops."""
    rng, n = generator(seed, 1), preset.earthquakes
    room = max(preset.length_s - 45.0, preset.length_s / 2)
    east, north = rng.uniform(-BOX_KM / 2, BOX_KM / 2, (2, n))
    low, high = MAGNITUDES
    share = 1 - rng.random(n) * (1 - 10 ** (-B_VALUE * (high - low)))
    table = pd.DataFrame({
        "event": np.arange(n), "day": np.sort(rng.integers(0, preset.days, n)), "origin_s": 5 + room * rng.random(n),
        "east_km": east, "north_km": north, "depth_km": rng.uniform(*DEPTH_KM, n),
        "magnitude": low - np.log10(share) / B_VALUE,
        "stress_drop_pa": STRESS_DROP_PA * np.exp(rng.normal(0, STRESS_SPREAD, n))})
    table["latitude_deg"] = CENTRE_DEG[0] + table["north_km"] / KM_PER_DEG
    table["longitude_deg"] = CENTRE_DEG[1] + table["east_km"] / (KM_PER_DEG * np.cos(np.deg2rad(CENTRE_DEG[0])))
    return table


def brune_velocity(frequency_hz: NDArray[np.float64], magnitude: float, stress_drop_pa: float, distance_km: float,
                   phase: str) -> NDArray[np.float64]:
    """Fourier amplitude of the ground velocity in m (Brune 1970), with attenuation along the path and at the site.

    2 pi f Omega0 / (1 + (f/fc)^2) exp(-pi f (r / (Q v) + kappa)), Omega0 = M0 / (4 pi rho v^3 r).
    """
    speed = (VP_KM_S if phase == "P" else VS_KM_S) * 1e3
    moment = 10 ** (1.5 * magnitude + 9.1)
    corner = CORNER[phase] * VS_KM_S * 1e3 * (16 * stress_drop_pa / (7 * moment)) ** (1 / 3)
    flat = moment / (4 * np.pi * DENSITY_KG_M3 * speed**3 * distance_km * 1e3)
    loss = np.exp(-np.pi * frequency_hz * (distance_km * 1e3 / speed / QUALITY[phase] + KAPPA_S))
    return 2 * np.pi * frequency_hz * flat / (1 + (frequency_hz / corner) ** 2) * loss


def add(velocity: NDArray[np.float64], site: Site, event: pd.Series, seed: int) -> dict[str, float]:
    """Add one earthquake to the ground velocity (3, n) of a station's day, in place; returns P and S times in s."""
    x, y = east_north_km(site)
    offset = np.array([x - event["east_km"], y - event["north_km"]])
    flat_km = max(float(np.hypot(*offset)), 0.1)
    distance = float(np.hypot(flat_km, event["depth_km"]))
    sine = 0.5 * flat_km / distance  # rays steepen towards the surface
    cosine, (east, north) = np.sqrt(1 - sine**2), offset / flat_km
    turn = generator(seed, 2, int(event["event"])).uniform(0, 2 * np.pi)
    patterns = {"P": (cosine, sine * north, sine * east),
                "S": (sine * np.cos(turn), cosine * np.cos(turn) * north - np.sin(turn) * east,
                      cosine * np.cos(turn) * east + np.sin(turn) * north)}
    times = {}
    for phase, speed in (("P", VP_KM_S), ("S", VS_KM_S)):
        times[phase] = float(event["origin_s"] + distance / speed)
        for component, factor in enumerate(patterns[phase]):
            wave = _wave(site.rate_hz, event, distance, phase, seed, component)
            place(velocity[component], factor * wave, times[phase], site.rate_hz)
    return times


def _wave(rate_hz: float, event: pd.Series, distance_km: float, phase: str, seed: int, component: int
          ) -> NDArray[np.float64]:
    """White noise under an envelope, shaped by the spectrum; the noise belongs to the event, not to the station."""
    n = int(LENGTH_S * rate_hz)
    nfft = next_fast_len(2 * n, real=True)
    time = np.arange(n) / rate_hz
    rng = generator(seed, 3, int(event["event"]), "PS".index(phase), component)
    direct = rng.standard_normal(int(LENGTH_S * 200))[:: int(200 / rate_hz)][:n] * envelope(time)
    frequency = np.fft.rfftfreq(nfft, 1 / rate_hz)
    target = brune_velocity(frequency, event["magnitude"], event["stress_drop_pa"], distance_km, phase)
    return irfft(rfft(direct, nfft) * target * rate_hz, n=nfft)[:n]


def envelope(time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """A sharp onset, a pulse of half a second and a coda that falls as exp(-t/6) / (1 + t); its energy sums to one."""
    shape = (1 - np.exp(-30 * time_s)) * (np.exp(-time_s / 0.25) + 0.25 * np.exp(-time_s / 6) / (1 + time_s))
    return shape / np.sqrt(np.sum(shape**2))


def place(trace: NDArray[np.float64], wave: NDArray[np.float64], at_s: float, rate_hz: float) -> None:
    """Add a wave to a trace from the sample nearest to `at_s`, cut at both ends."""
    first = round(at_s * rate_hz)
    low, high = max(first, 0), min(first + len(wave), len(trace))
    if high > low:
        trace[low:high] += wave[low - first : high - first]
