"""Chosen numbers of the embedded tasks, and the streams of random numbers that recorded results were drawn from."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data.errors import DataError
from quakebook.data.records import Records
from quakebook.uvcgan_s.data import digits, domains, load, real_mixtures, spectrograms
from quakebook.uvcgan_s.data.norms import Identity, Scale, SymLog
from quakebook.uvcgan_s.settings import DataConfig


def test_sizes_of_the_digits_task():
    """Round strokes and straight ones, 16 pixels, two pixels of shift, halves; every fifth image for dev. Chosen."""
    assert digits.FAMILIES == ((0, 6, 8, 9), (1, 4, 7))
    assert (digits.SIDE, digits.SHIFT, digits.BLEND, digits.EVERY) == (16, 2, 0.5, 5)
    assert digits.DEFAULT == {"train": 4000, "dev": 400, "test": 400}


def test_streams_of_digits_by_split_and_seed(monkeypatch):
    """2 seed + 1,000,003 times the place of the split, and the counts that nobody gives."""
    seen = []
    image = torch.zeros(1, 1, 16, 16)
    monkeypatch.setattr(digits, "_draw", lambda images, count, g: seen.append((count, g.initial_seed())) or image)
    for split, count, seed in (("train", 0, 0), ("dev", 0, 0), ("test", 7, 3)):
        digits.make(split, count, seed)
    digits.make("dev", 5)
    assert [seen[k] for k in (0, 4, 8, 12)] == [(4000, 0), (400, 1_000_003), (7, 2_000_012), (5, 1_000_003)]


def test_a_batch_of_a_training_is_the_one_that_was_recorded():
    """Rows of step 4 with seed 7; they must stay, or recorded trainings cannot be made again."""
    numbers = torch.arange(50.0)[:, None, None, None].expand(50, 1, 2, 2)
    made = domains.from_arrays(numbers, numbers, numbers).batch(4, 5, 7, Identity(), torch.device("cpu"))
    assert {name: [int(v) for v in images[:, 0, 0, 0]] for name, images in made.items()} == {
        "a0": [1, 28, 5, 34, 20], "a1": [5, 0, 20, 41, 30], "b": [36, 47, 9, 45, 11]}


def test_fingerprints_have_sixteen_digits():
    made = domains.from_arrays(*torch.rand(3, 2, 1, 4, 4))
    folder = DataConfig(name="synthetic:digits")
    assert {len(each) for each in (made.fingerprint, made.b.fingerprint, load.fingerprint(folder))} == {16}


def test_synthetic_records_behind_the_spectrograms(monkeypatch):
    """Strong earthquakes of at least 25 dB without noise records or bursts; of the quiet ones nine in ten are noise."""
    from quakebook.data import synthetic

    asked = []

    def make(kind, count, stream, **options):
        asked.append((kind, count, options))
        table = pd.DataFrame({"trace_category": ["noise"] * count, "trace_p_arrival_sample": 3000.0,
                              "trace_s_arrival_sample": 3300.0})
        return SimpleNamespace(waveforms=torch.randn(count, 3, 6000), metadata=table, sampling_rate_hz=100.0)

    monkeypatch.setattr(synthetic, "make", make)
    spectrograms.mixtures("train", 3)
    assert asked == [("picker", 3, {"noise_fraction": 0.0, "snr_min_db": 25.0, "cultural_burst": 0.0}),
                     ("picker", 6, {"noise_fraction": 0.9, "cultural_burst": 0.0})]


def test_too_few_noise_records_are_refused(monkeypatch):
    from quakebook.data import synthetic

    table = pd.DataFrame({"trace_category": ["noise"] * 2 + ["earthquake"] * 4})
    monkeypatch.setattr(synthetic, "make", lambda *words, **options: SimpleNamespace(metadata=table))
    with pytest.raises(DataError, match="2 noise records where 3 are needed"):
        spectrograms.mixtures("train", 3)


def test_the_high_pass_is_butterworths_of_order_four():
    """Forward and back |H|^2 = 1 / (1 + (tan(pi / 50) / tan(pi f / 50))^8), after the bilinear transform."""
    t = np.arange(12_000) / 100
    for f in (0.8, 1.25):
        kept = spectrograms.prepared(torch.as_tensor(np.sin(2 * np.pi * f * t))[None])[0, 2000:4000]
        want = 1 / (1 + (np.tan(np.pi / 50) / np.tan(np.pi * f / 50)) ** 8)
        assert np.abs(kept).max() == pytest.approx(want, rel=0.01)


def test_magnitudes_come_from_windows_of_64_samples_every_32():
    """A sine in bin 8 of 64 (6.25 Hz): its amplitude 1 has |X| = (64 / 4) / sqrt(sum of squared Hann weights, 24)."""
    wave = torch.cos(2 * torch.pi * 6.25 * torch.arange(spectrograms.SAMPLES, dtype=torch.float64) / 50)[None]
    magnitude = spectrograms.magnitudes(wave)
    assert magnitude.shape == (1, 1, 32, 32)
    assert magnitude[0, 0, 7, 2:-2].tolist() == pytest.approx([16 / 24**0.5] * 28, rel=1e-6)
    assert float(magnitude[0, 0, 11:, 2:-2].max()) < 1e-9


def test_windows_of_the_ratio_of_real_records():
    """Noise from 4.5 to 0.5 s before P, signal for 2 s after it; what lies outside is a thousand times as loud."""
    wave = np.tile([1000.0, -1000.0], 500)
    p = 500
    wave[p - 225:p - 25] = np.tile([1.0, -1.0], 100)
    wave[p:p + 100] = np.tile([10.0, -10.0], 50)
    assert real_mixtures.snr_db(wave[None], np.array([float(p)]))[0] == pytest.approx(20.0)
    early = real_mixtures.snr_db(np.stack([wave, wave]), np.array([225.0, 224.0]))
    assert np.isfinite(early[0]) and np.isnan(early[1])


@pytest.mark.parametrize(("p", "quiet"), [(2084, True), (2083, False)])
def test_noise_ends_a_second_before_p(p, quiet):
    """992 samples at 50 Hz and one second are 20.84 s."""
    g = torch.Generator().manual_seed(0)
    waves = torch.randn(2, 3, 6000, generator=g)
    waves[0, 0, p:p + 400] += 300 * torch.sin(2 * torch.pi * 8 * torch.arange(400) / 100)
    metadata = pd.DataFrame({"trace_p_arrival_sample": p, "trace_s_arrival_sample": p + 200,
                             "station_network_code": "XX", "station_code": ["A", "B"]})
    records = Records(waves, metadata, 100.0, "by hand", "x")
    if quiet:
        assert set(real_mixtures.make(records, 3).noise) == {1}
    else:
        with pytest.raises(DataError, match="and 0 hold 19.84 s"):
            real_mixtures.make(records, 3)


def test_norms_without_numbers_leave_small_values_alone():
    """Scale 1, threshold 1: x up to 1, and ln x + 1 beyond."""
    x = torch.tensor([0.5, 1.0, 3.0])
    assert torch.equal(Scale().forward(x), x)
    assert SymLog().forward(x).tolist() == pytest.approx([0.5, 1.0, np.log(3) + 1])


def test_noise_is_that_of_the_vertical_component(monkeypatch):
    """Of two records with noise in Z alone, the second is no noise; horizontals are zero."""
    from quakebook.data import synthetic

    waves = torch.zeros(4, 3, 6000)
    waves[:, 0] = torch.randn(4, 6000, generator=torch.Generator().manual_seed(0))
    table = pd.DataFrame({"trace_category": ["noise", "earthquake", "noise", "noise"]})
    monkeypatch.setattr(synthetic, "make", lambda *words, **more: SimpleNamespace(waveforms=waves, metadata=table))
    monkeypatch.setattr(spectrograms, "mix", lambda noise, strong, draw: (noise, draw.random()))
    noise, first = spectrograms.mixtures("dev", 2, 1)
    assert np.array_equal(noise, spectrograms.prepared(waves[[0, 2], 0])) and np.abs(noise).max() > 0.1
    assert first == np.random.default_rng([1, 4]).random()
