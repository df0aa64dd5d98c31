"""A caldera that fails in cycles: stress, ground displacement, and the shaking at one station that depends on stress.

Stress rises at a rate that differs from cycle to cycle, fails near 1 and drops to near 0. Real cycles lasted about a
day; these last minutes, a compression of some 200 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.fft import irfft, next_fast_len, rfft

from quakebook.data.archive.embedded.ground import noise, walk
from quakebook.data.archive.embedded.presets import CALDERA, Preset, generator
from quakebook.data.archive.embedded.quakes import place

RATE_SPREAD, RATE_LIMITS, LEVEL_SPREAD, DROP_S = 0.2, (0.6, 1.5), 0.05, 5.0
TRANSIENT, TRANSIENT_SHARE, SCALE_M, OBSERVATION_M = 0.12, 0.08, 0.05, 1e-3
TREMOR_M_S, NUISANCE = 4e-8, 0.5
STRESS_DROP_PA, VS_M_S, MAX_MAGNITUDE = 3e6, 2000.0, 2.8
FACTORS = {"P": (1.0, 0.35, 0.3), "S": (0.35, 1.0, 0.9)}
DECAY = {"P": 8.0, "S": 4.0}
COLLAPSE_HZ, COLLAPSE_M_S = 0.08, 2e-5


@dataclass(frozen=True)
class Cycles:
    """State once a second: stress, cycle number, seconds since failure, displacement in m; failure times in s."""

    stress: NDArray[np.float64]
    cycle: NDArray[np.int64]
    since_s: NDArray[np.float64]
    displacement_m: NDArray[np.float64]
    failures_s: NDArray[np.float64]


def cycles(preset: Preset, seed: int) -> Cycles:
    """Integrate stress second by second until the asked number of cycles has failed."""
    rng, mean_s = generator(seed, 6), preset.cycle_s
    stress, cycle, since, failures, first = [], [], [], [], 0.0
    begin = float(rng.normal(0, LEVEL_SPREAD))
    for number in range(preset.cycles):
        rate = float(np.clip(rng.normal(1, RATE_SPREAD), *RATE_LIMITS)) / mean_s
        fail = float(rng.normal(1, LEVEL_SPREAD))
        seconds = max(int(np.ceil((fail - begin) / rate)), 10)
        drop = float(rng.normal(0, LEVEL_SPREAD))
        rise = begin + rate * np.arange(seconds)
        fall = rise[-1] + (drop - rise[-1]) * np.arange(1, int(DROP_S) + 1) / DROP_S
        stress += [rise, fall]
        cycle.append(np.full(seconds + len(fall), number))
        since.append(np.arange(seconds + len(fall), dtype=float))
        first += seconds
        failures.append(first)
        first += len(fall)
        begin = drop
    s, t = np.concatenate(stress), np.concatenate(since)
    u = -(s + TRANSIENT * (1 - np.exp(-t / (TRANSIENT_SHARE * mean_s)))) * SCALE_M
    return Cycles(s, np.concatenate(cycle), t, u + rng.normal(0, OBSERVATION_M, len(u)), np.array(failures))


def shaking(state: Cycles, seed: int, nuisance: float = NUISANCE) -> NDArray[np.float64]:
    """Ground velocity (3, n) in m/s at 100 Hz: noise, tremor, small earthquakes, collapses.

    `nuisance` lets noise and tremor levels wander, so that amplitude alone does not tell the state.
    """
    rate, n = CALDERA.rate_hz, int(len(state.stress) * CALDERA.rate_hz)
    stress = np.interp(np.arange(n) / rate, np.arange(len(state.stress)), state.stress)
    rng = generator(seed, 7)
    level = np.exp(walk(n, rate, 0.35 * nuisance * np.sqrt(30 / 600), 30.0, rng))
    out = np.stack([noise(n, rate, w, rng, wander=0.0) for w in CALDERA.noise]) * level
    out += _tremor(stress, rate, nuisance, rng)
    _earthquakes(out, state, generator(seed, 8))
    for number, at_s in enumerate(state.failures_s):
        _collapse(out, at_s, rate, generator(seed, 9, number))
    return out


def _tremor(stress: NDArray[np.float64], rate: float, nuisance: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Broadband tremor that grows with the square of stress, and a tone whose pitch follows stress."""
    n = len(stress)
    knots = int(n / rate / 30) + 2
    level = np.exp(np.interp(np.arange(n) / rate, np.arange(knots) * 30.0, 0.4 * nuisance * rng.normal(size=knots)))
    band = signal.butter(4, (1.0, 8.0), "bandpass", fs=rate, output="sos")
    broad = signal.sosfilt(band, rng.standard_normal((3, n)), axis=1)
    broad /= broad.std(axis=1, keepdims=True)
    phase = 2 * np.pi * np.cumsum(1.2 + 0.8 * stress) / rate
    tone = sum(np.sin(k * phase) / k for k in (1, 2, 3)) * np.array([[1.0], [0.6], [0.5]])
    return 0.5 * TREMOR_M_S * level * ((0.5 + stress**2) * broad + tone)


def _earthquakes(out: NDArray[np.float64], state: Cycles, rng: np.random.Generator) -> None:
    """Small earthquakes: rate 0.02 10^s a second, b = 1.3 - 0.5 s, S minus P 0.4 + 0.5 s seconds."""
    counts = rng.poisson(0.02 * 10**state.stress)
    for second in np.repeat(np.arange(len(counts)), counts):
        s = float(state.stress[second])
        magnitude = min(-0.5 + rng.exponential(1 / (np.log(10) * max(1.3 - 0.5 * s, 0.3))), MAX_MAGNITUDE)
        at_s = second + rng.random()
        delay_s = max(0.4 + 0.5 * s + rng.normal(0, 0.05), 0.1)
        size = 3e-8 * 10 ** (0.8 * magnitude)
        _burst(out, at_s, "P", 0.35 * size, magnitude, rng)
        _burst(out, at_s + delay_s, "S", size, magnitude, rng)


def _burst(out: NDArray[np.float64], at_s: float, phase: str, peak: float, magnitude: float,
           rng: np.random.Generator) -> None:
    """Noise under (1 - exp(-30 t)) exp(-q t / 8), with Brune's spectrum of velocity, scaled to its largest value."""
    rate = CALDERA.rate_hz
    n = int(rate * min(8 * 7 / DECAY[phase], 10.0))
    time = np.arange(n) / rate
    nfft = next_fast_len(2 * n, real=True)
    f = np.fft.rfftfreq(nfft, 1 / rate)
    corner = 0.37 * VS_M_S * (16 * STRESS_DROP_PA / (7 * 10 ** (1.5 * magnitude + 9.1))) ** (1 / 3)
    white = rng.standard_normal((3, n)) * (1 - np.exp(-30 * time)) * np.exp(-DECAY[phase] * time / 8)
    wave = irfft(rfft(white, nfft) * f / (1 + (f / corner) ** 2), n=nfft)[:, :n]
    wave *= peak / np.abs(wave).max(axis=1, keepdims=True) * np.array(FACTORS[phase])[:, None]
    for component in range(3):
        place(out[component], wave[component], at_s, rate)


def _collapse(out: NDArray[np.float64], at_s: float, rate: float, rng: np.random.Generator) -> None:
    """A very-long-period pulse and an earthquake of about magnitude 3.5."""
    time = np.arange(int(40 * rate)) / rate
    pulse = COLLAPSE_M_S * np.sin(2 * np.pi * COLLAPSE_HZ * time) * np.exp(-time / 8)
    for component, factor in enumerate((1.0, 0.6, 0.5)):
        place(out[component], factor * pulse, at_s, rate)
    _burst(out, at_s, "S", 3e-8 * 10 ** (0.8 * 3.5), 3.5, rng)
