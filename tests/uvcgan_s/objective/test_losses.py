"""Adversarial losses and the penalty, by hand and against closed forms."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from quakebook.uvcgan_s import gan_loss, gradient_penalty
from quakebook.uvcgan_s.objective.losses import alphas

SCORES = torch.tensor([-2.0, 0.5, 3.0])


@pytest.mark.parametrize("name, real, fake, generator", [
    ("hinge", (3 + 0.5 + 0) / 3, (0 + 1.5 + 4) / 3, -0.5),
    ("lsgan", (9 + 0.25 + 4) / 3, (4 + 0.25 + 9) / 3, (9 + 0.25 + 4) / 3),
    ("wgan", -0.5, 0.5, -0.5),
    ("bce", sum(math.log1p(math.exp(-s)) for s in (-2, 0.5, 3)) / 3,
     sum(math.log1p(math.exp(s)) for s in (-2, 0.5, 3)) / 3, sum(math.log1p(math.exp(-s)) for s in (-2, 0.5, 3)) / 3),
    ("softplus", sum(math.log1p(math.exp(s)) for s in (-2, 0.5, 3)) / 3,
     sum(math.log1p(math.exp(-s)) for s in (-2, 0.5, 3)) / 3, sum(math.log1p(math.exp(s)) for s in (-2, 0.5, 3)) / 3)])
def test_values_by_hand(name, real, fake, generator):
    loss = gan_loss(name)
    assert float(loss(SCORES, is_real=True)) == pytest.approx(real)
    assert float(loss(SCORES, is_real=False)) == pytest.approx(fake)
    assert float(loss(SCORES, is_real=True, is_generator=True)) == pytest.approx(generator)


def test_bce_equals_pytorchs_and_lists_are_averaged():
    expected = nn.functional.binary_cross_entropy_with_logits(SCORES, torch.ones(3))
    assert float(gan_loss("vanilla")(SCORES, is_real=True)) == pytest.approx(float(expected))
    loss = gan_loss("hinge")
    both = loss([SCORES, torch.zeros(5)], is_real=True)
    assert float(both) == pytest.approx((float(loss(SCORES, is_real=True)) + 1) / 2)
    with pytest.raises(ValueError, match="unknown GAN loss 'hing'; known: hinge"):
        gan_loss("hing")


def test_published_mixing_weights():
    assert alphas(3).tolist() == pytest.approx([0.49626, 0.76822, 0.08848], abs=1e-5)
    one = torch.Generator().manual_seed(0)
    assert torch.equal(alphas(500), torch.cat([torch.rand(1, generator=one) for _ in range(500)]))


class Quadratic(nn.Module):
    """Scores w x^2 / 2 in every place, so the slope of the mean over P places is w x / P."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(3.0))

    def forward(self, image):
        return 0.5 * self.w * image.square()


@pytest.mark.parametrize("mix, point", [("real-fake", 0.25), ("real", 1.0), ("fake", 0.0), ("real-or-fake", 0.0)])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_penalty_of_a_quadratic_critic(mix, point, reduction):
    critic = Quadratic()
    real, fake = torch.full((2, 1, 2, 3), 2.0), torch.full((2, 1, 2, 3), 6.0)
    x = 6 + point * (2 - 6)
    share = 6 if reduction == "mean" else 1
    norm = math.sqrt(6) * 3 * x / share
    charge = gradient_penalty(critic, real, fake, torch.tensor(0.25), lambda_gp=0.7, center=1.0, mix=mix,
                              reduction=reduction)
    assert float(charge.detach()) == pytest.approx(0.7 * (norm - 1) ** 2, rel=1e-5)
    charge.backward()  # d/dw (c w - 1)^2 = 2 c (c w - 1)
    assert float(critic.w.grad) == pytest.approx(0.7 * 2 * (norm / 3) * (norm - 1), rel=1e-5)


def test_penalty_draws_its_weight_from_a_generator():
    critic, real, fake = Quadratic(), torch.zeros(1, 1, 2, 2), torch.ones(1, 1, 2, 2)
    drawn = gradient_penalty(critic, real, fake, generator=torch.Generator().manual_seed(0))
    assert float(drawn.detach()) == pytest.approx(float(gradient_penalty(critic, real, fake, alphas(1)).detach()))
    with pytest.raises(ValueError, match="unknown mix 'both'"):
        gradient_penalty(critic, real, fake, mix="both")
