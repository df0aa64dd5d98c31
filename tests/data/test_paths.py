"""Spreading, levels, attenuation and scattering of single paths, against the formulas worked by hand."""

import numpy as np
import pytest

from quakebook.data.synthetic import paths, presets, stations

N = 4


class Still:
    """A generator without scatter: every normal is its mean, every uniform the middle."""

    def normal(self, mean, std, n):
        return np.full(n, mean, float)

    def uniform(self, low, high, n):
        return np.full(n, (low + high) / 2)


@pytest.fixture(scope="module")
def network():
    return stations.draw(presets.get("picker"))


def _row(hyp_km, magnitude=2.0):
    hyp = np.asarray(hyp_km, float)
    full = np.ones(len(hyp))
    return {"hyp_km": hyp, "magnitude": magnitude * full, "beta_m_s": 3500.0 * full, "vp_vs": 1.73 * full,
            "travel_p_s": 10.0 * full, "travel_s_s": 18.0 * full, "depth_km": 8.0 * full, "distance_km": hyp}


def _level(network, hyp_km):
    station = np.zeros(len(hyp_km), int)
    return paths._amplitudes(Still(), _row(hyp_km), network, station)


def test_spreading_is_1_over_r_to_60_km_and_1_over_root_r_beyond(network):
    level = _level(network, [10.0, 20.0, 60.0, 240.0])["level_s"]
    assert level[0] / level[1] == pytest.approx(2.0)
    assert level[1] / level[2] == pytest.approx(3.0)
    assert level[2] / level[3] == pytest.approx(2.0)  # 4 times as far, half as large
    beyond = _level(network, [60.0, 60.001])["level_s"]
    assert beyond[1] / beyond[0] == pytest.approx(1.0, abs=1e-4)


def test_low_frequency_level_of_a_magnitude(network):
    """2 site M0 / (4 pi rho beta^3 R): M 2 is 10^12.1 N m; at 10 km with 2700 kg/m3 and 3500 m/s."""
    level = _level(network, [10.0])
    expected = 2 * network.site_factor[0] * 10**12.1 / (4 * np.pi * 2700 * 3500**3 * 10_000)
    assert level["level_s"][0] == pytest.approx(expected)
    assert level["level_s"][0] / level["level_p"][0] == pytest.approx(1.73**3)


def test_attenuation_by_travel_time(network):
    out = _level(network, [10.0])
    assert out["t_over_q_s"][0] == pytest.approx(18 / 150) and out["t_over_q_p"][0] == pytest.approx(10 / 225)
    assert out["kappa_s"][0] == network.kappa_s[0]


def test_peak_delay_grows_with_distance_to_the_power_0_7(network):
    preset = presets.get("picker")
    delays = paths._scattering(Still(), _row([20.0, 40.0]), preset)["peak_delay_s"]
    kind = presets.EMERGENCE[preset.emergence]
    assert delays[0] == pytest.approx(kind.peak_delay_s) and delays[1] / delays[0] == pytest.approx(2**0.7)


def test_surface_waves_need_a_shallow_source_and_15_km():
    row = _row([20.0, 20.0, 10.0, 1000.0]) | {"depth_km": np.array([8.0, 9.0, 8.0, 8.0])}
    amplitude = paths._scattering(Still(), row, presets.get("picker"))["surface_amplitude"]
    assert amplitude == pytest.approx([0.35 * 2**0.5, 0, 0, 0.35 * 3])


def test_p_coda_lasts_half_of_s_minus_p_within_its_bounds():
    row = _row([20.0] * 3) | {"travel_s_s": np.array([18.0, 10.2, 110.0])}
    assert paths._scattering(Still(), row, presets.get("picker"))["tau_p_s"] == pytest.approx([4.0, 0.3, 12.0])


def test_static_delays_and_s_shift(network):
    """Without scatter S takes Vp/Vs times the direct P, and 1.73 times the station's delay."""
    row = _row([20.0]) | {"distance_km": np.array([18.0])}
    out = paths._times(Still(), row, np.array([0.1]))
    direct = 1.73 * (out["travel_p_s"][0] - 0.1) + 1.73 * 0.1
    assert out["travel_s_s"][0] == pytest.approx(direct) and not out["head_wave"][0]


def test_s_never_comes_closer_than_half_of_its_delay():
    row = _row([20.0]) | {"distance_km": np.array([18.0])}
    out = paths._times(Still(), row, np.array([-50.0]))
    undisturbed = 0.73 * (out["travel_p_s"][0] + 50)
    assert out["travel_s_s"][0] - out["travel_p_s"][0] == pytest.approx(0.5 * undisturbed)


def test_scatter_of_travel_times():
    rng, many = np.random.default_rng(0), 40_000
    row = {key: np.full(many, value[0]) for key, value in (_row([20.0]) | {"distance_km": np.array([18.0])}).items()}
    out = paths._times(rng, row, np.zeros(many))
    assert out["travel_p_s"].std() == pytest.approx(0.08, rel=0.02)
    assert (out["travel_s_s"] - 1.73 * out["travel_p_s"]).std() == pytest.approx(0.12, rel=0.02)


def test_epicentres_are_uniform_in_a_disc(network):
    reach = np.full(40_000, 30.0)
    x, y, anchor = paths.epicentres(np.random.default_rng(0), reach, network)
    r = np.hypot(x - network.x_km[anchor], y - network.y_km[anchor])
    assert r.max() <= 30 and np.mean(r < 30 / 2**0.5) == pytest.approx(0.5, abs=0.01)
