"""Windows, ratios, onsets and splits of the spectrogram task, against records made by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.uvcgan_s.data import spectrograms as task


def test_the_published_sizes_of_this_task():
    """20 s at 50 Hz: 31 hops of 32 samples; 2000, 200 and 200 mixtures; -2 to 8 dB; P after 4 to 9 s."""
    assert (task.SAMPLES, task.WINDOW, task.HOP, task.RATE_HZ) == (992, 64, 32, 50.0)
    assert task.DEFAULT == {"train": 2000, "dev": 200, "test": 200}
    assert task.SNR_DB == (-2.0, 8.0) and task.P_AT_S == (4.0, 9.0) and task.STRONG_DB == 25.0


def test_prepared_records_keep_what_lies_over_one_hertz():
    """0.2 Hz leaves, 5 Hz stays, at half the rate; the mean leaves too."""
    t = np.arange(6000) / 100
    waves = torch.as_tensor(np.stack([np.sin(2 * np.pi * 0.2 * t) + 7, np.sin(2 * np.pi * 5 * t)]))
    slow, fast = task.prepared(waves)[:, 500:-500]
    assert task.prepared(waves).shape == (2, 3000) and np.abs(slow).max() < 0.01
    assert np.allclose(fast, np.sin(2 * np.pi * 5 * np.arange(500, 2500) / 50), atol=0.01)
    corner = task.prepared(torch.as_tensor(np.sin(2 * np.pi * t))[None])[0, 1000:2000]
    assert np.abs(corner).max() == pytest.approx(0.5, abs=0.01), "forward and back: half the amplitude at the corner"


def strong(n, p, s):
    rng = np.random.default_rng(0)
    waves = torch.as_tensor(rng.normal(size=(n, 3, 6000)))
    table = pd.DataFrame({"trace_p_arrival_sample": p, "trace_s_arrival_sample": s})
    return SimpleNamespace(waveforms=waves, metadata=table, sampling_rate_hz=100.0)


def test_a_mixture_has_its_drawn_ratio_and_its_onsets(monkeypatch):
    """P at 30 s; with a draw of 5 s the window begins at 25 s. S at 35 s lies in it, at 46 s (21 s after) does not."""
    draw = SimpleNamespace(
        uniform=lambda low, high, size: np.full(size, 5.0 if (low, high) == task.P_AT_S else 6.0),
        integers=lambda low, high, size: np.array([3, high - 1]))
    noise = np.random.default_rng(1).normal(size=(2, 1500))
    mixed = task.mix(noise.copy(), strong(2, [3000.0, 3000.0], [3500.0, 4600.0]), draw)
    assert mixed.p_s.tolist() == [5.0, 5.0] and mixed.s_s.tolist() == pytest.approx([10.0, np.nan], nan_ok=True)
    power = mixed.noise.square().mean(1)
    assert power.tolist() == pytest.approx([1, 1], rel=1e-5)
    assert (10 * torch.log10(mixed.signal.square().mean(1))).tolist() == pytest.approx([6, 6], abs=1e-4)
    first = noise[0, 3:3 + 992]
    assert np.allclose(mixed.noise[0].numpy(), first / np.sqrt(np.mean(first**2)), atol=1e-5)
    last = noise[1, -992:]
    assert np.allclose(mixed.noise[1].numpy(), last / np.sqrt(np.mean(last**2)), atol=1e-5)
    signal = task.prepared(strong(2, [0.0] * 2, [0.0] * 2).waveforms[:, 0])[:, 1250:1250 + 992]
    ratio = mixed.signal.numpy() / signal
    assert np.allclose(ratio, ratio[:, :1], rtol=1e-3), "25 s in at 50 Hz"
    assert torch.equal(mixed.mixture, mixed.noise + mixed.signal)


def test_windows_stay_inside_the_record():
    draw = np.random.default_rng(0)
    mixed = task.mix(np.ones((3, 992)) * np.arange(1, 993), strong(3, [10.0, np.nan, 5999.0], [np.nan] * 3), draw)
    assert mixed.p_s[0] == pytest.approx(0.1) and np.isnan(mixed.p_s[1])
    assert mixed.p_s[2] == pytest.approx((2999.5 - (3000 - 992)) / 50), "the last window that fits"


def test_pure_domains_are_other_draws_than_the_mixtures(monkeypatch):
    """Of six mixtures the first three are shown mixed, with their truth; the last three give the pure domains."""
    waves = torch.randn(6, task.SAMPLES, generator=torch.Generator().manual_seed(0))
    made = task.Mixtures(waves, 2 * waves, np.zeros(6), np.zeros(6))
    asked = []
    monkeypatch.setattr(task, "mixtures", lambda *words: asked.append(words) or made)
    domains = task.make("dev", 3, 7)
    assert asked == [("dev", 6, 7)] and [len(x) for x in (domains.a0, domains.a1, domains.b)] == [3] * 3
    assert torch.equal(domains.a0.images, task.magnitudes(waves[3:]))
    assert torch.equal(domains.a1.images, task.magnitudes(2 * waves[3:]))
    assert torch.equal(domains.b.images, task.magnitudes(3 * waves[:3]))
    assert torch.equal(domains.truth[0].images, task.magnitudes(waves[:3]))
    assert torch.equal(domains.truth[1].images, task.magnitudes(2 * waves[:3]))
    made = task.Mixtures(waves.repeat(70, 1), waves.repeat(70, 1), np.zeros(420), np.zeros(420))
    task.make("test")
    assert asked[-1] == ("test", 400, 0)


def test_each_split_and_seed_is_a_stream_of_its_own(monkeypatch):
    """Streams 0, 1, 2 for seed 0 and 3, 4, 5 for seed 1; noise comes from far away."""
    from quakebook.data import synthetic

    streams = []

    def make(kind, count, stream, **options):
        streams.append((count, stream, options["noise_fraction"]))
        table = pd.DataFrame({"trace_category": ["noise"] * count, "trace_p_arrival_sample": 3000.0,
                              "trace_s_arrival_sample": 3300.0})
        return SimpleNamespace(waveforms=torch.randn(count, 3, 6000), metadata=table, sampling_rate_hz=100.0)

    monkeypatch.setattr(synthetic, "make", make)
    for split, seed in (("train", 0), ("test", 0), ("dev", 1)):
        task.mixtures(split, 2, seed)
    assert [stream for _, stream, _ in streams] == [0, 1_000_003, 2, 1_000_005, 4, 1_000_007]
    assert [(count, share) for count, _, share in streams[:2]] == [(2, 0.0), (4, 0.9)]
