"""Critics by hand: residual blocks, scores a place, and heads that see earlier bodies."""

import pytest
import torch
from torch import nn

from quakebook.uvcgan_s.networks.discriminators import Critic, NLayersBody, ResidualBlock, ResNetBody


@pytest.mark.parametrize(("value", "want"), [(2.0, 3.0), (-1.0, -0.01005)])
def test_a_residual_block_by_hand(value, want):
    """Filters that pass a number on: 2 + 0.5 x 2; -1 becomes -0.01 in between, so 0.01 (-1 - 0.5 x 0.01)."""
    block = ResidualBlock(1, "none")
    with torch.no_grad():
        for k in (0, 3):
            block.block[k].weight.zero_()
            block.block[k].weight[0, 0, 1, 1] = 1.0
            block.block[k].bias.zero_()
        block.re_alpha.fill_(0.5)
        assert float(block(torch.full((1, 1, 1, 1), value))) == pytest.approx(want, rel=1e-6)


def test_bodies_give_one_score_a_place_unless_a_head_wants_the_features():
    image = torch.rand(2, 1, 32, 32)
    assert ResNetBody(1, (4, 6), 1, "none")(image).shape == (2, 1, 16, 16)
    assert ResNetBody(1, (4, 6), 1, "none", reduce=False)(image).shape == (2, 6, 16, 16)
    assert NLayersBody(1, (4, 6), "none")(image).shape == (2, 1, 6, 6)
    assert NLayersBody(1, (4, 6), "none", reduce=False)(image).shape == (2, 6, 7, 7)


def test_of_a_patch_critic_the_first_layer_has_no_norm():
    kinds = [type(layer).__name__ for layer in NLayersBody(1, (4, 6), "instance").model]
    assert kinds == ["SpectralConv2d", "LeakyReLU", *["SpectralConv2d", "InstanceNorm2d", "LeakyReLU"] * 2]


def test_scores_are_those_of_the_present_batch():
    """A head that adds the batch's mean: 1 and 3 alone have 2; with an earlier 8 they have 4."""
    made = Critic(nn.Identity(), type("Mean", (nn.Module,), {"forward": lambda self, x: x + x.mean(0)})())
    image = torch.tensor([1.0, 3.0])[:, None, None, None]
    assert made(image).flatten().tolist() == [3, 5]
    scores, body = made(image, torch.full((1, 1, 1, 1), 8.0), with_body=True)
    assert scores.flatten().tolist() == [5, 7] and torch.equal(body, image)
