"""Closed forms against direct integration along the ray."""

import numpy as np
import pytest
from scipy.integrate import quad

from quakebook.data.synthetic import traveltimes as tt


def slowness(z):
    return 1 / (tt.V0_KM_S + tt.K_PER_S * z)


def up_going(x, z):
    """Time and distance by quadrature for the ray parameter that the closed form gives."""
    _, _, p = tt.ray_angles(np.array([x]), np.array([z]))
    p = float(p[0])
    time = quad(lambda h: slowness(h) ** 2 / np.sqrt(slowness(h) ** 2 - p**2), 0, z, epsabs=1e-13)[0]
    distance = quad(lambda h: p / np.sqrt(slowness(h) ** 2 - p**2), 0, z, epsabs=1e-13)[0]
    return time, distance


@pytest.mark.parametrize(("x", "z"), [(1.0, 8.0), (5.0, 8.0), (12.0, 20.0), (3.0, 2.0)])
def test_up_going_rays_match_direct_integration(x, z):
    time, distance = up_going(x, z)
    assert distance == pytest.approx(x, rel=1e-7)
    assert float(tt.direct_p_s(x, z)) == pytest.approx(time, rel=1e-7)


@pytest.mark.parametrize(("x", "z"), [(60.0, 8.0), (100.0, 8.0), (140.0, 15.0)])
def test_turning_rays_match_direct_integration(x, z):
    take_off, _, p = tt.ray_angles(np.array([x]), np.array([z]))
    p = float(p[0])
    assert take_off[0] < np.pi / 2
    bottom = (1 / p - tt.V0_KM_S) / tt.K_PER_S

    def leg(depth, power):  # substitution h = bottom - s^2 removes the singularity at the turning point
        def integrand(s):
            u = slowness(bottom - s**2)
            return 2 * s * (u**2 if power else p) / np.sqrt(max(u**2 - p**2, 1e-18))
        return quad(integrand, 1e-6, np.sqrt(bottom - depth), limit=200)[0]

    assert leg(0, 0) + leg(z, 0) == pytest.approx(x, rel=5e-4)
    assert float(tt.direct_p_s(x, z)) == pytest.approx(leg(0, 1) + leg(z, 1), rel=5e-4)


def test_head_wave_matches_direct_integration():
    p = 1 / tt.MANTLE_KM_S
    tau = [quad(lambda h: np.sqrt(slowness(h) ** 2 - p**2), top, tt.MOHO_KM, epsabs=1e-13)[0] for top in (0, 8)]
    assert float(tt.head_wave_p_s(130.0, 8.0)) == pytest.approx(130 * p + sum(tau), rel=1e-10)


def test_tabulated_values():
    assert float(tt.direct_p_s(100.0, 8.0)) == pytest.approx(17.52, abs=0.01)
    x = np.arange(91, 150, 0.25)
    crossover = x[tt.head_wave_first(x, np.full_like(x, 8.0))][0]
    assert crossover == pytest.approx(120, abs=2)
    assert not tt.head_wave_first(np.array([80.0]), np.array([30.0])).any()


def test_vertical_ray_is_finite():
    take_off, incidence, _ = tt.ray_angles(np.array([0.0]), np.array([10.0]))
    assert np.isfinite(tt.direct_p_s(0.0, 10.0)) and take_off[0] == pytest.approx(np.pi, abs=1e-3)
    assert incidence[0] == pytest.approx(0, abs=1e-3)
