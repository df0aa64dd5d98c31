"""The fixed virtual network: 60 stations that keep sensor, gain, site and noise for all events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .events import REGION_KM
from .instrument import SENSORS
from .presets import Preset

NETWORK_CODE = "SY"
REFERENCE_LATITUDE_DEG, REFERENCE_LONGITUDE_DEG = 45.0, 10.0
KM_PER_DEGREE = 111.19
#: Steps of the additive quasi-random sequence in the plane (powers of the inverse plastic number).
_STEPS = np.array([0.7548776662466927, 0.5698402909980532])
#: Station part of the travel-time scatter (chosen).
STATIC_P_STD_S = 0.05
#: An old 12-bit digitiser is fed with a gain that leaves its noise at about this level (chosen).
OLD_NOISE_COUNTS = 3.0


@dataclass(frozen=True)
class Network:
    """Stations as arrays of shape (n_stations,); `x_km` points east and `y_km` north of the reference point."""

    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    elevation_m: NDArray[np.float64]
    sensor: NDArray[np.int64]
    sensitivity: NDArray[np.float64]
    site_factor: NDArray[np.float64]
    kappa_s: NDArray[np.float64]
    noise_microseism: NDArray[np.float64]
    noise_cultural: NDArray[np.float64]
    static_p_s: NDArray[np.float64]
    old_digitiser: NDArray[np.bool_]
    vertical_only: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.x_km)

    @property
    def code(self) -> NDArray[np.str_]:
        """S001, S002, ..."""
        return np.array([f"S{k + 1:03d}" for k in range(len(self))])

    @property
    def latitude_deg(self) -> NDArray[np.float64]:
        return latitude_deg(self.y_km)

    @property
    def longitude_deg(self) -> NDArray[np.float64]:
        return longitude_deg(self.x_km)


def latitude_deg(y_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Flat earth: north offset to latitude."""
    return REFERENCE_LATITUDE_DEG + y_km / KM_PER_DEGREE


def longitude_deg(x_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Flat earth: east offset to longitude, scaled at the reference latitude."""
    return REFERENCE_LONGITUDE_DEG + x_km / (KM_PER_DEGREE * np.cos(np.deg2rad(REFERENCE_LATITUDE_DEG)))


def draw(preset: Preset) -> Network:
    """The network of a preset; depends on `network_seed` and the network settings, not on the seed of the records."""
    return _draw(preset.network_seed, preset.n_stations, preset.gain_mode, preset.old_digitiser_stations,
                 preset.vertical_only_stations)


@lru_cache(maxsize=8)
def _draw(network_seed: int, n: int, gain_mode: str, old_share: float, vertical_share: float) -> Network:
    rng = np.random.default_rng(np.random.SeedSequence(network_seed, spawn_key=(2**31,)))
    points = (rng.random(2) + np.arange(1, n + 1)[:, None] * _STEPS) % 1 - 0.5
    sensor = np.searchsorted(np.cumsum([s.share for s in SENSORS])[:-1], rng.random(n), side="right")
    if gain_mode == "uniform":
        sensor = np.zeros(n, dtype=np.int64)
    gain = 10 ** rng.normal(0, 0.05, n)
    old, vertical = rng.random(n) < old_share, rng.random(n) < vertical_share
    old_gain = OLD_NOISE_COUNTS / np.array([s.typical_noise_counts for s in SENSORS])[sensor]
    sensitivity = np.array([s.sensitivity for s in SENSORS])[sensor] * gain * np.where(old, old_gain, 1.0)
    return Network(
        x_km=points[:, 0] * REGION_KM, y_km=points[:, 1] * REGION_KM,
        elevation_m=np.maximum(rng.normal(600, 400, n), 0), sensor=sensor, sensitivity=sensitivity,
        site_factor=10 ** rng.normal(0, 0.15, n),
        kappa_s=np.clip(0.03 * np.exp(rng.normal(0, 0.35, n)), 0.01, 0.08),
        noise_microseism=rng.beta(2, 2.5, n), noise_cultural=rng.beta(2.2, 2.2, n),
        static_p_s=rng.normal(0, STATIC_P_STD_S, n), old_digitiser=old, vertical_only=vertical)
