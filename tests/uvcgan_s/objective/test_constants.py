"""Numbers that nobody gives to losses and steps."""

import pytest
import torch

from quakebook.uvcgan_s.data.norms import Identity
from quakebook.uvcgan_s.objective import critics, images, losses, step
from quakebook.uvcgan_s.settings import ObjectiveConfig


def test_a_penalty_is_the_mean_square_of_the_slope_unless_told():
    """Scores 3 x in four places, averaged: every slope is 3 / 4, its length sqrt(4) 3 / 4 = 1.5."""
    real, fake = torch.zeros(2, 1, 2, 2), torch.ones(2, 1, 2, 2)
    assert float(losses.gradient_penalty(lambda x: 3 * x, real, fake)) == pytest.approx(2.25)


def test_sums_are_plain_unless_told():
    a = torch.full((1, 1, 2, 2), 2.0)
    made = images.make_images(lambda x: x[:, :1], lambda x: torch.cat([x, x], 1), Identity(), a, 2 * a, a,
                              images.Wanted(cycle=False, identity_bb=False))
    assert float(made.idt_aa.mean()) == 6.0


def test_slopes_are_not_clipped_unless_told():
    """The joint length of two slopes of 30 and 40 is 50; with a norm of 5 a tenth of each is left."""
    for norm, want in ((0.0, [30.0, 40.0]), (5.0, [3.0, 4.0])):
        nets = {f"gen_{name}": torch.nn.Linear(1, 1, bias=False) for name in ("ab", "ba")}
        one = step.Trainer(ObjectiveConfig(), Identity(), nets, {}, **({"clip_norm": norm} if norm else {}))
        for net, slope in zip(nets.values(), (30.0, 40.0), strict=True):
            net.weight.grad = torch.full((1, 1), slope)
        one._clip("gen")
        assert [float(net.weight.grad) for net in nets.values()] == pytest.approx(want, rel=1e-5)


def test_weights_of_the_halves():
    """Effective weights of the published table: gen_ab 1, gen_ba0 and gen_ba1 one half."""
    from quakebook.uvcgan_s.objective.generators import adversarial_weights

    assert adversarial_weights(ObjectiveConfig()) == {"b": 1.0, "a0": 0.5, "a1": 0.5}
    assert critics.ORDER == ("b", "a0", "a1")


def test_effective_weights_of_the_generators():
    """Of the calorimeter: cycles 5, 50, 10, identities of B 5, of A 2.5 and 25 (the paper's factors of one half)."""
    from quakebook.uvcgan_s.objective.generators import _errors

    half = torch.zeros(1, 2, 1, 1)
    whole = images.Images(reco_a=half, reco_b=half, fake_a=half, fake_b=half, idt_bb=half, idt_aa=half)
    one = torch.zeros(1, 1, 1, 1)
    rows = {name: weight for name, _, _, weight in _errors(ObjectiveConfig(), whole, one, one, half)}
    assert rows == {"cycle_a0": 5, "cycle_a1": 50, "cycle_b": 10, "idt_bb": 5, "idt_aa_a0": 2.5, "idt_aa_a1": 25}


def test_of_a_sum_the_weights_are_halved_and_a_share_of_zero_counts_as_one():
    """Split of a sum: 2.5 and 25 as above; the paired bound has no share of its own, so cycles 5 and 50."""
    image = torch.ones(1, 1, 2, 2)
    for share, factor in ((0.5, 0.5), (0.0, 1.0)):
        net, seen = torch.nn.Conv2d(1, 2, 1), []
        objective = ObjectiveConfig(method="paired", identity_aa=share, norm="none")
        one = step.Trainer(objective, Identity(), {"gen_ba": net}, {"gen": torch.optim.SGD(net.parameters(), lr=0.0)},
                           backward=seen.append)
        parts = one.paired({"b": image, "true_a0": 3 * image, "true_a1": 4 * image})
        want = factor * 0.5 * (10 * parts["pair_a0"] + 100 * parts["pair_a1"])
        assert float(seen[0].detach()) == pytest.approx(float(want), rel=1e-6)
