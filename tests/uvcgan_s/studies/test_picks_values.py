"""The classic trigger and the filters of the spectrogram study, by hand."""

import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.studies import picks
from quakebook.uvcgan_s.studies import spectrograms as study


def test_the_trigger_picks_where_half_the_largest_ratio_is_passed():
    """Power 1, then 100 from sample 500 on: 0.5 s over 3 s is n 100 / 25 of the short one over the long one's rise.

    After n loud samples the ratio is (25 + 99 n) / 25 over (150 + 99 n) / 150; the largest (n = 25) is 100 / 17.5,
    its half is passed first with n = 7.
    """
    wave = np.r_[np.ones(500), np.full(500, 10.0)][None] * np.tile([1.0, -1.0], 500)
    ratio = [(25 + 99 * n) / 25 / ((150 + 99 * n) / 150) for n in range(26)]
    first = next(n for n, value in enumerate(ratio) if value > max(ratio) / 2)
    assert picks.sta_lta(wave, 50.0)[0] == pytest.approx((500 + first - 1) / 50)
    assert np.isnan(picks.sta_lta(wave, 50.0, threshold=max(ratio) + 0.1))[0]
    assert np.isfinite(picks.sta_lta(wave, 50.0, threshold=max(ratio) - 0.1))[0]


def test_median_subtraction_leaves_what_lies_above():
    magnitude = torch.tensor([[[[1.0, 5.0, 2.0], [7.0, 7.0, 1.0]]]])
    noise, signal = study.median_subtraction(magnitude)
    assert noise[0, 0].tolist() == [[2, 2, 2], [7, 7, 7]] and signal[0, 0].tolist() == [[0, 3, 0], [0, 0, 0]]


def test_spectral_subtraction_knows_the_noise_before_p():
    """Frames stand every 0.64 s; those that end before P (half a window of 0.64 s earlier) are noise.

    P at 2 s: the edge is 1.36 s, so frames at 0, 0.64 and 1.28 s count; their mean power is (1 + 4 + 4) / 3 = 3.
    """
    magnitude = torch.tensor([[[[1.0, 2.0, 2.0, 9.0, 4.0, 1.0]]]])
    noise, signal = study.spectral_subtraction(magnitude, np.array([2.0]))
    assert noise[0, 0, 0].tolist() == pytest.approx([3**0.5] * 6)
    assert signal[0, 0, 0].tolist() == pytest.approx([0, 1, 1, 78**0.5, 13**0.5, 0])
    early, rest = study.spectral_subtraction(magnitude, np.array([0.1]))
    assert early.abs().max() == 0 and torch.equal(rest, magnitude), "nothing stands before P: nothing is taken away"


def test_settings_of_the_methods():
    full, paired = study.settings("full", 2), study.settings("paired")
    assert full.training.seed == 2 and full.objective.warm_steps == 600 and full.training.steps == 1600
    assert paired.objective.warm_steps == 0 and paired.training.validate_every == 200
    assert (full.data.records, full.data.dev_records, full.objective.norm) == (800, 100, "log")


def test_gaps_of_sums_by_hand(monkeypatch):
    """|3 - 4| = 1, |5 - 4| = 1, |4 - 4| = 0, |4 - 4| = 0: mean 1/2; the sum 2 + 2 exceeds in one of four places."""
    from quakebook.uvcgan_s.data import spectrograms as task

    monkeypatch.setattr(task, "magnitudes", lambda wave: wave)
    parts = torch.full((1, 4), 2.0)
    made = type("M", (), {"noise": parts, "signal": parts, "mixture": torch.tensor([[3.0, 5.0, 4.0, 4.0]])})
    assert study.sum_gap(made) == {"gap": 0.5, "share_above": 0.25}


def test_without_a_near_pick_no_error_is_told():
    score = picks.score(np.array([9.0, np.nan]), np.array([1.0, 2.0]))
    assert (score.found, score.false) == (0.0, 0.5) and np.isnan([score.median_error_s, score.spread_s]).all()


def test_a_single_frame_before_p_is_all_the_noise_there_is():
    """P at 0.9 s: half a window earlier, at 0.26 s, only the frame at 0 s has ended; its power 4 is taken away."""
    magnitude = torch.tensor([[[[2.0, 3.0, 1.0]]]])
    noise, signal = study.spectral_subtraction(magnitude, np.array([0.9]))
    assert noise[0, 0, 0].tolist() == [2, 2, 2] and signal[0, 0, 0].tolist() == pytest.approx([0, 5**0.5, 0])


def test_gains_of_baselines_are_means_and_medians_over_mixtures():
    """Of five mixtures whose noise grows: the same numbers as those of the waveforms that are extracted."""
    from quakebook.uvcgan_s.data.spectrograms import SAMPLES, Mixtures
    from quakebook.uvcgan_s.studies import extraction

    g = torch.Generator().manual_seed(2)
    noise, signal = torch.randn(2, 5, SAMPLES, generator=g)
    noise *= torch.tensor([0.2, 0.5, 1.0, 3.0, 9.0])[:, None]
    signal[:, :400] = 0
    made = Mixtures(noise, signal, np.full(5, 8.0), np.full(5, np.nan))
    rows = study.baselines(made)
    gains = extraction.gains_db(made, extraction.extract(made, {}))
    for name, row in rows.items():
        values = gains[name.replace(" ", "_").replace("-", "_")]
        assert (row["gain_db"], row["gain_median_db"]) == pytest.approx((values.mean(), np.median(values)), rel=1e-4)
        assert abs(values.mean() - np.median(values)) > 1e-3
