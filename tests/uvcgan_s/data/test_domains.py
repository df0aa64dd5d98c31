"""Unpaired batches, digits, spectrograms and what a configuration opens."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from quakebook.data.errors import DataError
from quakebook.uvcgan_s.data import digits, spectrograms
from quakebook.uvcgan_s.data.domains import First, Held, from_arrays
from quakebook.uvcgan_s.data.load import load
from quakebook.uvcgan_s.data.norms import Identity
from quakebook.uvcgan_s.settings import DataConfig

CPU = torch.device("cpu")


def numbered(n):
    return torch.arange(n, dtype=torch.float32)[:, None, None, None].expand(n, 1, 4, 4)


def test_batches_are_unpaired_passes_that_depend_on_seed_and_step():
    domains = from_arrays(numbered(10), numbered(10), numbered(6), (numbered(6), numbered(6) + 100))
    batch = [domains.batch(step, 2, 7, Identity(), CPU, pairs=True) for step in range(5)]
    seen = {name: [int(value) for each in batch for value in each[name][:, 0, 0, 0]] for name in ("a0", "a1", "b")}
    assert sorted(seen["a0"]) == sorted(seen["a1"]) == list(range(10)) and seen["a0"] != seen["a1"]
    assert sorted(seen["b"][:6]) == list(range(6))
    assert torch.equal(batch[3]["a0"], domains.batch(3, 2, 7, Identity(), CPU)["a0"])
    assert all(torch.equal(each["b"], each["true_a0"]) and torch.equal(each["b"] + 100, each["true_a1"])
               for each in batch)
    assert [int(v) for v in domains.batch(0, 10, 8, Identity(), CPU)["a0"][:, 0, 0, 0]] != seen["a0"]


def test_unknown_parts_and_unlike_sizes_are_refused():
    with pytest.raises(DataError, match="method paired needs the parts"):
        from_arrays(numbered(3), numbered(3), numbered(3)).batch(0, 1, 0, Identity(), CPU, pairs=True)
    with pytest.raises(DataError, match="one height and width"):
        from_arrays(numbered(3), numbered(3), torch.zeros(3, 1, 5, 4))
    with pytest.raises(DataError, match="3 mixtures but"):
        from_arrays(numbered(3), numbered(3), numbered(3), (numbered(2), numbered(3)))
    with pytest.raises(DataError, match="n > 0"):
        Held(torch.zeros(0, 1, 4, 4), "empty")


def test_the_first_images_of_a_source():
    first = First(Held(numbered(5), "numbers"), 3)
    assert len(first) == 3 and first.shape == (1, 4, 4)
    assert first.read(torch.tensor([2]))[0, 0, 0, 0] == 2


def test_blends_are_blurred_halves():
    domains = digits.make("dev", 12, seed=3)
    a0, a1 = (part.images for part in domains.truth)
    assert domains.b.images.shape == (12, 1, 16, 16) and float(a0.min()) >= 0 and float(a0.max()) <= 1
    inner = slice(1, -1)
    plain = (a0 + a1) / 2
    by_hand = sum(weight * torch.roll(plain, (dy, dx), (2, 3)) for dy, dx, weight in (
        (0, 0, 4 / 16), *((dy, dx, 2 / 16) for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0))),
        *((dy, dx, 1 / 16) for dy in (-1, 1) for dx in (-1, 1))))
    torch.testing.assert_close(domains.b.images[..., inner, inner], by_hand[..., inner, inner])
    assert torch.equal(domains.b.images, digits.make("dev", 12, seed=3).b.images)
    assert not torch.equal(domains.b.images, digits.make("test", 12, seed=3).b.images)


def test_splits_share_no_handwritten_image():
    pools = [digits._family(digits.FAMILIES[0], split).flatten(1) for split in ("train", "dev", "test")]
    assert float(torch.cdist(pools[0], pools[1]).min()) > 0 and float(torch.cdist(pools[1], pools[2]).min()) > 0
    assert sum(len(pool) for pool in pools) == 178 + 181 + 174 + 180


def test_magnitudes_and_overlap_add_close():
    """Without the left-out mean, a sine of a whole number of periods a window comes back; white noise averages 0.89."""
    time = torch.arange(spectrograms.SAMPLES) / spectrograms.RATE_HZ
    wave = torch.sin(2 * torch.pi * 50 * 8 / 64 * time)[None]
    again = spectrograms.waveforms_of(spectrograms.magnitudes(wave), wave)
    inner = slice(64, -64)  # at the mirrored ends the sine is no longer one, and loses its mean
    torch.testing.assert_close(again[:, inner], wave[:, inner], atol=2e-3, rtol=0)
    noise = torch.randn(20, spectrograms.SAMPLES, generator=torch.Generator().manual_seed(0))
    magnitude = spectrograms.magnitudes(noise)
    assert magnitude.shape == (20, 1, 32, 32)
    assert float(magnitude[:, :, 1:-1, 2:-2].mean()) == pytest.approx(np.sqrt(np.pi) / 2, rel=0.02)


def test_mixtures_have_the_ratio_and_the_onset_that_were_drawn():
    mixed = spectrograms.mixtures("dev", 6)
    ratio = 10 * torch.log10(mixed.signal.square().mean(1) / mixed.noise.square().mean(1))
    low, high = spectrograms.SNR_DB
    assert bool(((ratio >= low - 1e-3) & (ratio <= high + 1e-3)).all())
    torch.testing.assert_close(mixed.noise.square().mean(1), torch.ones(6))
    for wave, p_s in zip(mixed.signal, mixed.p_s, strict=True):
        edge = int((p_s - 0.5) * spectrograms.RATE_HZ)
        assert float(wave[:edge].square().mean()) < 0.2 * float(wave.square().mean())


def test_what_a_configuration_opens():
    domains = load(DataConfig(name="synthetic:digits", records=20, dev_records=8), "dev")
    assert len(domains.b) == 8 and domains.truth is not None
    jets = load(DataConfig(name="synthetic:tiny", records=4, dev_records=3), "dev")
    assert jets.shapes == ((1, 24, 64),) * 3 and len(jets.b) == 3
    with pytest.raises(DataError, match="nonsense"):
        load(DataConfig(name="synthetic:nonsense"), "train")
    with pytest.raises(DataError, match="known: train, dev, test"):
        load(DataConfig(name="synthetic:digits"), "val")
