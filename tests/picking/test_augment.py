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
