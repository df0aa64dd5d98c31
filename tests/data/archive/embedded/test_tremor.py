"""Tremor: band, pitch and place in time."""

import numpy as np
from scipy import signal

from quakebook.data.archive.embedded.presets import PRESETS, generator
from quakebook.data.archive.embedded.tremor import bursts, harmonic, intervals


def test_intervals_lie_within_their_day():
    for preset in PRESETS.values():
        table = intervals(preset, 3)
        assert len(table) == preset.tremors
        assert (table["start_s"] >= 0).all() and (table["start_s"] + table["length_s"] <= preset.length_s).all()


def test_bursts_lie_between_1_and_8_hz():
    wave = bursts(120.0, 100.0, generator(1, 1))
    frequency, density = signal.welch(wave, 100.0, nperseg=2048)
    inside = (frequency > 0.8) & (frequency < 9)
    assert density[:, inside].sum() > 0.97 * density.sum()
    assert wave.shape == (3, 12_000) and abs(wave.std() - 1) < 1e-6


def test_a_tone_with_overtones():
    wave = harmonic(120.0, 100.0, generator(1, 2))
    frequency, density = signal.welch(wave[0, :2000], 100.0, nperseg=2000)
    fundamental = frequency[density.argmax()]
    assert 0.9 < fundamental < 2.6
    near = density[np.abs(frequency - 2 * fundamental).argmin() + np.arange(-3, 4)].max()
    assert 0.1 < near / density.max() < 0.5  # half of the amplitude, spread by the glide
