"""Noise between Peterson's models."""

import numpy as np
import pytest
from obspy.signal.spectral_estimation import get_nhnm, get_nlnm
from scipy import signal

from quakebook.data.archive.embedded.ground import noise, velocity_density, walk
from quakebook.data.archive.embedded.presets import generator


@pytest.mark.parametrize(("level", "rms"), [(0.0, 2.1e-8), (1.0, 4.1e-6)])
def test_rms_velocity_of_the_models(level, rms):
    frequency = np.logspace(np.log10(0.02), np.log10(50), 20_000)
    assert np.sqrt(np.trapezoid(velocity_density(frequency, level), frequency)) == pytest.approx(rms, rel=0.05)


@pytest.mark.parametrize(("level", "model"), [(0.0, get_nlnm), (1.0, get_nhnm)])
def test_levels_zero_and_one_are_petersons(level, model):
    period, decibel = model()
    chosen = (period > 0.2) & (period < 20)
    frequency = 1 / period[chosen]
    acceleration = velocity_density(frequency, level) * (2 * np.pi * frequency) ** 2
    np.testing.assert_allclose(10 * np.log10(acceleration), decibel[chosen], atol=0.3)


def test_the_noise_has_the_density():
    x = noise(400_000, 100.0, 0.4, generator(1, 2), wander=0.0)
    frequency, density = signal.welch(x, 100.0, nperseg=8192)
    inside = (frequency > 0.1) & (frequency < 45)
    ratio = 10 * np.log10(density[inside] / velocity_density(frequency[inside], 0.4))
    assert abs(ratio.mean()) < 0.3 and ratio.std() < 2.0


def test_walks_begin_at_zero_and_are_as_long_as_asked():
    steps = walk(100_000, 100.0, 0.1, 60.0, generator(1, 3))
    assert steps[0] == 0 and len(steps) == 100_000 and np.abs(np.diff(steps)).max() < 0.01
