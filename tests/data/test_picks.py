import numpy as np
import pytest

from quakebook.data.synthetic import picks
from quakebook.data.synthetic.presets import get

N = 40_000


def drawn(preset, delay_s=0.1, snr_s=15.0, snr_p=20.0, **options):
    p, s = np.full(N, 5.0), np.full(N, 10.0)
    return picks.draw(np.random.default_rng(0), p, s, np.full(N, snr_p), np.full(N, snr_s), np.full(N, delay_s),
                      get(preset, **options))


def test_first_law_at_an_example():
    """At R = 30 km (peak delay 0.16 s) and 15 dB sigma_S is about 0.11 s, four times sigma_P at 25 dB."""
    out = drawn("default", delay_s=0.12 * 1.5**0.7, s_ambiguous=0.0, snr_p=25.0)
    assert out["s_sigma_s"][0] == pytest.approx(0.11, abs=0.01)
    assert out["s_sigma_s"][0] / out["p_sigma_s"][0] == pytest.approx(4, abs=1)
    error = out["s_pick_s"] - 10
    assert np.nanmedian(error) == pytest.approx(0.15 * 0.12 * 1.5**0.7, abs=0.003)
    assert np.isnan(out["s_pick_s"]).mean() == pytest.approx(0.15, abs=0.01)
    assert np.isnan(out["p_pick_s"]).mean() == pytest.approx(0.02, abs=0.005)


def test_second_law_is_late_and_bounded():
    u = picks.skew_normal(np.random.default_rng(1), N)
    assert u.mean() == pytest.approx(0.77, abs=0.01)
    out = drawn("picker", s_ambiguous=0.0)
    sigma = 0.02 + 0.1 * 0.1 + 0.05 * 10 ** (-15 / 20)
    assert out["s_sigma_s"][0] == pytest.approx(sigma)
    assert np.nanmean(out["s_pick_s"] - 10) == pytest.approx(0.77 * sigma, rel=0.03)
    assert np.nanmax(np.abs(drawn("picker", delay_s=5.0, s_ambiguous=0.0)["s_pick_s"] - 10)) <= 0.6 + 1e-9
    assert np.isnan(out["s_pick_s"]).mean() == pytest.approx(0.08, abs=0.01)
    assert np.isnan(drawn("picker", snr_s=2.0)["s_pick_s"]).mean() == pytest.approx(0.38, abs=0.01)


def test_strong_variant_doubles_the_delay_term():
    weak, strong = drawn("picker")["s_sigma_s"][0], drawn("picker_strong")["s_sigma_s"][0]
    assert strong - weak == pytest.approx(0.1 * 0.1)


def test_ambiguous_picks_lie_before_or_after():
    out = drawn("picker", s_ambiguous=1.0)
    error = out["s_pick_s"][np.isfinite(out["s_pick_s"])] - 10
    early, late = error[error < 0], error[error > 0]
    assert len(early) == pytest.approx(len(late), rel=0.1)
    assert early.min() >= -0.25 * 5 and early.max() <= -0.05 * 5 and late.min() >= 0.1 and late.max() <= 0.3


@pytest.mark.parametrize("preset", ["default", "picker"])
def test_no_jitter_gives_true_onsets(preset):
    out = drawn(preset, s_jitter_scale=0.0)
    assert np.nanmax(np.abs(out["s_pick_s"] - 10)) < 1e-12


def test_exact_law_misses_nothing():
    out = drawn("picker_exact")
    assert np.array_equal(out["s_pick_s"], np.full(N, 10.0)) and np.array_equal(out["p_pick_s"], np.full(N, 5.0))


def test_weights():
    assert picks.weights(np.array([0.01, 0.07, 0.15, 0.3])).tolist() == [0, 1, 2, 3]


def test_p_scatter_falls_with_the_signal_and_is_bounded():
    """0.02 + 0.15 at 0 dB, 0.02 + 0.015 at 20 dB, at most 0.25 s; Student with 4 degrees has a variance of 2."""
    for snr_db, sigma in ((0.0, 0.17), (20.0, 0.035), (-20.0, 0.25)):
        out = drawn("picker", snr_p=snr_db)
        assert out["p_sigma_s"][0] == pytest.approx(sigma)
        error = (out["p_pick_s"] - 5) / sigma
        known = error[np.isfinite(error)]
        assert np.quantile(known, 0.75) == pytest.approx(0.7407, abs=0.02) and abs(np.median(known)) < 0.02


def test_s_scatter_is_bounded_and_scaled():
    assert drawn("default", delay_s=9.0)["s_sigma_s"][0] == pytest.approx(0.6)
    half = drawn("default", delay_s=0.1, snr_s=20.0, s_jitter_scale=0.5)["s_sigma_s"][0]
    assert half == pytest.approx(0.5 * (0.04 + 0.02 + 0.02))
