"""Mixtures from records whose parts are known, made by hand and from the real sample where it is present."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data import load_records, real_sample_path
from quakebook.data.errors import DataError
from quakebook.data.records import Records
from quakebook.uvcgan_s.data import real_mixtures
from quakebook.uvcgan_s.data import spectrograms as task
from quakebook.uvcgan_s.studies import spectrograms as study


def records(amplitudes, p=3000, samples=6000, stations=None):
    """Noise of unit variance, and from P on an 8 Hz burst of each amplitude."""
    g = torch.Generator().manual_seed(0)
    waves = torch.randn(len(amplitudes), 3, samples, generator=g)
    time = torch.arange(samples - p) / 100
    burst = torch.sin(2 * torch.pi * 8 * time) * torch.exp(-time / 4)
    waves[:, 0, p:] += torch.tensor(amplitudes)[:, None] * burst
    names = stations or [f"S{k}" for k in range(len(amplitudes))]
    metadata = pd.DataFrame({"trace_p_arrival_sample": p, "trace_s_arrival_sample": p + 200,
                             "station_network_code": "XX", "station_code": names})
    return Records(waves, metadata, 100.0, "by hand", "x")


def test_ratio_by_hand():
    """Standard deviations 10 and 1: 20 dB; too little before P: NaN."""
    wave = np.tile([1.0, -1.0], 500)
    wave[500:] *= 10
    ratio = real_mixtures.snr_db(np.stack([wave, wave, 0 * wave]), np.array([500.0, 100.0, 500.0]))
    assert ratio[0] == pytest.approx(20.0) and np.isnan(ratio[1:]).all()


def test_only_strong_records_give_signals_and_noise_is_another_stations():
    made = real_mixtures.make(records([300.0, 0.5, 200.0, 0.0], stations=["A", "B", "A", "C"]), 12)
    assert set(made.earthquake) == {0, 2} and made.earthquakes == 2
    assert np.bincount(made.earthquake)[[0, 2]].tolist() == [6, 6]
    assert set(made.noise) <= {1, 3}
    mixed = made.mixtures
    assert mixed.mixture.shape == (12, task.SAMPLES)
    torch.testing.assert_close(mixed.noise.square().mean(1), torch.ones(12))
    ratio = 10 * torch.log10(mixed.signal.square().mean(1))
    assert float(ratio.min()) >= task.SNR_DB[0] and float(ratio.max()) <= task.SNR_DB[1]
    assert ((mixed.p_s > 3.9) & (mixed.p_s < 9.1)).all() and mixed.s_s == pytest.approx(mixed.p_s + 2.0)


def test_no_noise_window_holds_the_earthquake_of_its_record():
    """With noise of variance 1 and a burst of 300, a window that reached P would be scaled far down before P."""
    made = real_mixtures.make(records([300.0, 250.0, 200.0]), 9)
    assert float(made.mixtures.noise.abs().max()) < 8


def test_draws_depend_on_the_seed_only():
    one, again, other = (real_mixtures.make(records([300.0, 0.0, 200.0]), 4, seed) for seed in (1, 1, 2))
    assert torch.equal(one.mixtures.mixture, again.mixtures.mixture)
    assert not torch.equal(one.mixtures.mixture, other.mixtures.mixture)


def test_records_without_strong_earthquakes_or_noise_are_refused():
    with pytest.raises(DataError, match="0 vertical records reach 25 dB and 2 hold 19.84 s of noise"):
        real_mixtures.make(records([0.5, 0.5]), 4)
    with pytest.raises(DataError, match="and 0 hold"):
        real_mixtures.make(records([300.0, 300.0], p=1000), 4)


@pytest.mark.skipif(real_sample_path() is None, reason="the Northern California sample is not on this machine")
def test_the_real_sample_gives_mixtures_that_true_magnitudes_separate():
    made = real_mixtures.make(load_records(str(real_sample_path())), 40)
    assert made.earthquakes >= 30 and (made.earthquake != made.noise).all()
    rows = study.baselines(made.mixtures)
    assert rows["true magnitudes"]["gain_db"] > rows["spectral subtraction"]["gain_db"] > 0
