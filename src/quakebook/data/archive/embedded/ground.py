"""Ground noise between Peterson's low and high noise models, as velocity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len

from quakebook.data.synthetic.noise import peterson_models

#: Below this frequency the noise falls off; above Peterson's 10 Hz its level is held.
ROLL_OFF_HZ = 0.02
#: The level wanders: standard deviation of the natural logarithm's step each minute.
WALK_STEP = 0.03


def velocity_density(frequency_hz: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Power density of velocity in (m/s)^2/Hz: (1 - level) NLNM + level NHNM in dB of acceleration, over (2 pi f)^2."""
    f, low, high = peterson_models()
    safe = np.maximum(frequency_hz, 1e-6)
    at = np.log(np.clip(safe, f[0], f[-1]))
    decibel = (1 - level) * np.interp(at, np.log(f), low) + level * np.interp(at, np.log(f), high)
    density = 10 ** (decibel / 10) / (2 * np.pi * safe) ** 2
    return np.where(frequency_hz > 0, density / (1 + (ROLL_OFF_HZ / safe) ** 8), 0.0)


def noise(n: int, rate_hz: float, level: float, generator: np.random.Generator, wander: float = WALK_STEP
          ) -> NDArray[np.float64]:
    """Gaussian noise of that density in m/s, shape (n,), times a slow random walk of its level."""
    nfft = next_fast_len(n, real=True)
    frequency = np.fft.rfftfreq(nfft, 1 / rate_hz)
    amplitude = np.sqrt(velocity_density(frequency, level) * rate_hz * nfft / 2)
    phases = generator.standard_normal((2, len(frequency)))
    out = irfft(amplitude * (phases[0] + 1j * phases[1]) / np.sqrt(2), n=nfft)[:n]
    return out * np.exp(walk(n, rate_hz, wander, 60.0, generator)) if wander else out


def walk(n: int, rate_hz: float, step: float, every_s: float, generator: np.random.Generator) -> NDArray[np.float64]:
    """A random walk that starts at zero, with a step every `every_s` seconds and straight lines between."""
    knots = int(n / rate_hz / every_s) + 2
    values = np.concatenate([[0.0], np.cumsum(generator.normal(0, step, knots - 1))])
    return np.interp(np.arange(n) / rate_hz, np.arange(knots) * every_s, values)
