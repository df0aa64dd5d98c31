import numpy as np
import pytest

from quakebook.data.calorimeter import make, tower_eta, tower_phi
from quakebook.uvcgan_s.scoring.cone import cone_energies, cone_scores, cone_summary, leading_axes, tower_errors
from quakebook.uvcgan_s.scoring.jets import find_jets


def test_cone_of_even_towers_holds_its_area():
    axes = np.array([[0.0, 0.02], [np.nan, np.nan]])
    energy = cone_energies(np.ones((2, 24, 64)), axes)
    assert energy[0] == pytest.approx(np.pi * 0.4**2 / 0.009, rel=0.06) and np.isnan(energy[1])


def test_axes_of_cones_that_leave_the_calorimeter_are_left_out():
    images = np.zeros((2, 24, 64))
    images[0, 12, 3], images[1, 1, 3] = 20, 20
    axes = leading_axes(find_jets(images, 0.4, engine="own"))
    assert axes[0] == pytest.approx([tower_eta()[12], tower_phi()[3]]) and np.isnan(axes[1]).all()


def test_limits_of_the_cone_score():
    signal = make("signal", "val", 80).numpy()
    jets = find_jets(signal, 0.4)
    perfect = cone_scores(signal, signal, jets)
    assert perfect["jes"] == pytest.approx(1) and perfect["jer_cal_gev"] == pytest.approx(0, abs=1e-4)
    half = cone_scores(0.5 * signal, signal, jets)
    assert half["jes"] == pytest.approx(0.5) and half["jer_cal_gev"] == pytest.approx(0, abs=1e-4)
    assert half["slope"] == pytest.approx(0.5) and half["bias_gev"] < -10
    shifted = cone_summary(np.array([15.0, 25.0, 35.0]), np.array([10.0, 20.0, 30.0]))
    assert shifted["slope"] == pytest.approx(1) and shifted["jes"] == pytest.approx((1.5 + 1.25 + 35 / 30) / 3)
    assert shifted["bias_gev"] == pytest.approx(5) and shifted["cones"] == 3
    noisy = np.array([11.0, 19.0, 33.0, 38.0])
    true = np.array([10.0, 20.0, 30.0, 40.0])
    assert cone_summary(noisy / 2, true)["jer_cal_gev"] == pytest.approx(cone_summary(noisy, true)["jer_cal_gev"])
    nothing = cone_scores(0 * signal, signal, jets)
    assert nothing["jes"] == pytest.approx(0, abs=1e-9) and nothing["jer_cal_gev"] == np.inf
    assert np.isnan(cone_scores(signal[:1], signal[:1], jets[:1])["jes"])


def test_tower_errors_by_hand():
    zero, one = np.zeros((1, 24, 64)), np.ones((1, 24, 64))
    assert tower_errors(one, zero, 2 * one, one - 1) == {"l1_sig": 1.0, "l1_bkg": 2.0}
