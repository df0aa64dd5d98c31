"""Expected P signal-to-noise ratio before any waveform is made, to save the work on hopeless records (section 4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quakebook.data.synthetic.grid import Q_ETA, Q_FLOOR_HZ
from quakebook.data.synthetic.instrument import SENSORS, response
from quakebook.data.synthetic.noise import decibel_table
from quakebook.data.synthetic.paths import HEAD_WAVE_AMPLITUDE

Table = dict[str, NDArray]

FREQUENCY_HZ = np.geomspace(2, 20, 32)
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
    weights = np.stack([np.ones(n), recording["noise_microseism"][:n], recording["noise_cultural"][:n]], 1)
    gain = np.stack([np.log(np.abs(response(sensor, f))) for sensor in SENSORS])[recording["sensor"][:n]]
    db = weights @ decibel_table(f) - 20 * np.log10((2 * np.pi * f) ** 2)
    bandwidth = np.gradient(f)
    power_p = np.sum(2 * np.exp(2 * (log_p + gain)) * bandwidth, 1) * energy / SIGNAL_S
    digitiser = (recording["digitiser_counts"][:n] / recording["sensitivity"][:n]) ** 2 / 50.0
    power_n = np.sum((10 ** (db / 10) * np.exp(2 * gain) + digitiser[:, None]) * bandwidth, 1)
    return 10 * np.log10(power_p / power_n)
