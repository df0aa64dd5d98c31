"""Sinuous channels at constant age, cut into the synthetic model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .structure import Grid


@dataclass(frozen=True)
class Channel:
    """Centre y = 0.5 + swing sin(2 pi x / wavelength + phase); parabolic floor; factors on Vp, Vs and density."""

    name: str
    young: bool
    age: float  # fraction of the sequence's age range
    swing: float
    wavelength: float
    phase: float
    half_width: float
    thickness_ms: float
    factors: tuple[float, float, float]


CHANNELS = (
    Channel("gas sand", False, 0.50, 0.16, 0.75, 0.6, 0.060, 16.0, (0.87, 1.03, 0.935)),
    Channel("cemented", False, 0.70, 0.12, 0.60, 2.2, 0.050, 12.0, (1.09, 1.12, 1.02)),
    Channel("young", True, 0.55, 0.18, 0.90, 4.0, 0.045, 9.0, (0.92, 0.98, 0.96)),
)


def inside(channel: Channel, grid: Grid, age: np.ndarray, young: np.ndarray) -> np.ndarray:
    """Mask (nx, ny, nt) of the samples in the channel's fill."""
    low, high = np.quantile(age[young == channel.young], [0.02, 0.98])
    top = low + channel.age * (high - low)
    centre = 0.5 + channel.swing * np.sin(2 * np.pi * grid.x / channel.wavelength + channel.phase)
    depth = channel.thickness_ms * (1 - ((grid.y - centre) / channel.half_width) ** 2)
    return (young == channel.young) & (age >= top) & (age < top + depth)
