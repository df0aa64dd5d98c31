"""Axes and tables of a work window of 10 s, whose bins are tenths of a hertz, and the S coda on it."""

import numpy as np
import pytest
import torch
from scipy.integrate import quad

from quakebook.data.synthetic import envelopes
from quakebook.data.synthetic.grid import Grid

GRID = Grid(1000, torch.device("cpu"))


def at(values, hz):
    return float(values[..., round(10 * hz)])


def test_axes():
    assert float(GRID.time_s[-1]) == pytest.approx(9.99) and at(GRID.frequency_hz, 50) == 50
    assert at(GRID.omega, 2.5) == pytest.approx(15.70796)


def test_attenuation_follows_q_above_half_a_hertz():
    """Q(f)/Q0 = f^0.6: 1 at 1 Hz, 3.4822 at 8 Hz, and below 0.5 Hz that of 0.5 Hz, 0.65975."""
    for hz, exponent in ((1, -3.14159), (8, -7.2174), (0.2, -0.95236)):
        assert at(GRID.decay[0], hz) == pytest.approx(exponent, rel=1e-4)
        assert at(GRID.decay[1], hz) == pytest.approx(-3.14159 * hz, rel=1e-4)


def test_dispersion_vanishes_at_the_reference_and_at_zero():
    assert at(GRID.dispersion, 1.5) == pytest.approx(2.93174, rel=1e-5)  # 2/pi ln 100
    assert at(GRID.dispersion, 15) == pytest.approx(1.46587, rel=1e-5) and at(GRID.dispersion, 0) == 0


def test_bands_split_the_energy_at_3_hz():
    np.testing.assert_allclose(GRID.low**2 + GRID.high**2, np.ones(501), atol=1e-6)
    assert at(GRID.low, 3) ** 2 == pytest.approx(0.5) and at(GRID.low, 6) ** 2 == pytest.approx(1 / 17)


def test_taper_falls_from_5_to_8_seconds():
    values = [float(GRID.end_taper[k]) for k in (500, 575, 650, 800, 999)]
    assert values == pytest.approx([1, 0.853553, 0.5, 0, 0], abs=1e-6)


def test_surface_waves_travel_with_their_group_velocity():
    for hz in (0.5, 1.0, 4.0, 20.0):
        expected, _ = quad(lambda f: 2 * np.pi / (2.9 - 0.35 * min(f, 1)), 0, hz, points=[1.0])
        assert at(GRID.surface_delay, hz) == pytest.approx(expected, rel=1e-5)
    assert [at(GRID.surface_band, hz) for hz in (0, 0.6, 1.2)] == pytest.approx([0, 0.5, 4 / 17])
    assert GRID.n_surface == len(GRID.surface_delay) == 201


def test_s_packet_coda_and_ramp_by_hand():
    """P at 1 s, S at 2 s after 4 s of travel, peak after 0.2 s, exponent 2, Qc 100 f^0.7, ramp 0.3.

    At the peak the packet is 1 and the coda 0.5 (1 - 1/e) 1.05^-2 exp(-pi f 0.2 / Qc): 0.28465 at 1.5 Hz, 0.28333 at
    8 Hz. 0.3 s before S the ramp is 0.3 / e.
    """
    low, high = envelopes.s_coda(GRID, *(torch.tensor([value]) for value in (1.0, 2.0, 4.0, 0.2, 2.0, 100.0, 0.3)))
    assert float(low[0, 220]) == pytest.approx(1.28465, abs=2e-4)
    assert float(high[0, 220]) == pytest.approx(1.28333, abs=2e-4)
    assert float(low[0, 170]) == pytest.approx(0.110364, abs=1e-4) == float(high[0, 170])
    assert float(low[0, 90]) == 0 and float(low[0, 110]) > 0
    # 2 s after S: 10 e^-9 of the packet, and 0.5 (3/2)^-2 of the coda times 0.9315 and 0.8894
    assert float(low[0, 400]) == pytest.approx(0.20822, abs=2e-5)
    assert float(high[0, 400]) == pytest.approx(0.19886, abs=2e-5)
