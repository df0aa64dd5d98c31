"""What resampling leaves of sines."""

import numpy as np
import pytest
from scipy import signal

from quakebook.data import DataError
from quakebook.data.archive.motion.resample import METHODS, _filter, gain, resample, rivals

RATES = [(40.0, 100.0), (200.0, 100.0), (100.0, 50.0), (100.0, 100.0), (250.0, 100.0)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_amplitudes_within_one_percent_below_two_fifths_of_the_lower_rate(method, from_hz, to_hz):
    frequency = np.array([0.01, 0.1, 0.2, 0.3, 0.4]) * min(from_hz, to_hz)
    kept = gain(frequency, from_hz, to_hz, lambda x: resample(x, from_hz, to_hz, method))
    np.testing.assert_allclose(kept, 1.0, atol=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_what_lies_above_the_new_nyquist_frequency_is_gone(method):
    time = np.arange(200 * 60) / 200
    out = resample(np.sin(2 * np.pi * 61.0 * time), 200.0, 100.0, method)
    assert np.abs(out[1000:-1000]).max() < 1e-3


@pytest.mark.parametrize("method", METHODS)
def test_the_first_sample_keeps_its_time(method):
    time, wanted = np.arange(40 * 60) / 40, np.arange(100 * 60) / 100
    out = resample(np.cos(2 * np.pi * 3.0 * time), 40.0, 100.0, method)
    assert len(out) == len(wanted)
    np.testing.assert_allclose(out[2000:-2000], np.cos(2 * np.pi * 3.0 * wanted)[2000:-2000], atol=1e-3)


def test_obspys_default_window_halves_10_hz():
    frequency = np.array([1.0, 5.0, 10.0, 15.0])
    kept = gain(frequency, 40.0, 100.0, rivals(40.0, 100.0)["ObsPy, default (Hann)"])
    np.testing.assert_allclose(kept, 0.5 * (1 + np.cos(np.pi * frequency / 20)), atol=0.01)


def test_wrong_wishes():
    with pytest.raises(DataError, match="soxr, kaiser; found 'hann'"):
        resample(np.zeros(10), 40.0, 100.0, "hann")
    with pytest.raises(DataError, match="positive"):
        resample(np.zeros(10), 0.0, 100.0)


def test_the_polyphase_filter():
    """48 samples of the lower rate on each side, half of the amplitude at 0.45 of it, 90 dB from there on (Kaiser).

    His width of the transition, (90 - 7.95) / (2.285 * 480) radians, ends at 0.192 of the Nyquist frequency.
    """
    taps = _filter(5, 2)
    assert len(taps) == 2 * 48 * 5 + 1 and taps.sum() == pytest.approx(1)
    w, response = signal.freqz(taps, worN=np.linspace(0, 1, 4001) * np.pi)
    level_db = 20 * np.log10(np.abs(response) + 1e-12)
    assert level_db[720] == pytest.approx(-6.02, abs=0.02)  # 0.18 of 4000 steps: 0.9 / 5
    assert signal.kaiser_beta(90) == pytest.approx(9.0, abs=0.05)
    assert -92 < level_db[768:].max() < -88


def test_a_gain_is_that_of_the_middle_third():
    """60 s at 50 Hz, halved from 20 to 40 s and wrong before and after."""
    def work(samples):
        out = np.full(3000, 9.0)
        out[1001:2000] = 0.5 * samples[1001:2000]
        return out

    np.testing.assert_allclose(gain([3.0, 7.5], 50.0, 50.0, work), 0.5, atol=1e-12)
