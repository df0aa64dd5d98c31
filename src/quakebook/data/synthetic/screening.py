"""Expected P signal-to-noise ratio before any waveform is made, to save the work on hopeless records."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .grid import Q_ETA, Q_FLOOR_HZ
from .instrument import SENSORS, response
from .noise import decibel_table
from .paths import HEAD_WAVE_AMPLITUDE

Table = dict[str, NDArray]

FREQUENCY_HZ = np.geomspace(2, 20, 32)
_BANDWIDTH_HZ = np.gradient(FREQUENCY_HZ)
#: P and its coda spread over about this time (chosen).
SIGNAL_S = 2.0


def expected_snr_db(signal: Table, recording: Table) -> NDArray[np.float64]:
    """10 log10 of P power over noise power on the vertical, from 2 to 20 Hz. Shape (n_signal,).

    Power of P: squared spectrum times (direct energy + coda energy), spread over 2 s; of the noise: its density.
    """
    n, f = len(signal["station"]), FREQUENCY_HZ
    exponent = -np.pi * (signal["t_over_q_p"][:, None] * f / np.maximum(f, Q_FLOOR_HZ) ** Q_ETA
                         + signal["kappa_s"][:, None] * f)
    log_p = np.log(signal["level_p"])[:, None] + exponent - np.log1p((f / signal["corner_p_hz"][:, None]) ** 2)
    reduced = np.where(signal["head_wave"], HEAD_WAVE_AMPLITUDE, 1.0) ** 2
    energy = reduced * (signal["vector_p"][:, 0] ** 2 + 0.52**2 * signal["energy_p"])
    table, gains = _tables()
    gain = gains[recording["sensor"][:n]]
    db = (table[0] + recording["noise_microseism"][:n, None] * table[1]
          + recording["noise_cultural"][:n, None] * table[2])
    power_p = (2 * np.exp(2 * log_p) * gain) @ _BANDWIDTH_HZ * energy / SIGNAL_S
    digitiser = (recording["digitiser_counts"][:n] / recording["sensitivity"][:n]) ** 2 / 50.0
    power_n = (np.exp(np.log(10) / 10 * db) * gain + digitiser[:, None]) @ _BANDWIDTH_HZ
    return 10 * np.log10(power_p / power_n)


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Displacement noise in dB, (3, frequencies); power gain of each sensor, (sensors, frequencies)."""
    table = decibel_table(FREQUENCY_HZ)
    table[0] -= 20 * np.log10((2 * np.pi * FREQUENCY_HZ) ** 2)
    return table, np.stack([np.abs(response(sensor, FREQUENCY_HZ)) ** 2 for sensor in SENSORS])
