"""Gains, filters and picks, by hand and by limits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.data.spectrograms import RATE_HZ, SAMPLES, Mixtures, magnitudes, waveforms_of
from quakebook.uvcgan_s.studies import picks
from quakebook.uvcgan_s.studies import spectrograms as study


@pytest.fixture
def mixtures():
    g = torch.Generator().manual_seed(0)
    time = torch.arange(SAMPLES) / RATE_HZ
    burst = torch.where(time > 8, torch.exp(-(time - 8) / 2), torch.zeros(()))
    signal = 3 * burst * torch.sin(2 * torch.pi * 6.25 * time)
    noise = torch.randn(4, SAMPLES, generator=g)
    return Mixtures(noise, signal.expand(4, -1).clone(), np.full(4, 8.0), np.full(4, np.nan))


def test_gain_by_hand():
    """Noise halved is 6.02 dB won; the mixture itself wins nothing."""
    noise, signal = torch.randn(2, 50), torch.randn(2, 50)
    mixed = Mixtures(noise, signal, np.zeros(2), np.zeros(2))
    half = study.gains_db(mixed, signal + noise / 2)
    torch.testing.assert_close(half, torch.full((2,), 6.0206), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(study.gains_db(mixed, mixed.mixture), torch.zeros(2), rtol=0, atol=1e-5)


def test_true_magnitudes_win_more_than_any_filter(mixtures):
    rows = study.baselines(mixtures)
    assert rows["true magnitudes"]["gain_db"] > max(rows[name]["gain_db"] for name in (
        "median subtraction", "spectral subtraction", "band-pass")) > 0
    perfect = study.score(mixtures, lambda x: (magnitudes(mixtures.noise), magnitudes(mixtures.signal)))
    assert perfect["error"] == 0 and perfect["gain_db"] == pytest.approx(rows["true magnitudes"]["gain_db"])


def test_band_pass_keeps_its_band_and_removes_the_rest():
    time = torch.arange(SAMPLES) / RATE_HZ
    waves = torch.stack([torch.sin(2 * torch.pi * f * time) for f in (6.0, 22.0)])
    kept = study.band_pass(waves)[:, 200:-200].square().mean(1)
    assert float(kept[0]) == pytest.approx(0.5, rel=0.05) and float(kept[1]) < 0.01


def test_magnitudes_of_parts_exceed_those_of_the_sum(mixtures):
    plain = magnitudes(mixtures.noise) + magnitudes(mixtures.signal)
    assert float((plain - magnitudes(mixtures.mixture)).min()) > -1e-4  # the triangle inequality
    gap = study.sum_gap(mixtures)
    assert gap["share_above"] > 0.5 and gap["gap"] > 0


def test_picks_against_onsets():
    score = picks.score(np.array([1.0, 2.1, np.nan, 9.0, 5.0]), np.array([1.1, 2.0, 3.0, 4.0, np.nan]))
    assert (score.found, score.false) == (0.5, 0.25)
    assert score.median_error_s == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(ValueError, match="no waveform has a true onset"):
        picks.score(np.array([1.0]), np.array([np.nan]))


def test_the_trigger_finds_a_burst_and_a_picker_can_be_handed_in(mixtures):
    rows = picks.compare({"signal": mixtures.signal + 0.01 * mixtures.noise}, mixtures.p_s, picks.sta_lta, RATE_HZ)
    assert rows["signal"].found == 1.0
    own = picks.compare({"x": mixtures.mixture}, mixtures.p_s, lambda waves, rate: np.full(len(waves), 8.2), RATE_HZ)
    assert own["x"].median_error_s == pytest.approx(0.2)
    assert np.isnan(picks.sta_lta(np.zeros((1, SAMPLES)) + 1e-9, RATE_HZ)).all()


def test_unknown_methods_are_refused_and_settings_are_those_of_the_task():
    assert study.settings("full").objective.norm_critic and not study.settings("paired").objective.norm_critic
    with pytest.raises(ValueError, match="known: full, identity"):
        study.settings("best")
    assert waveforms_of(torch.zeros(1, 1, 32, 32), torch.randn(1, SAMPLES)).abs().max() < 1e-6


def test_ratio_of_powers_in_decibels():
    """Errors of a tenth: 20 dB; an exact estimate of power 50: the least error is 1e-20, 216.99 dB."""
    signal = torch.ones(1, 50)
    assert float(study.snr_db(signal, 1.1 * signal)) == pytest.approx(20, abs=1e-4)
    assert float(study.snr_db(signal, 0 * signal)) == 0
    assert float(study.snr_db(signal, signal)) == pytest.approx(216.9897, abs=1e-3)
