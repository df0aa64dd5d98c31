"""Tremor of the archive: bursts that follow one another, or a gliding tone with overtones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import signal

from quakebook.data.archive.embedded.presets import Preset, Site, east_north_km, generator
from quakebook.data.archive.embedded.quakes import VS_KM_S, place

BAND_HZ, BURST_S, DURATION_S = (1.0, 8.0), 5.0, (60.0, 300.0)
#: Ground velocity at 30 km in m/s.
AMPLITUDE_M_S, REFERENCE_KM = 6e-8, 30.0
KINDS = ("tectonic", "harmonic")


def intervals(preset: Preset, seed: int) -> pd.DataFrame:
    """Start and length in s, day, kind and place of each interval."""
    rng, n = generator(seed, 4), preset.tremors
    length = rng.uniform(*np.minimum(DURATION_S, preset.length_s * 0.4), n)
    return pd.DataFrame({"interval": np.arange(n), "day": rng.integers(0, preset.days, n),
                         "start_s": rng.random(n) * (preset.length_s - length), "length_s": length,
                         "kind": [KINDS[k % 2] for k in range(n)], "east_km": rng.uniform(-20, 20, n),
                         "north_km": rng.uniform(-20, 20, n)})


def add(velocity: NDArray[np.float64], site: Site, interval: pd.Series, seed: int) -> None:
    """Add one interval to the ground velocity (3, n) of a station's day, in place, at the time that S would need."""
    x, y = east_north_km(site)
    distance = float(np.hypot(np.hypot(x - interval["east_km"], y - interval["north_km"]), 5.0))
    rng = generator(seed, 5, int(interval["interval"]))
    wave = (bursts if interval["kind"] == "tectonic" else harmonic)(interval["length_s"], site.rate_hz, rng)
    wave *= signal.windows.hann(wave.shape[-1])
    wave *= AMPLITUDE_M_S * REFERENCE_KM / distance
    for component in range(3):
        place(velocity[component], wave[component], interval["start_s"] + distance / VS_KM_S, site.rate_hz)


def bursts(length_s: float, rate_hz: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Low-frequency bursts of 5 s, one a second on average, 1 to 8 Hz; shape (3, n), unit standard deviation."""
    n, m = int(length_s * rate_hz), int(BURST_S * rate_hz)
    at_s = np.sort(rng.uniform(0, length_s, rng.poisson(length_s)))
    sizes = np.exp(rng.normal(0, 0.5, len(at_s)))
    template = rng.standard_normal((3, int(BURST_S * 200)))[:, :: int(200 / rate_hz)][:, :m]
    spikes = np.zeros(n)
    np.add.at(spikes, np.minimum((at_s * rate_hz).astype(int), n - 1), sizes)
    band = signal.butter(4, BAND_HZ, "bandpass", fs=rate_hz, output="sos")
    wave = np.stack([signal.fftconvolve(spikes, row * signal.windows.hann(row.size))[:n] for row in template])
    return _unit(signal.sosfiltfilt(band, wave, axis=1))


def harmonic(length_s: float, rate_hz: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A tone that glides between 1.0 and 2.5 Hz, with three overtones of amplitude 1/k; shape (3, n)."""
    n = int(length_s * rate_hz)
    begin, end = rng.uniform(1.0, 2.5, 2)
    phase = 2 * np.pi * np.cumsum(np.linspace(begin, end, n)) / rate_hz
    tone = sum(np.sin(k * phase + rng.uniform(0, 2 * np.pi)) / k for k in range(1, 5))
    return _unit(tone[None] * np.array([[1.0], [0.6], [0.5]]))


def _unit(wave: NDArray[np.float64]) -> NDArray[np.float64]:
    return wave / max(float(wave.std()), 1e-30)
