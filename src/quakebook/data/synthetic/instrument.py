"""Seismometers and digitisers: from ground displacement to counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

MAX_COUNTS = float(2**23 - 1)
OLD_MAX_COUNTS = 2047.0

ANTI_ALIAS_HZ, ANTI_ALIAS_POLES = 42.0, 6


@dataclass(frozen=True)
class Sensor:
    """One line of the sensor table; `sensitivity` in counts s/m, or counts s2/m for the accelerometer."""

    channel: str
    sensitivity: float
    corner_hz: float | None
    damping: float
    share: float
    accelerometer: bool = False
    typical_noise_counts: float = 1.0  # median standard deviation of the noise


SENSORS = (
    Sensor("HH", 6.3e8, 1 / 120, 0.707, 0.30, typical_noise_counts=187.0),
    Sensor("EH", 1.4e8, 1.0, 0.70, 0.40, typical_noise_counts=7.2),
    Sensor("DP", 7.0e7, 4.5, 0.6, 0.15, typical_noise_counts=2.7),
    Sensor("HN", 4.27e5, None, 0.0, 0.15, accelerometer=True, typical_noise_counts=1.8),
)
CHANNELS = np.array([sensor.channel for sensor in SENSORS])


def response(sensor: Sensor, frequency_hz: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Response to ground displacement for unit sensitivity, with the anti-alias filter.

    (i w) or (i w)^2, times 1 / (1 - (f0/f)^2 - 2 i h f0/f), times a causal 6-pole Butterworth low-pass at 42 Hz.
    Zero at zero frequency.
    """
    f = np.asarray(frequency_hz, float)
    safe = np.where(f > 0, f, 1.0)
    omega = 2j * np.pi * f
    out = omega**2 if sensor.accelerometer else omega
    if sensor.corner_hz is not None:
        ratio = sensor.corner_hz / safe
        out = out / (1 - ratio**2 - 2j * sensor.damping * ratio)
    b, a = signal.butter(ANTI_ALIAS_POLES, ANTI_ALIAS_HZ, analog=True)
    return np.where(f > 0, out * np.polyval(b, 1j * f) / np.polyval(a, 1j * f), 0)
