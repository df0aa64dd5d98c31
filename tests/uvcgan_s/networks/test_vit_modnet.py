"""One level of the U-Net by hand: skips, doubling, styles; and which images can be halved."""

import pytest
import torch

from quakebook.uvcgan_s.networks.modulation import ModulatedPair, Style
from quakebook.uvcgan_s.networks.vit_modnet import Convolutions, Deconvolutions, ViTModNet
from quakebook.uvcgan_s.settings import NetworkConfig

SMALL = {"features": 8, "heads": 2, "blocks": 1, "feed_forward": 8, "embed": 8, "levels": (4, 6)}


def test_styles_are_one_and_a_share_of_what_the_vector_says():
    """Weight 2, bias 0.5, vector 3: 1 + alpha 6.5; alpha starts at 0, and is 1 where it is not learned."""
    for rezero, bias, alpha, want in ((True, True, None, 1.0), (True, True, 0.5, 4.25), (False, True, None, 7.5),
                                      (False, False, None, 7.0)):
        style = Style(1, 1, rezero, bias)
        with torch.no_grad():
            style.affine_mod.weight.fill_(2.0)
            if bias:
                style.affine_mod.bias.fill_(0.5)
            if alpha is not None:
                style.re_alpha.fill_(alpha)
            assert float(style(torch.tensor([[3.0]]))) == want
    assert Style(1, 1).affine_mod.bias is not None and isinstance(Style(1, 1).re_alpha, torch.nn.Parameter)


def test_a_pair_is_two_styled_convolutions_each_behind_its_leaky_layer():
    torch.manual_seed(0)
    pair, image, style = ModulatedPair(2, 3, 4, 5), torch.rand(2, 2, 4, 4), torch.rand(2, 5)
    with torch.no_grad():
        first = pair.conv_block1(image, torch.ones(2, 2))
        second = pair.conv_block2(torch.where(first > 0, first, 0.01 * first), torch.ones(2, 3))
        torch.testing.assert_close(pair(image, style), torch.where(second > 0, second, 0.01 * second))
    for conv in (pair.conv_block1, pair.conv_block2):
        assert conv._demodulate


def test_a_learned_alpha_scales_what_comes_from_below():
    """With alpha 2 the same as a doubling whose filters and biases are twice as large."""
    torch.manual_seed(1)
    network = NetworkConfig(**SMALL, level_rezero=True)
    one = Deconvolutions(4, 3, network)
    image, skip, style = torch.rand(2, 4, 3, 2), torch.rand(2, 4, 6, 4), torch.rand(2, 8)
    with torch.no_grad():
        assert torch.equal(one(image, skip, style), one(2 * image, skip, style)), "alpha starts at 0"
        one.re_alpha.fill_(2.0)
        twice = one(image, skip, style)
        one.re_alpha.fill_(1.0)
        one.upsample[1].weight.mul_(2)
        one.upsample[1].bias.mul_(2)
        torch.testing.assert_close(twice, one(image, skip, style))
    assert Deconvolutions(4, 3, NetworkConfig(**SMALL)).re_alpha is None


def test_the_skip_is_what_stands_before_the_image_is_halved():
    torch.manual_seed(2)
    level = Convolutions(1, 3, "none")
    with torch.no_grad():
        smaller, skip = level(torch.randn(2, 1, 4, 6))
        assert skip.shape == (2, 3, 4, 6) and smaller.shape == (2, 3, 2, 3)
        torch.testing.assert_close(level.downsample(skip), smaller)


@pytest.mark.parametrize("size", [(6, 8), (8, 6), (2, 8)])
def test_both_sides_must_be_divisible(size):
    with pytest.raises(ValueError, match=rf"{size[0]} x {size[1]} pixels cannot be halved 2 times.*divisible by 4"):
        ViTModNet((1, *size), 1, NetworkConfig(**SMALL))
    assert ViTModNet((2, 4, 8), 3, NetworkConfig(**SMALL))(torch.rand(1, 2, 4, 8)).shape == (1, 3, 4, 8)
