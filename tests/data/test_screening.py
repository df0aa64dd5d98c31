"""Signal-to-noise ratios before any waveform is made: decibels of known factors, and one ratio by integration."""

import numpy as np
import pytest
from scipy.integrate import quad

from quakebook.data.synthetic import screening
from quakebook.data.synthetic.instrument import SENSORS, response
from quakebook.data.synthetic.noise import decibel_table
from quakebook.data.synthetic.screening import expected_snr_db

SIX_DB = 20 * np.log10(2)


def snr(**changed):
    signal = {"station": [0], "t_over_q_p": [0.05], "kappa_s": [0.02], "level_p": [1e-7], "corner_p_hz": [10.0],
              "head_wave": [False], "vector_p": [[0.5, 0.0, 0.0]], "energy_p": [0.0]}
    recording = {"sensor": [1], "noise_microseism": [0.5], "noise_cultural": [0.5], "digitiser_counts": [1.0],
                 "sensitivity": [1.4e8]}
    tables = [{name: np.array(changed.get(name, value)) for name, value in table.items()}
              for table in (signal, recording)]
    return float(expected_snr_db(*tables)[0])


def test_decibels_of_factors():
    plain = snr()
    assert snr(level_p=[2e-7]) - plain == pytest.approx(SIX_DB)
    assert snr(head_wave=[True]) - plain == pytest.approx(-2 * SIX_DB)  # a quarter of the amplitude
    assert snr(energy_p=[0.75 / 0.52**2]) - plain == pytest.approx(SIX_DB)  # four times the energy
    assert snr(noise_cultural=[0.9]) < plain and snr(kappa_s=[0.05]) < plain and snr(corner_p_hz=[20.0]) > plain


def test_ratio_over_the_noise_of_a_loud_digitiser():
    """A flat spectrum against white noise: 2 L^2 integral |R|^2 df over 2 s, noise variance / 50 Hz over 18 Hz."""
    found = snr(level_p=[1e-3], t_over_q_p=[0.0], kappa_s=[0.0], corner_p_hz=[1e9], digitiser_counts=[1e6])
    gain, _ = quad(lambda f: abs(response(SENSORS[1], np.array([f]))[0]) ** 2, 2, 20)
    expected = 10 * np.log10(2 * 1e-6 * gain * 0.25 / 2 / ((1e6 / 1.4e8) ** 2 / 50 * 18))
    assert found == pytest.approx(expected, abs=0.35)  # 32 frequencies stand for the integral


def test_acceleration_becomes_displacement():
    """20 log10 of (2 pi f)^2: 43.97 dB at 2 Hz and 40 more at 20 Hz; the 32 bands fill the 18 Hz between."""
    table, gains = screening._tables()
    less_db = decibel_table(screening.FREQUENCY_HZ)[0] - table[0]
    assert less_db[[0, -1]] == pytest.approx([43.97, 83.97], abs=0.01) and len(less_db) == 32
    assert screening.FREQUENCY_HZ[[0, -1]] == pytest.approx([2, 20])
    assert screening._BANDWIDTH_HZ.sum() == pytest.approx(18, rel=0.08)
    assert gains.shape == (len(SENSORS), 32)
