"""The step against a plain one in the published order, and the exactness of what is kept between steps."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path

import pytest
import torch

from quakebook.uvcgan_s.data.norms import Identity, Log
from quakebook.uvcgan_s.networks import winograd
from quakebook.uvcgan_s.networks.build import build_networks
from quakebook.uvcgan_s.objective.losses import alphas
from quakebook.uvcgan_s.objective.step import Trainer
from quakebook.uvcgan_s.settings import NetworkConfig, ObjectiveConfig


def _loaded(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = _loaded(Path(__file__).parents[3] / "benchmarks/uvcgan_s_published.py")
small = _loaded(Path(__file__).parents[1] / "small.py")
LOSSES = {"gen_ab", "gen_ba0", "gen_ba1", "cycle_a0", "cycle_a1", "cycle_b", "idt_bb", "idt_aa_a0", "idt_aa_a1",
          "disc_a0", "disc_a1", "disc_b", "gp_a0", "gp_a1", "gp_b"}


def networks(seed=0, network=small.SMALL):
    torch.manual_seed(seed)
    made = build_networks(network, small.SHAPES)
    with torch.no_grad():  # away from the start, where every block is the identity
        for name, parameter in made.named_parameters():
            if name.endswith("re_alpha"):
                parameter.fill_(0.3)
    return made


def batch(step, alpha=None, size=3):
    g = torch.Generator().manual_seed(step)
    draw = [torch.rand(size, *shape, generator=g) * factor for shape, factor in zip(small.SHAPES, (1, 0.3, 1.3),
                                                                                    strict=True)]
    made = dict(zip(("a0", "a1", "b"), draw, strict=True))
    return made | {"alpha": alphas(3 * step + 3)[3 * step:], "recompute": True} if alpha is None else made


def trainer(made, objective=None, lr=5e-5, norm=None, **options):
    sides = {side: [p for name, each in made.items() if name.startswith(side) for p in each.parameters()]
             for side in ("gen", "disc")}
    optimisers = {side: torch.optim.Adam(weights, lr=lr, betas=(0.5, 0.99), fused=True)
                  for side, weights in sides.items()}
    return Trainer(objective or ObjectiveConfig(), norm or Log(bias=0.1), made, optimisers, clip_norm=0.5, **options)


@pytest.fixture
def tiles(request, monkeypatch):
    """Every 3 x 3 convolution goes by tiles, as those of the published size do on a CPU."""
    if request.param:
        monkeypatch.setattr(winograd, "LEAST_CHANNELS", 1)
        monkeypatch.setattr(winograd, "CHANNELS_PER_TILE", 10**6)


tiles_or_not = pytest.mark.parametrize("tiles", [False, True], indirect=True, ids=["plain", "tiles"])


@tiles_or_not
def test_steps_equal_the_published_order(tiles):
    ours = networks()
    theirs = oracle.plain(ours)
    published = oracle.PublishedStep(theirs, [copy.deepcopy(theirs.gen_ab), copy.deepcopy(theirs.gen_ba)])
    step = trainer(ours)
    for k in range(3):
        images = batch(k)
        expected, parts = published(images["a0"], images["a1"], images["b"]), step.full(images)
        assert set(parts) == LOSSES
        for name in LOSSES:
            assert float(parts[name]) == pytest.approx(expected[name], rel=2e-4, abs=2e-6), (k, name)
    for (name, mine), other in zip(ours.state_dict().items(), theirs.state_dict().values(), strict=True):
        rounding_alone = "disc" in name and name.endswith((".block.0.bias", ".block.3.bias"))  # a batch norm undoes it,
        torch.testing.assert_close(mine, other, rtol=1e-3, atol=3 * 2 * 5e-5 if rounding_alone else 2e-5, msg=name)
        # and Adam makes a whole step of the rounding that its gradient is


@tiles_or_not
def test_gradients_of_one_step_equal_the_published_ones(tiles):
    ours = networks(1)
    theirs = oracle.plain(ours)
    published = oracle.PublishedStep(theirs, [copy.deepcopy(theirs.gen_ab), copy.deepcopy(theirs.gen_ba)], lr=0.0)
    images = batch(0)
    published(images["a0"], images["a1"], images["b"])
    trainer(ours, lr=0.0).full(images)
    for (name, mine), other in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        if other.grad is not None:  # before the norm there is no gradient for a bias in the penalty alone
            torch.testing.assert_close(mine.grad, other.grad, rtol=2e-3, atol=1e-6, msg=name)


def test_passes_together_equal_passes_alone():
    ours, apart = networks(2), networks(2)
    one, other = trainer(ours).full(batch(0)), trainer(apart, together=False).full(batch(0))
    for name in LOSSES:
        torch.testing.assert_close(one[name], other[name], rtol=1e-5, atol=1e-7)


def test_zero_weights_leave_their_branches_out():
    objective = ObjectiveConfig(adversarial_a0=0, adversarial_a1=0, adversarial_b=0, identity_bb=0, with_cycle=False)
    made = networks(3)
    before = copy.deepcopy(made.disc_b.state_dict())
    assert set(trainer(made, objective).full(batch(0))) == {"idt_aa_a0", "idt_aa_a1"}
    assert all(torch.equal(value, made.disc_b.state_dict()[name]) for name, value in before.items())


def test_kept_penalty_gradients_are_replayed():
    """Over steps 0 and 1 with period 1 the second step uses the first one's penalty, value and gradient."""
    objective = ObjectiveConfig(penalty_period=1, penalty=5.0)
    step = trainer(networks(4), objective, lr=0.0)
    first = step.full(batch(0))
    second = step.full(batch(0) | {"recompute": False})
    third = step.full(batch(1))
    assert torch.equal(first["gp_b"], second["gp_b"])
    assert not torch.equal(first["gp_b"], third["gp_b"])
    assert [step.cache.recompute(k) for k in range(4)] == [True, False, True, False]
    assert [step.cache.draw(k) for k in range(4)] == [0, 0, 1, 1]


def test_kept_penalty_gradients_equal_computed_ones():
    """With rate 0 nothing but the critics' buffers moves, so replay and computation part only by those."""
    network = NetworkConfig(**{**vars(small.SMALL), "critic_norm": "none", "spectral_norm": False})
    kept = trainer(networks(5, network), ObjectiveConfig(penalty_period=1), lr=0.0)
    kept.full(batch(0))
    kept.full(batch(0) | {"recompute": False})
    fresh = trainer(networks(5, network), lr=0.0)
    fresh.full(batch(0))
    for mine, other in zip(kept.networks["disc_a1"].parameters(), fresh.networks["disc_a1"].parameters(), strict=True):
        torch.testing.assert_close(mine.grad, other.grad, rtol=1e-4, atol=1e-7)


def test_heads_see_earlier_bodies():
    network = NetworkConfig(**{**vars(small.SMALL), "head": "batch-stdev"})
    step = trainer(networks(6, network), ObjectiveConfig(queue=4))
    step.full(batch(0))
    assert len(step.queues["real_b"]) == 3
    step.full(batch(1))
    assert len(step.queues["fake_a1"]) == 4


def test_identity_and_pairs_train_only_the_decomposing_generator():
    made = networks(7)
    before = copy.deepcopy(made.gen_ab.state_dict())
    step = trainer(made, ObjectiveConfig(method="identity"), lr=1e-3)
    losses = [float(step.identity(batch(0))["idt_aa_a0"]) for _ in range(30)]
    assert losses[-1] < losses[0]
    images = batch(0)
    pair = trainer(made, ObjectiveConfig(method="paired"), lr=1e-3)
    assert set(pair.paired(images | {"true_a0": images["a0"], "true_a1": images["a1"]})) == {"pair_a0", "pair_a1"}
    assert all(torch.equal(value, made.gen_ab.state_dict()[name]) for name, value in before.items())


def test_regression_is_the_squared_error_of_the_split():
    made = networks(8)
    images = batch(0)
    with torch.no_grad():
        both = made.gen_ba(images["a0"] + images["a1"])
    expected = ((both[:, :1] - images["a0"]) ** 2).mean()
    parts = trainer(made, ObjectiveConfig(method="regression", norm="none"), norm=Identity()).identity(images)
    torch.testing.assert_close(parts["idt_aa_a0"], expected)


def test_without_a_share_the_split_of_sums_is_left_out():
    parts = trainer(networks(9), ObjectiveConfig(identity_aa=0, penalty=0)).full(batch(0))
    assert not {"idt_aa_a0", "idt_aa_a1", "gp_b"} & set(parts) and {"idt_bb", "cycle_a1", "gen_ba0"} <= set(parts)
