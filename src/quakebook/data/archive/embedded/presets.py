"""Sizes of the synthetic archive, and its stations. Every station is invented; codes only look like real ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

START = np.datetime64("2023-03-01T00:00:00", "ns")
DAY_NS = 86_400 * 10**9


@dataclass(frozen=True)
class Preset:
    """How much is made: stations, days of `length_s` from midnight, earthquakes, tremor intervals, caldera cycles."""

    stations: int
    days: int
    length_s: float
    earthquakes: int
    tremors: int
    cycles: int
    cycle_s: float


PRESETS = {"test": Preset(3, 2, 180.0, 6, 1, 6, 120.0), "default": Preset(8, 3, 1200.0, 60, 4, 40, 600.0),
           "large": Preset(8, 3, 7200.0, 360, 24, 60, 1800.0)}


@dataclass(frozen=True)
class Site:
    """A station: codes, place, rate in Hz, response type, noise levels of Z, N, E between Peterson's models.

    `faults` are planted so that their treatment can be seen: "epoch" (its gain doubles on the second day), "gap" (4 s
    are missing on the last day), "clip" (one clipped minute on the second day), "missing" (no E on the first day).
    """

    network: str
    station: str
    location: str
    band: str
    rate_hz: float
    response: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    noise: tuple[float, float, float]
    faults: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return f"{self.network}.{self.station}"


SITES = (
    Site("CI", "GPA00", "", "HH", 100.0, "A", 34.52, -118.20, 820.0, (0.25, 0.30, 0.32), ("epoch", "gap")),
    Site("CI", "GPA01", "00", "BH", 40.0, "A", 34.31, -117.94, 1540.0, (0.20, 0.24, 0.22), ("clip",)),
    Site("AZ", "GPB00", "10", "HH", 200.0, "B", 34.22, -118.31, 310.0, (0.40, 0.46, 0.44), ("missing",)),
    Site("CI", "GPA02", "", "HH", 100.0, "A", 34.47, -117.80, 950.0, (0.30, 0.33, 0.36)),
    Site("CI", "GPA03", "", "HH", 100.0, "B", 34.14, -118.06, 60.0, (0.55, 0.60, 0.58)),
    Site("AZ", "GPB01", "10", "HH", 200.0, "A", 34.60, -117.97, 1210.0, (0.24, 0.26, 0.29)),
    Site("US", "GPC00", "00", "BH", 40.0, "A", 34.38, -118.42, 670.0, (0.35, 0.40, 0.38)),
    Site("TA", "GPD00", "", "HH", 100.0, "A", 34.17, -117.75, 1880.0, (0.22, 0.28, 0.27)),
)
#: In the station list only: a network that a query for the others must leave out.
OUTSIDE = Site("NC", "GPN00", "", "HH", 100.0, "A", 37.40, -122.10, 90.0, (0.4, 0.4, 0.4))
CALDERA = Site("HV", "GPK01", "", "HH", 100.0, "A", 19.40, -155.30, 1120.0, (0.35, 0.40, 0.45))
#: Centre of the box in which earthquakes happen, and kilometres per degree of a flat earth there.
CENTRE_DEG = (34.36, -118.07)
KM_PER_DEG = 111.19


def east_north_km(site: Site) -> tuple[float, float]:
    """Place of a station relative to the centre of the box."""
    north = (site.latitude_deg - CENTRE_DEG[0]) * KM_PER_DEG
    return (site.longitude_deg - CENTRE_DEG[1]) * KM_PER_DEG * np.cos(np.deg2rad(CENTRE_DEG[0])), north


def generator(seed: int, *key: int) -> np.random.Generator:
    """An independent stream of random numbers for each key."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
