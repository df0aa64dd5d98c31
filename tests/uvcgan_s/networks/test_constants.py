"""Published and chosen numbers of the networks, each against a value that the code does not make."""

import pytest
import torch

from quakebook.uvcgan_s.networks import build, heads, modulation, winograd_tiles
from quakebook.uvcgan_s.networks.initialise import initialise
from quakebook.uvcgan_s.networks.layers import activation


def test_a_batch_of_equal_bodies_deviates_by_the_root_of_what_is_added():
    """sqrt(0 + 1e-6) = 0.001 in the published batch deviation."""
    added = heads.BatchDeviation()(torch.ones(3, 2, 4, 4))[:, 2:]
    assert added.shape == (3, 1, 4, 4) and added.flatten().tolist() == pytest.approx([1e-3] * 48)


def test_styles_of_zero_leave_the_bias_a_thousandfold():
    """Bias 0.5 times (0 + 1e-6)^(-1/2)."""
    layer = modulation.ModulatedConv(2, 1)
    with torch.no_grad():
        layer.conv.bias.fill_(0.5)
        assert float(layer(torch.rand(1, 2, 1, 1), torch.zeros(1, 2))) == pytest.approx(500.0, rel=1e-5)


def test_start_weights_have_the_published_deviations():
    """N(0, 0.02) for critics with batch norms N(1, 0.02); Kaiming normal with fan-in n for generators: sqrt(2 / n)."""
    torch.manual_seed(0)
    made = torch.nn.Sequential(torch.nn.Conv2d(40, 50, 3), torch.nn.BatchNorm2d(20_000), torch.nn.Linear(200, 100))
    initialise(made, "normal")
    assert float(made[0].weight.detach().std()) == pytest.approx(0.02, rel=0.03)
    assert float(made[1].weight.detach().std()) == pytest.approx(0.02, rel=0.03)
    assert float(made[1].weight.detach().mean()) == pytest.approx(1.0, abs=0.001)
    assert float(made[0].weight.detach().mean()) == pytest.approx(0.0, abs=0.001)
    assert not any(bool(layer.bias.detach().any()) for layer in made)
    initialise(made, "kaiming")
    assert float(made[0].weight.detach().std()) == pytest.approx((2 / 360) ** 0.5, rel=0.03)
    assert float(made[2].weight.detach().std()) == pytest.approx((2 / 200) ** 0.5, rel=0.03)


@pytest.mark.parametrize(("name", "below", "above"), [("leakyrelu", -0.01, 1.0), ("relu", 0.0, 1.0), ("none", -1, 1.0),
                                                      ("tanh", -0.76159, 0.76159), ("sigmoid", 0.26894, 0.73106),
                                                      ("gelu", -0.15866, 0.84134)])
def test_activations_of_minus_one_and_one(name, below, above):
    assert activation(name)(torch.tensor([-1.0, 1.0])).tolist() == pytest.approx([below, above], abs=1e-5)


@pytest.mark.parametrize("name", ["batch-norm-1d", "batch-atten"])
def test_heads_give_one_score_an_image_unless_told(name):
    """With one attention head, one block and four times the features inside: 4 x 4 features for `batch-atten`."""
    made = heads.head(name, 4)
    assert made(torch.rand(3, 4, 2, 2)).shape == (3, 1)
    if name == "batch-atten":
        block, = made.attention.encoder
        assert block.atten.num_heads == 1 and block.ffn.net[0].out_features == 16
    assert heads.head("batch-norm-2d", 4)(torch.rand(3, 4, 2, 2)).shape == (3, 1, 2, 2)
    assert heads.head("batch-stdev", 4)(torch.rand(3, 4, 2, 2)).shape == (3, 1, 2, 2)
    assert heads.head("simple-average", 4)(torch.rand(3, 4, 2, 2)).shape == (3, 1, 1, 1)


def test_tasks_are_the_published_two():
    """Calorimeter (1, 24, 64), pictures (3, 256, 256); five layers 64, 128, 256, 512, 512 in the toy's critic."""
    assert {task: shapes for task, (_, shapes) in build.TASKS.items()} == {
        "sphenix": ((1, 24, 64),) * 3, "toy_mix_blur": ((3, 256, 256),) * 3}
    toy = build.TASKS["toy_mix_blur"][0]
    assert (toy.levels, toy.critic_levels, toy.critic_blocks) == ((48, 96, 192, 384), (64, 128, 256, 512, 512), 0)


def test_winograds_points_are_the_chosen_ones():
    """Any distinct points give the same convolution; these rounded least of those tried, and recorded runs had them."""
    assert winograd_tiles.POINTS == (0.0, 0.75, -0.75, 1.5, -1.5)
    assert (winograd_tiles.OUT, winograd_tiles.SEEN) == (4, 4 + 3 - 1)
