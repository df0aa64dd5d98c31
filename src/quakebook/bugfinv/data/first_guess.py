"""Low frequencies: logs at wells, low-passed and spread over the survey."""

from __future__ import annotations

import math

import numpy as np
from scipy.ndimage import gaussian_filter1d

CORNER_HZ = 8.0
POWER = 3.0


def low_pass(logs: np.ndarray, dt_s: float, corner_hz: float = CORNER_HZ) -> np.ndarray:
    """Gaussian low-pass along time with sigma = 1 / (2 pi corner)."""
    return gaussian_filter1d(logs, 1.0 / (2 * math.pi * corner_hz) / dt_s, axis=-1, mode="nearest")


def initial_model(logs: np.ndarray, well_positions: np.ndarray, positions: np.ndarray, dt_s: float) -> np.ndarray:
    """Initial model of every trace from the logs of the wells.

    Each trace is the mean of the low-passed logs with weights 1 / (1 + distance in traces)^3.

    Parameters
    ----------
    logs : ndarray, shape (wells, 3, T)
    well_positions, positions : ndarray, shapes (wells, 2) and (traces, 2)
        Inline and crossline numbers.
    dt_s : float

    Returns
    -------
    ndarray, shape (traces, 3, T), float32
    """
    if len(logs) != len(well_positions) or not len(logs):
        raise ValueError(f"one position per well is needed; found {len(logs)} logs, {len(well_positions)} positions")
    distance = np.linalg.norm(positions[:, None, :] - well_positions[None, :, :], axis=2)
    weight = (1.0 + distance) ** -POWER
    weight /= weight.sum(axis=1, keepdims=True)
    spread = np.einsum("nw,wpt->npt", weight, low_pass(logs, dt_s), optimize=True)
    return np.ascontiguousarray(spread, dtype=np.float32)
