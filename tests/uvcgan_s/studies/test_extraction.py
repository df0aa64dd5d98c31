"""Extraction by all methods on one set of mixtures, and the spread of a mean over earthquakes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.data.spectrograms import SAMPLES, Mixtures, magnitudes
from quakebook.uvcgan_s.studies import extraction


def mixtures():
    g = torch.Generator().manual_seed(3)
    noise, signal = torch.randn(2, 3, SAMPLES, generator=g)
    signal[:, :400] = 0
    return Mixtures(noise, 2 * signal, np.full(3, 8.0), np.full(3, np.nan))


def test_methods_stand_in_their_order_and_the_truth_is_the_limit():
    made = mixtures()
    waves = extraction.extract(made, {"full": lambda m: (m, magnitudes(made.signal)), "identity": lambda m: (0 * m, m)})
    assert list(waves) == [key for key in extraction.TITLES if key not in ("regression", "paired")]
    gains = extraction.gains_db(made, waves)
    assert "mixture" not in gains and "signal" not in gains
    np.testing.assert_allclose(gains["full"], gains["true_magnitudes"])
    np.testing.assert_allclose(gains["identity"], 0, atol=0.5)  # the mixture's own magnitude, less the frequency zero
    assert (gains["true_magnitudes"] > gains["spectral_subtraction"]).all()


def test_spread_over_groups_by_hand():
    """Two earthquakes with means 0 and 1: a drawn mean is 0, 1/2 or 1 with 1/4, 1/2, 1/4: sd sqrt(1/8)."""
    values, groups = np.repeat([0.0, 1.0], 50), np.repeat([7, 9], 50)
    mean, spread = extraction.mean_with_spread(values, groups)
    assert mean == 0.5 and spread == pytest.approx(1.96 * 0.125**0.5, rel=0.05)
    alone, narrow = extraction.mean_with_spread(values, np.arange(100))
    assert alone == 0.5 and narrow == pytest.approx(1.96 * 0.5 / 10, rel=0.05)


def test_spread_is_that_of_two_thousand_drawn_means():
    """With the drawn rows of the same generator: 1.96 standard deviations of the means, a group as heavy as it is."""
    values, groups = np.array([1.0, 2.0, 4.0, 8.0, 16.0]), np.array([3, 3, 5, 5, 5])
    rows = np.random.default_rng(0).integers(2, size=(2000, 2))
    means = np.array([3.0, 28.0])[rows].sum(1) / np.array([2, 3])[rows].sum(1)
    assert extraction.mean_with_spread(values, groups) == pytest.approx((6.2, 1.96 * means.std()), rel=1e-12)


def test_a_steady_tone_is_noise_to_both_subtractions():
    """Its magnitudes are the same before and after P but for the ends, so both leave less than a third of it."""
    wave = 3 * torch.sin(2 * torch.pi * 6.25 * torch.arange(SAMPLES) / 50)[None]
    made = Mixtures(wave, 0 * wave, np.array([8.0]), np.array([np.nan]))
    waves = extraction.extract(made, {})
    inner = slice(64, -64)
    assert float(waves["mixture"][:, inner].abs().max()) > 2.9
    for key in ("spectral_subtraction", "median_subtraction", "true_magnitudes"):
        assert float(waves[key][:, inner].abs().max()) < 1.0, key
