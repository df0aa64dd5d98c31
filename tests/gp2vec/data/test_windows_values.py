"""Gains of the band-pass, first samples of windows, and what a pool gives, by hand."""

import math

import numpy as np
import pytest
import torch

from quakebook.gp2vec.data.windows import Pool, bandpass, filtered, log_rms, resized


@pytest.mark.parametrize("hz", [0.8, 1.0, 1.5, 30.0, 40.0, 45.0, 48.0])
@pytest.mark.parametrize(("low", "high"), [(1.0, 45.0), (1.0, 0.0), (0.0, 45.0), (1.0, 45.5)])
def test_the_gain_is_that_of_butterworths_order_four_twice(hz, low, high):
    """1 / (1 + (low / f)^8) / (1 + (f / high)^8); above 0.45 of the rate a low-pass is left out."""
    wave = torch.sin(2 * torch.pi * hz * torch.arange(12_000, dtype=torch.float64) / 100)[None, None]
    found = bandpass(wave, low, high)[0, 0, 3000:9000].std() / wave[0, 0, 3000:9000].std()
    want = 1 / (1 + (low / hz) ** 8) / (1 + (hz / high) ** 8 if 0 < high <= 45 else 1)
    assert float(found) == pytest.approx(want, abs=2e-3)


def test_ends_are_extended_by_their_odd_reflection():
    """A straight line but for its mean goes on as a line, so a low-pass leaves it as it is, up to both ends."""
    line = torch.linspace(-1, 1, 4001, dtype=torch.float64)[None, None]
    torch.testing.assert_close(bandpass(line, 0.0, 10.0), line, atol=2e-3, rtol=0)


def pool(kind, p, samples=6000):
    n = len(kind)
    nothing = torch.full((n,), math.nan)
    return Pool(torch.arange(float(n * 3 * samples)).view(n, 3, samples), torch.tensor(kind), torch.tensor(p), nothing,
                nothing, np.array([f"e{k}" for k in range(n)], object), {"latitude": torch.arange(float(n))}, "by hand")


@pytest.mark.parametrize(("samples", "p", "first", "last"), [
    (3000, 3000.0, 500, 2800), (1500, 3000.0, 1750, 2900), (3000, 1000.0, 0, 800), (3000, 5900.0, 3000, 3000)])
def test_events_stand_two_to_twenty_five_seconds_after_the_start_of_thirty(samples, p, first, last):
    """Half a window has half the times; windows stay inside their records of 60 s."""
    one = pool([2], [p])
    rows = torch.tensor([0])
    for u, start in ((0.0, first), (1.0, last)):
        assert one._starts(rows, samples, torch.tensor([u])).tolist() == [start]


@pytest.mark.parametrize(("kind", "p"), [(0, math.nan), (1, 3000.0), (2, math.nan)])
def test_other_records_are_cut_anywhere(kind, p):
    one = pool([kind], [p])
    found = [int(one._starts(torch.tensor([0]), 3000, torch.tensor([u]))) for u in (0.0, 0.5, 1.0)]
    assert found == [0, 1500, 3000]


def test_fixed_windows_follow_the_golden_ratio():
    """Fractions of 0.618034 (k + 1): 0.618034, 0.236068, 0.854102, 0.472136."""
    found = pool([0] * 4, [math.nan] * 4).fixed_starts(3000)
    assert found.tolist() == [1854, 708, 2562, 1416]
    first = pool([0] * 4, [math.nan] * 4).first(2, 3000)
    assert first.shape == (2, 3, 3000) and first[:, 0, 0].tolist() == [1854, 18_000 + 708]
    assert len(pool([0] * 4, [math.nan] * 4).first(9, 3000)) == 4


def test_ranks_draw_disjoint_windows_of_one_pass():
    """Six records, two ranks, batches of one: steps 0 to 2 see each record once; metadata come along."""
    six = pool([0] * 6, [math.nan] * 6, samples=10)
    seen = [int(six.draw(step, 1, 10, 5, None, rank, 2)[1]["latitude"]) for step in range(3) for rank in range(2)]
    assert sorted(seen) == list(range(6))
    waves, fields = six.draw(0, 2, 10, 5, None)
    assert (waves[:, 0, 0] / 30).tolist() == fields["latitude"].tolist()


def test_filtering_in_parts_changes_nothing():
    waves = torch.randn(300, 1, 200, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(filtered(waves, 1.0, 20.0, 100.0), bandpass(waves, 1.0, 20.0, 100.0))


def test_amplitudes_are_logarithms_of_deviations():
    """1, -1, 1, -1 has the deviation sqrt(4 / 3) of a sample of four; a dead trace has the smallest that is told."""
    waves = torch.tensor([[[1.0, -1, 1, -1], [100, -100, 100, -100], [0, 0, 0, 0]]])
    want = 0.5 * math.log10(4 / 3)
    assert log_rms(waves)[0].tolist() == pytest.approx([want, want + 2, -10])


@pytest.mark.parametrize(("rate", "samples"), [(50.0, 500), (62.5, 625), (250.0, 2500), (100.0, 1000)])
def test_ten_seconds_have_a_thousand_samples_at_a_hundred_hertz(rate, samples):
    assert resized(torch.zeros(1, 2, samples), rate, 100.0).shape == (1, 2, 1000)
