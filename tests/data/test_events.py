"""Sources of the synthetic catalogue: moments and corners by hand, laws of magnitude and depth by their limits."""

import numpy as np
import pytest
from scipy import stats

from quakebook.data.synthetic import events
from quakebook.data.synthetic.presets import get


def test_moments_of_hanks_and_kanamori():
    """Mw = 2/3 (log10 M0 - 9.1): Mw 6 is 1.2589e18 N m."""
    assert events.moment_nm(np.array([0.0, 6.0])) == pytest.approx([1.2589e9, 1.2589e18], rel=1e-4)


def test_corner_of_a_magnitude_3():
    """3 MPa, 3500 m/s, 3.98e13 N m: 0.49 3500 (7.536e-8)^(1/3) = 7.24 Hz.

    Two units of magnitude are a tenth of it, eight times the stress is the double.
    """
    corner = events.s_corner_hz(np.array([3.0, 5.0, 3.0]), np.array([3e6, 3e6, 24e6]), 3500.0)
    assert corner == pytest.approx([7.244, 0.7244, 14.488], rel=1e-3)


def test_reach_grows_with_magnitude_up_to_a_cap():
    reach = events.reach_km(np.array([0.0, 1.0, 2.0, 5.0]), get("default"))
    assert reach == pytest.approx([5.623, 14.79, 38.90, 150.0], rel=1e-3)


def test_stations_within_reach():
    """60 stations on 200 km x 200 km: 0.0015 per km2; within 14.79 km 1.031 of them, and one that is always there."""
    assert events.expected_stations(np.array([1.0, 4.0]), get("default")) == pytest.approx([2.031, 8.0], rel=1e-3)


def test_gutenberg_and_richter():
    preset = get("near", b_value=1.0, magnitude_min=1.0, magnitude_max=4.0)
    drawn = events.magnitudes(np.random.default_rng(0), 100_000, preset)
    assert drawn.min() >= 1 and drawn.max() <= 4
    share = [(drawn > m).mean() for m in (2.0, 3.0)]
    assert share == pytest.approx([(0.1 - 0.001) / 0.999, (0.01 - 0.001) / 0.999], rel=0.05)


def test_stratified_records_are_uniform_in_magnitude():
    """Events weighed by the stations that record them fill all magnitudes alike."""
    preset = get("default")
    drawn = events.magnitudes(np.random.default_rng(0), 200_000, preset)
    records, _ = np.histogram(drawn, 9, (0.5, 5.0), weights=events.expected_stations(drawn, preset))
    assert records / records.mean() == pytest.approx(np.ones(9), abs=0.03)


@pytest.mark.parametrize("name", ["default", "continuous"])
def test_mean_number_of_records_of_an_event(name):
    preset = get(name)
    drawn = events.magnitudes(np.random.default_rng(1), 200_000, preset)
    assert events.stations_per_event(preset) == pytest.approx(events.expected_stations(drawn, preset).mean(), rel=0.01)


def test_sources_have_the_laws_they_are_said_to_have():
    n = 100_000
    table = events.draw(np.random.default_rng(0), n, get("default"))
    stress = np.log10(table["stress_mpa"])
    assert np.median(stress) == pytest.approx(np.log10(3), abs=0.01) and stress.std() == pytest.approx(0.35, abs=0.01)
    assert (table["vp_vs"].mean(), table["vp_vs"].std()) == pytest.approx((1.73, 0.02), abs=5e-4)
    ratio = table["corner_p_hz"] / table["corner_s_hz"]
    assert ratio.mean() == pytest.approx(1.35, abs=0.005) and ratio.min() >= 1.05 and ratio.max() <= 1.7 + 1e-12
    gamma = np.clip(stats.gamma(3, scale=3).rvs(n, random_state=1), 1, 25)
    assert table["depth_km"].mean() == pytest.approx(gamma.mean(), abs=0.06)
    assert table["depth_km"].min() == 1 and table["depth_km"].max() == 25
    assert np.cos(table["dip_rad"]).mean() == pytest.approx(0.5, abs=0.005)
    assert 1.57 < table["dip_rad"].max() < 1.5708
    assert table["rake_rad"].min() < -3.1 and table["rake_rad"].max() > 3.1 and 6.2 < table["strike_rad"].max() < 6.2832


def test_velocity_at_the_source():
    """v(10 km) = 5.5 + 0.35 km/s."""
    table = events.with_corners({"depth_km": np.array([10.0]), "vp_vs": np.array([1.8]), "magnitude": np.array([3.0]),
                                 "stress_mpa": np.array([3.0]), "corner_ratio": np.array([1.5])})
    assert table["beta_m_s"] == pytest.approx([3250.0])
    assert table["corner_s_hz"] == pytest.approx([7.244 * 3250 / 3500], rel=1e-3)
    assert table["corner_p_hz"] == pytest.approx(1.5 * table["corner_s_hz"])


def test_origin_times_fill_the_years():
    times = events.origin_times(np.random.default_rng(0), 50_000, get("default", years=("2020-01-01", "2021-01-01")))
    assert np.datetime64("2020-01-01") <= times.min() < np.datetime64("2020-01-02")
    assert np.datetime64("2020-12-31") <= times.max() < np.datetime64("2021-01-01")
