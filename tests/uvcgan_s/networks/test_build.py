"""Published sizes, names and shapes of the networks, and equality with plain layers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from quakebook.uvcgan_s import build_networks, parameter_count
from quakebook.uvcgan_s.networks.build import TASKS, generator
from quakebook.uvcgan_s.settings import NetworkConfig

SMALL = NetworkConfig(features=16, heads=2, blocks=2, feed_forward=24, embed=12, levels=(8, 12), critic_levels=(4, 8),
                      critic_blocks=1)


@pytest.mark.parametrize("task, counts, entries", [
    ("sphenix", (32_086_291, 32_085_524), 223), ("toy_mix_blur", (32_193_527, 32_192_378), 241)])
def test_published_sizes(task, counts, entries):
    with torch.device("meta"):  # counts need no start weights
        network, shapes = TASKS[task]
        made = generator(network, (2 * shapes[0][0], *shapes[0][1:]), shapes[2][0])
        assert parameter_count(made) == counts[0]
        assert len(made.state_dict()) == entries
        assert parameter_count(generator(network, shapes[2], 2 * shapes[0][0])) == counts[1]


def test_calorimeter_networks_by_key_and_attribute():
    made = build_networks("sphenix")
    assert set(made.keys()) == {"gen_ab", "gen_ba", "disc_a0", "disc_a1", "disc_b"}
    assert made.disc_a1 is made["disc_a1"]
    assert {parameter_count(made[name]) for name in ("disc_a0", "disc_a1", "disc_b")} == {19_508_109}
    with torch.no_grad():
        image = torch.rand(2, 1, 24, 64)
        assert made.gen_ba(image).shape == (2, 2, 24, 64)
        assert made.disc_b(image).shape == (2, 1, 3, 8)
    names = set(made.gen_ab.state_dict())
    bottom = "net.modnet" + 3 * ".inner_module"
    inner = ("extra_tokens", "trans_input.x_const", "trans_input.embed.projector.bias", "trans_output.weight",
             "encoder.encoder.11.atten.in_proj_weight", "encoder.encoder.0.ffn.net.2.weight")
    for name in ("net.layer_input.0.weight", "net.layer_output.bias", "net.modnet.conv.block.block.4.weight",
                 "net.modnet.inner_module.conv.downsample.weight", "net.modnet.deconv.upsample.1.bias",
                 "net.modnet.deconv.block.style_block2.re_alpha", "net.modnet.deconv.block.conv_block1.conv.weight",
                 *(f"{bottom}.{name}" for name in inner)):
        assert name in names, name
    critic = set(made.disc_b.state_dict())
    for name in ("_body._net.blocks.0.net.0.parametrizations.weight.original", "_body._out.0.bias",
                 "_body._net.blocks.1.2.block.3.parametrizations.weight.0._u", "_body._net.blocks.7.0.re_alpha"):
        assert name in critic, name


def test_toy_critics_score_six_by_six_patches():
    made = build_networks("toy_mix_blur")
    assert parameter_count(made.disc_b) == 11_154_369
    with torch.no_grad():
        assert made.disc_b(torch.rand(1, 3, 256, 256)).shape == (1, 1, 6, 6)
    assert {"_body.model.0.weight", "_body.shrink_conv.weight"} <= set(made.disc_b.state_dict())


def test_slopes_of_leaky_layers_are_the_published_ones():
    """0.2 in CycleGAN's critic (PyTorch's own 0.01 elsewhere): what a negative number is multiplied by."""
    for task, name, slope in (("toy_mix_blur", "disc_b", 0.2), ("sphenix", "disc_b", 0.01),
                              ("sphenix", "gen_ab", 0.01)):
        layers = [layer for layer in build_networks(task)[name].modules() if isinstance(layer, nn.LeakyReLU)]
        assert {round(float(layer(torch.tensor(-1.0))), 6) for layer in layers} == {-slope}


def test_blocks_start_as_identities_and_styles_at_one():
    torch.manual_seed(0)
    made = generator(SMALL, (1, 8, 16), 2)
    for block in made.modules():
        if type(block).__name__ == "Block":
            tokens = torch.rand(2, 5, 16)
            assert torch.equal(block(tokens), tokens)
        if type(block).__name__ == "Style":
            assert torch.equal(block(torch.rand(3, 16)), torch.ones_like(block.affine_mod(torch.rand(3, 16))))


def test_start_weights_follow_their_rules():
    torch.manual_seed(0)
    made = build_networks(NetworkConfig(), ((1, 24, 64),) * 3)
    weight = made.gen_ab.net.modnet.inner_module.conv.block.block[4].weight
    assert float(weight.detach().std()) == pytest.approx((2 / (9 * 192)) ** 0.5, rel=0.02)
    raw = made.disc_b._body._net.blocks[7][0].block[0].parametrizations.weight.original
    assert float(raw.detach().std()) == pytest.approx(0.02, rel=0.02)
    assert float(made.disc_b._body._net.blocks[7][0].block[1].weight.detach().mean()) == pytest.approx(1.0, abs=0.01)
    assert all(not bool(layer.bias.any()) for layer in made.gen_ab.modules() if isinstance(layer, nn.Conv2d))


@pytest.mark.parametrize("critic", ["resnet", "n_layers"])
def test_every_head_scores_a_batch(critic):
    for head in ("batch-norm-1d", "batch-norm-2d", "batch-stdev", "batch-atten", "simple-average"):
        network = NetworkConfig(**{**vars(SMALL), "head": head, "critic": critic,
                                   "critic_blocks": int(critic == "resnet")})
        made = build_networks(network, ((1, 32, 32),) * 3)
        scores, body = made.disc_b(torch.rand(3, 1, 32, 32), torch.rand(4, *_body_shape(made)), with_body=True)
        assert len(scores) == len(body) == 3


def _body_shape(made):
    with torch.no_grad():
        return made.disc_a0(torch.rand(2, 1, 32, 32), with_body=True)[1].shape[1:]


def test_wrong_wishes_are_refused():
    with pytest.raises(ValueError, match="unknown task 'cms'; known: sphenix, toy_mix_blur"):
        build_networks("cms")
    with pytest.raises(ValueError, match="one height and width"):
        build_networks(SMALL, ((1, 8, 16), (1, 8, 8), (1, 8, 16)))
    with pytest.raises(ValueError, match="divisible by 4"):
        build_networks(SMALL, ((1, 8, 18),) * 3)


def test_shapes_are_wanted_for_all_three_domains():
    for shapes in (None, ((1, 8, 16),) * 2):
        with pytest.raises(ValueError, match="`shapes` must give .* of A0, A1 and B"):
            build_networks(SMALL, shapes)
    with pytest.raises(ValueError, match="one height and width"):
        build_networks(SMALL, ((1, 8, 16), (1, 8, 16), (1, 16, 16)))


def test_channels_of_every_network_follow_those_of_the_domains():
    """A0, A1 and B with 1, 2 and 4 channels: G_AB takes 3 to 4, G_BA 4 to 3, each critic its own."""
    made = build_networks(SMALL, ((1, 8, 16), (2, 8, 16), (4, 8, 16)))
    with torch.no_grad():
        assert made.gen_ab(torch.rand(1, 3, 8, 16)).shape[1] == 4
        assert made.gen_ba(torch.rand(1, 4, 8, 16)).shape[1] == 3
        for name, channels in (("a0", 1), ("a1", 2), ("b", 4)):
            assert made[f"disc_{name}"](torch.rand(1, channels, 8, 16)).shape[1] == 1
