"""The lean step against the published order of operations, in float64."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from quakebook.bluedisc.networks.discriminator import Discriminator
from quakebook.bluedisc.networks.generator import SHARED_FORWARD_MOMENTUM, Generator, set_batchnorm_momentum
from quakebook.bluedisc.objective.losses import Weights
from quakebook.bluedisc.objective.steps import adversarial_step, data_step

STEPS = 5


def _adam(network):
    return torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.0, 0.999))


def _batches(dtype=torch.float64):
    generator = torch.Generator().manual_seed(3)
    time = torch.arange(3001, dtype=dtype)
    for _ in range(STEPS):
        x = torch.randn(3, 3, 3001, generator=generator, dtype=dtype)
        picks = 3000 * torch.rand(3, 2, 1, generator=generator, dtype=dtype)
        y = torch.exp(-((time - picks) ** 2) / 800.0)
        yield x, torch.cat([y, 1 - y.sum(1, keepdim=True).clamp(max=1)], 1)


def _published_step(g, d, g_opt, d_opt, x, y, gan_weight, data_weight):
    """Three generator forwards, real and fake judged twice: the reference's order, plainly."""
    bce = functional.binary_cross_entropy_with_logits
    one, zero = torch.ones(len(x), 1, dtype=x.dtype), torch.zeros(len(x), 1, dtype=x.dtype)
    if gan_weight:
        fake = torch.sigmoid(g(x, logits=True).detach())
        d_loss = 0.5 * (bce(d(torch.cat([y, x], 1)), one) + bce(d(torch.cat([fake, x], 1)), zero))
        d_opt.zero_grad()
        d_loss.backward()
        d_opt.step()
    g_loss = 0.0
    if gan_weight:
        fake = torch.sigmoid(g(x, logits=True))
        d(torch.cat([y, x], 1))
        g_loss = gan_weight * bce(d(torch.cat([fake, x], 1)), one)
    g_loss = (g_loss + data_weight * bce(g(x, logits=True), y)) / (gan_weight + data_weight)
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()


def _assert_same(network, oracle, statistics=True, atol=1e-11):
    for (name, ours), theirs in zip(network.state_dict().items(), oracle.state_dict().values(), strict=True):
        if "num_batches_tracked" in name or (not statistics and "running" in name):
            continue
        # BatchNorm cancels the first bias: its gradient is nothing but rounding, which Adam divides by eps = 1e-8.
        bound = 1e-9 if name == "inc.bias" else atol
        torch.testing.assert_close(ours, theirs, rtol=0, atol=bound, msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize(("gan_weight", "data_weight"), [(1.0, 4000.0), (1.0, 0.0)])
@pytest.mark.parametrize("published_statistics", [False, True])
def test_five_adversarial_steps_equal_the_published_order(gan_weight, data_weight, published_statistics):
    torch.manual_seed(42)
    g, d = Generator().double(), Discriminator().double()
    g_oracle, d_oracle = copy.deepcopy(g), copy.deepcopy(d)
    set_batchnorm_momentum(g, SHARED_FORWARD_MOMENTUM)
    optimisers = {"generator": _adam(g), "discriminator": _adam(d)}
    oracle_optimisers = _adam(g_oracle), _adam(d_oracle)
    for x, y in _batches():
        adversarial_step(g, d, optimisers, torch.Tensor.backward, x, y, Weights(gan_weight, data_weight),
                         published_statistics=published_statistics)
        _published_step(g_oracle, d_oracle, *oracle_optimisers, x, y, gan_weight, data_weight)
    atol = 1e-11 if data_weight else 1e-9  # without the data loss some gradients are as small as their rounding
    _assert_same(g, g_oracle, atol=atol)
    _assert_same(d, d_oracle, statistics=published_statistics, atol=atol)


def test_five_data_steps_equal_the_published_order():
    torch.manual_seed(42)
    g = Generator().double()
    g_oracle = copy.deepcopy(g)
    optimiser, oracle_optimiser = _adam(g), _adam(g_oracle)
    for x, y in _batches():
        data_step(g, optimiser, torch.Tensor.backward, x, y)
        _published_step(g_oracle, None, oracle_optimiser, None, x, y, 0.0, 1.0)
    _assert_same(g, g_oracle)


def test_discriminator_is_left_trainable_and_logged_numbers_are_detached():
    g, d = Generator(), Discriminator()
    optimisers = {"generator": _adam(g), "discriminator": _adam(d)}
    x, y = next(_batches(torch.float32))
    numbers = adversarial_step(g, d, optimisers, torch.Tensor.backward, x, y, Weights(1.0, 4000.0))
    assert all(p.requires_grad for p in d.parameters()) and all(isinstance(m, nn.Module) for m in (g, d))
    assert all(value.ndim == 0 and not value.requires_grad for value in numbers.values())
    expected = (numbers["g_SGAN_loss"] + 4000 * numbers["g_data_loss"]) / 4001
    torch.testing.assert_close(numbers["g_loss"], expected)


class Scaled(nn.Module):
    """Logits: the waveforms times a weight."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(2.0, dtype=torch.float64))

    def forward(self, x, logits=False):
        assert logits
        return self.weight * x


class Summed(nn.Module):
    """Verdict: a weight times the sum of the three curves."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(0.5, dtype=torch.float64))

    def forward(self, curves):
        return self.weight * curves[:, :3].sum((1, 2))[:, None]


@pytest.mark.parametrize(("gan_weight", "data_weight"), [(1.0, 4000.0), (1.0, 0.0), (2.0, 3.0)])
def test_logged_numbers_by_hand(gan_weight, data_weight):
    """One sample of each channel; labels 1, 0, 0 and 0, 1, 1; the discriminator learns between its verdicts."""
    x = torch.tensor([[[1.0], [-1.0], [0.0]], [[0.5], [0.0], [2.0]]], dtype=torch.float64)
    y = torch.tensor([[[1.0], [0.0], [0.0]], [[0.0], [1.0], [1.0]]], dtype=torch.float64)
    generator, judge, clipped = Scaled(), Summed(), []
    optimisers = {name: torch.optim.SGD(network.parameters(), lr=0.1)
                  for name, network in (("generator", generator), ("discriminator", judge))}
    numbers = adversarial_step(generator, judge, optimisers, torch.Tensor.backward, x, y,
                               Weights(gan_weight, data_weight), clip=clipped.append)
    assert clipped == ["discriminator", "generator"]
    sizes = torch.sigmoid(2 * x).sum((1, 2)), y.sum((1, 2))
    fake, real = (0.5 * size for size in sizes)
    soft = functional.softplus
    d_loss = (soft(-real).mean() + soft(fake).mean()) / 2
    slope = (-(torch.sigmoid(-real) * sizes[1]).mean() + (torch.sigmoid(fake) * sizes[0]).mean()) / 2
    judged = (0.5 - 0.1 * slope) * sizes[0]
    data = functional.binary_cross_entropy_with_logits(2 * x, y)
    gan = soft(-judged).mean()
    wanted = {"d_loss": d_loss, "d_SGAN_loss": d_loss, "d_SGAN_real": real.mean(), "d_SGAN_fake": fake.mean(),
              "g_SGAN_fake": judged.mean(), "g_SGAN_loss": gan, "g_data_loss": data,
              "g_loss": (gan_weight * gan + data_weight * data) / (gan_weight + data_weight)}
    assert {name: float(value) for name, value in numbers.items()} == pytest.approx(
        {name: float(value) for name, value in wanted.items()})
    assert judge.weight.item() == pytest.approx(0.5 - 0.1 * float(slope)) and judge.weight.requires_grad
    assert generator.weight.item() != 2.0


def test_a_data_step_by_hand():
    """One logit 2 with label 1: loss ln(1 + e^-2), slope -x (1 - sigmoid 2), a step of a tenth of it."""
    generator, clipped = Scaled(), []
    x = torch.ones(1, 1, 1, dtype=torch.float64)
    numbers = data_step(generator, torch.optim.SGD(generator.parameters(), lr=0.1), torch.Tensor.backward, x, x,
                        clipped.append)
    assert float(numbers["g_loss"]) == float(numbers["g_data_loss"]) == pytest.approx(0.126928, abs=1e-6)
    assert generator.weight.item() == pytest.approx(2 + 0.1 * 0.119203, abs=1e-6) and clipped == ["generator"]
