"""Losses in closed form."""

import math

import pytest
import torch

from quakebook.bluedisc.objective import losses


def test_losses_at_logit_zero_are_ln_two():
    zero = torch.zeros(4, 1)
    assert losses.discriminator_loss(zero, zero).item() == pytest.approx(math.log(2))
    assert losses.adversarial_loss(zero).item() == pytest.approx(math.log(2))
    assert losses.data_loss(torch.zeros(2, 3, 5), torch.rand(2, 3, 5)).item() == pytest.approx(math.log(2))


def test_generator_loss_is_a_weighted_mean():
    weights = losses.Weights.of_mode("hybrid")
    assert (weights.gan, weights.data) == (1.0, 4000.0)
    assert losses.generator_loss(2.0, 2.0, weights) == pytest.approx(2.0)
    assert losses.generator_loss(4001.0, 0.0, weights) == pytest.approx(1.0)


@pytest.mark.parametrize(("mode", "adversarial", "data"),
                         [("bce", False, 1.0), ("hybrid", True, 4000.0), ("gan", True, 0.0)])
def test_modes(mode, adversarial, data):
    weights = losses.Weights.of_mode(mode)
    assert weights.adversarial is adversarial and weights.data == data


def test_unknown_mode_and_bad_weights_are_refused():
    with pytest.raises(ValueError, match="bce, hybrid, gan"):
        losses.Weights.of_mode("wgan")
    with pytest.raises(ValueError, match="not both zero"):
        losses.Weights(0.0, 0.0)


def test_losses_fall_when_their_side_wins():
    good, bad = torch.tensor([2.0]), torch.tensor([-2.0])
    assert float(losses.adversarial_loss(good)) == pytest.approx(0.126928, abs=1e-6)
    assert float(losses.adversarial_loss(bad)) == pytest.approx(2.126928, abs=1e-6)
    assert float(losses.discriminator_loss(good, bad)) == pytest.approx(0.126928, abs=1e-6)
