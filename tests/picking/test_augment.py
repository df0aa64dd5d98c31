import pytest
import torch

from quakebook.picking import augment

FUNCTIONS = {
    "noise": lambda x, g, p: augment.noise(x, g, p), "channel_drop": lambda x, g, p: augment.channel_drop(x, g, p),
    "gap": lambda x, g, p: augment.gap(x, g, p), "scale": lambda x, g, p: augment.amplitude_scale(x, g, p),
    "shift": lambda x, g, p: augment.shift(x, g, p)[0],
    "superposition": lambda x, g, p: augment.superposition(x, g, p)[0],
}


@pytest.fixture
def x():
    return torch.randn(64, 3, 300, generator=torch.Generator().manual_seed(0))


def seeded(seed=7):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_probability_generator_and_purity(name, x):
    function, before = FUNCTIONS[name], x.clone()
    assert torch.equal(function(x, seeded(), 0.0), x)
    changed = function(x, seeded(), 1.0)
    assert changed.shape == x.shape and changed.dtype == x.dtype and changed.isfinite().all()
    assert torch.equal(function(x, seeded(), 1.0), changed)
    assert not torch.equal(function(x, seeded(8), 1.0), changed)
    half = (function(x, seeded(), 0.5) != x).flatten(1).any(dim=1)
    assert 8 < int(half.sum()) < 56 or name == "channel_drop"
    assert torch.equal(x, before)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_shape_is_named_and_silence_and_nothing_pass(name):
    with pytest.raises(ValueError, match="batch, component, sample"):
        FUNCTIONS[name](torch.zeros(3, 10), seeded(), 1.0)
    assert FUNCTIONS[name](torch.zeros(4, 3, 50), seeded(), 1.0).abs().max() == 0
    assert FUNCTIONS[name](torch.zeros(0, 3, 50), seeded(), 1.0).shape == (0, 3, 50)
    assert FUNCTIONS[name](torch.ones(1, 3, 50), seeded(), 1.0).shape == (1, 3, 50)


def test_noise_has_the_level_asked_for(x):
    added = augment.noise(x, seeded(), 1.0, level=(0.1, 0.1)) - x
    ratio = added.std(dim=(1, 2)) / x.abs().amax(dim=(1, 2))
    assert (ratio - 0.1).abs().max() < 0.015


def test_one_component_always_lives(x):
    dropped = augment.channel_drop(x, seeded(), 1.0)
    alive = dropped.abs().amax(-1) > 0
    assert alive.any(dim=1).all() and 0.3 < alive.float().mean() < 0.8
    assert torch.equal(dropped[alive], x[alive])


def test_gap_is_one_stretch_of_all_components(x):
    missing = augment.gap(x, seeded(), 1.0, longest_share=0.3) == 0
    assert torch.equal(missing[:, 0], missing[:, 1])
    edges = (missing[:, 0, 1:] != missing[:, 0, :-1]).sum(dim=1)
    assert edges.max() <= 2 and missing[:, 0].sum(dim=1).max() <= 91


def test_scale_is_one_factor_within_the_decades(x):
    factor = augment.amplitude_scale(x, seeded(), 1.0, decades=2.0) / x
    assert torch.allclose(factor, factor[:, :1, :1].expand_as(factor), rtol=1e-4)
    assert factor.min() >= 0.0099 and factor.max() <= 101


def test_shift_moves_waveform_and_pick_together():
    x = torch.zeros(50, 3, 400)
    x[:, :, 200] = 1.0
    moved, delay = augment.shift(x, seeded(), 1.0, largest_samples=100)
    assert torch.equal(moved[:, 0].argmax(dim=1), 200 + delay[:, 0])
    assert delay.abs().max() <= 100 and delay.min() < 0 < delay.max()


def test_superposition_adds_the_partner_and_its_picks(x):
    mixed, partner = augment.superposition(x, seeded(), 0.5, ratio=(0.5, 0.5))
    row = torch.nonzero(partner >= 0)[:, 0]
    assert (partner[row] != row).all() and torch.equal(mixed[partner < 0], x[partner < 0])
    added = (mixed - x)[row]
    peak = x.abs().amax(dim=(1, 2))
    expected = 0.5 * (peak[row] / peak[partner[row]])[:, None, None] * x[partner[row]]
    assert torch.allclose(added, expected, atol=1e-5)
    picks = augment.partner_picks(torch.arange(64.0)[:, None], partner)
    assert torch.equal(picks[row, 1], partner[row].float()) and picks[partner < 0, 1].isnan().all()


def share(changed):
    return float(changed.flatten(1).any(dim=1).float().mean())


@pytest.mark.parametrize(("name", "probability"), [
    ("noise", 0.5), ("gap", 0.2), ("amplitude_scale", 1.0), ("shift", 0.5), ("superposition", 0.3)])
def test_probabilities_that_were_chosen(name, probability):
    """Of 20 000 windows; a share of a half is known to 0.0035."""
    x = torch.arange(1.0, 61.0).reshape(1, 3, 20).expand(20_000, 3, 20) + torch.arange(20_000.0)[:, None, None]
    out = getattr(augment, name)(x, seeded())
    out = out[0] if isinstance(out, tuple) else out
    found = share(out != x)
    if name == "gap":  # one in twenty is shorter than 0.2 samples and may fall between two
        assert 0.15 < found < 0.2
    else:
        assert found == pytest.approx(probability, abs=0.012)


def test_half_of_the_components_drop_but_one_lives():
    """1/2 less the third of 1/8 where all three would have dropped: 11/24; of three windows in ten."""
    x = torch.ones(40_000, 3, 1)
    assert float((augment.channel_drop(x, seeded(), 1.0) == 0).float().mean()) == pytest.approx(11 / 24, abs=0.006)
    assert float((augment.channel_drop(x, seeded()) == 0).float().mean()) == pytest.approx(0.3 * 11 / 24, abs=0.006)


def test_sizes_that_were_chosen():
    x = torch.randn(600, 3, 1500, generator=seeded(1))
    peak = x.abs().amax(dim=(1, 2))
    level = (augment.noise(x, seeded(), 1.0) - x).std(dim=(1, 2)) / peak
    assert 0.0098 < level.min() < 0.0106 and 0.147 < level.max() < 0.155
    missing = (augment.gap(x, seeded(), 1.0)[:, 0] == 0).sum(dim=1)
    assert 297 <= missing.max() <= 301 and float(missing.float().mean()) == pytest.approx(150, abs=8)
    factor = (augment.amplitude_scale(x, seeded(), 1.0) / x)[:, 0, 0].log10()
    assert -1 < factor.min() < -0.99 and 0.99 < factor.max() < 1
    mixed, partner = augment.superposition(x, seeded(), 1.0)
    factor = (mixed - x).abs().amax(dim=(1, 2)) / peak
    assert 0.0999 < factor.min() < 0.104 and 0.99 < factor.max() < 1.0001 and (partner >= 0).all()


def test_delays_reach_five_seconds_both_ways():
    _, delay = augment.shift(torch.zeros(20_000, 1, 1), seeded(), 1.0)
    assert (int(delay.min()), int(delay.max())) == (-500, 500)
    assert torch.bincount(delay[:, 0] + 500).float().mean() == pytest.approx(20_000 / 1001, rel=1e-5)


def test_every_other_window_can_be_the_partner():
    x = torch.ones(4, 1, 1)
    partners = torch.stack([augment.superposition(x, seeded(k), 1.0)[1] for k in range(300)])
    step = (partners - torch.arange(4)) % 4
    counts = torch.bincount(step.flatten(), minlength=4)
    assert counts[0] == 0 and counts[1:].tolist() == pytest.approx([400] * 3, abs=60)
