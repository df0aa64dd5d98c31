import numpy as np
import pytest

from quakebook.data.synthetic import radiation


@pytest.fixture(scope="module")
def sphere():
    rng = np.random.default_rng(0)
    n = 200_000
    take_off, azimuth = np.arccos(rng.uniform(-1, 1, n)), rng.uniform(0, 2 * np.pi, n)
    return radiation.coefficients(np.full(n, 0.7), np.full(n, 1.1), np.full(n, -0.4), azimuth, take_off)


def test_rms_over_the_focal_sphere(sphere):
    p, sv, sh = sphere
    assert np.sqrt(np.mean(p**2)) == pytest.approx(np.sqrt(4 / 15), abs=0.004)
    assert np.sqrt(np.mean(sv**2 + sh**2)) == pytest.approx(np.sqrt(2 / 5), abs=0.004)


def test_nodes_are_filled(sphere):
    assert np.abs(radiation.fill_nodes(sphere[0], 0.15)).min() >= 0.15
    assert radiation.fill_nodes(np.array([-1.0]), 0.15)[0] < -1


def test_vertical_strike_slip_has_no_p_on_its_planes():
    p, _, sh = radiation.coefficients(*(np.array([v]) for v in (0.0, np.pi / 2, 0.0, np.pi / 2, np.pi / 2)))
    assert abs(p[0]) < 1e-12 and abs(sh[0]) == pytest.approx(1)


def test_p_shakes_away_from_the_source():
    p, s = radiation.polarisation(np.ones(1), np.zeros(1), np.ones(1), np.array([0.5]), np.array([np.pi / 2]))
    assert p[0] == pytest.approx([np.cos(0.5), 0, np.sin(0.5)])  # towards the east, where the station lies
    assert s[0] == pytest.approx([0, -1, 0])  # SH across
