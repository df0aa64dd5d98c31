"""Wavelets against the published values, and spectra by hand."""

import numpy as np
import pytest
import torch

from quakebook.bugfinv.data import forward, survey, wavelets, wells


def spectrum(wave, frequencies):
    t = np.arange(len(wave)) * 0.001
    return np.array([abs(np.sum(wave.numpy() * np.exp(-2j * np.pi * f * t))) for f in frequencies])


def test_both_wavelets_have_201_samples_of_a_millisecond():
    assert len(wavelets.ricker(0.001)) == len(wavelets.ormsby(0.001)) == 201
    assert len(wavelets.ricker(0.002)) == 101 and len(wavelets.times_s(0.004)) == 51


def test_ricker_of_40_hz():
    """Peak 1; zero at 1 / (pi f sqrt 2) = 5.627 ms; least at sqrt(3) of that with -2 exp(-3/2)."""
    wave = wavelets.ricker(0.001)
    assert float(wave[100]) == 1.0 and float(wave[105]) > 0 > float(wave[106])
    assert float(wavelets.ricker(0.0001).min()) == pytest.approx(-2 * np.exp(-1.5), abs=1e-4)
    found = np.arange(20.0, 60.0, 0.5)[spectrum(wave, np.arange(20.0, 60.0, 0.5)).argmax()]
    assert found == pytest.approx(40.0, abs=0.5)


def test_ormsby_between_its_corners():
    """Published: minimum -0.3417; 0.12 at 5 Hz, 0.48 at 7.5, 0.89 at 10, 0.98 at 60, 0.50 at 70, 0.03 at 80 Hz."""
    wave = wavelets.ormsby(0.001)
    plateau = spectrum(wave, np.arange(20.0, 51.0)).mean()
    assert float(wave.max()) == 1.0 and float(wave.min()) == pytest.approx(-0.3417, abs=5e-5)
    found = spectrum(wave, [5.0, 7.5, 10.0, 60.0, 70.0, 80.0]) / plateau
    assert found == pytest.approx([0.12, 0.48, 0.89, 0.98, 0.50, 0.03], abs=0.015)


def test_a_quarter_turn_makes_a_sine_of_a_cosine():
    """A packet cos(2 pi 40 t) exp(-(t / 0.02)^2), turned by +90 degrees, is minus its sine."""
    t = torch.arange(-100, 101, dtype=torch.float64) * 0.001
    hull = torch.exp(-((t / 0.03) ** 2))
    turned = wavelets.rotate_phase(hull * torch.cos(2 * torch.pi * 40 * t), 90.0)
    assert turned[20:-20].numpy() == pytest.approx((-hull * torch.sin(2 * torch.pi * 40 * t))[20:-20].numpy(), abs=0.01)


def test_published_angles_and_ratio():
    """(Vs / Vp)^2 = 1/4: at 30 degrees a = 4/3, b = -1/2, c = 3/4."""
    assert forward.K == 0.25
    assert forward.exponents([30.0])[0].tolist() == pytest.approx([4 / 3, -0.5, 0.75], abs=1e-4)
    assert forward.ForwardModel().dt_s == 0.001 and forward.ForwardModel().resolution_ratio == 1


def test_sizes_at_their_edges():
    """Sections of 7 x 7 are the least that structural similarity takes; three blind wells unless told."""
    from types import SimpleNamespace

    survey.check_size(SimpleNamespace(shape=(1, 7, 7), source="x"))
    for shape in ((1, 6, 7), (1, 7, 6)):
        with pytest.raises(survey.ModelError, match="at least 7 traces of 7 samples"):
            survey.check_size(SimpleNamespace(shape=shape, source="x"))
    assert len(wells.blind_wells(1, 50, np.array([0, 49]))) == 3
    assert len(wells.validation_wells(1, 500)) == 13 and wells.EDGE == 3
