"""Wood-Anderson amplitudes and the local magnitude that follows from them."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

WOOD_ANDERSON_HZ, WOOD_ANDERSON_DAMPING = 1.25, 0.7
CATALOGUE_STD = 0.10


def wood_anderson(frequency_hz: Tensor) -> Tensor:
    """Wood-Anderson response to displacement, unit gain: -f^2 / (fw^2 - f^2 + 2 i h fw f), fw = 1.25 Hz, h = 0.7."""
    f = frequency_hz.to(torch.float64)
    denominator = torch.complex(WOOD_ANDERSON_HZ**2 - f**2, 2 * WOOD_ANDERSON_DAMPING * WOOD_ANDERSON_HZ * f)
    return (-(f**2) / denominator).to(torch.complex64)


def local_magnitude(amplitude_nm: NDArray, hypocentral_km: NDArray) -> NDArray[np.float64]:
    """Station magnitude ML = log10 A + 1.11 log10 R + 0.00189 R - 2.09 (IASPEI; Hutton and Boore 1987).

    Parameters
    ----------
    amplitude_nm : ndarray
        Largest absolute horizontal Wood-Anderson amplitude in nm of ground displacement (unit gain).
    hypocentral_km : ndarray
    """
    r = np.asarray(hypocentral_km, float)
    return np.log10(np.maximum(amplitude_nm, 1e-12)) + 1.11 * np.log10(r) + 0.00189 * r - 2.09


def event_magnitude(station_magnitude: NDArray, event: NDArray[np.int64], n_events: int) -> NDArray[np.float64]:
    """Median of the station magnitudes of each event; NaN for an event without stations. Shape (n_events,)."""
    out = np.full(n_events, np.nan)
    order = np.lexsort((station_magnitude, event))
    sorted_event, sorted_value = event[order], station_magnitude[order]
    found, first, count = np.unique(sorted_event, return_index=True, return_counts=True)
    lower, upper = first + (count - 1) // 2, first + count // 2
    out[found] = 0.5 * (sorted_value[lower] + sorted_value[upper])
    return out
