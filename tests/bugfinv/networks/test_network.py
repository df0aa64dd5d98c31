"""Network: published sizes, shapes, receptive field; losses and the physics term."""

import math

import pytest
import torch
from torch import nn

from quakebook.bugfinv import AndrewsLoss, ForwardModel, InversionNetwork
from quakebook.bugfinv.networks.inversion import QUICK_CHANNELS, QUICK_REGRESSION, receptive_field
from quakebook.bugfinv.objective.losses import criterion, supervision_share
from quakebook.bugfinv.objective.seismic_loss import PhysicsLoss


def count(module):
    return sum(p.numel() for p in module.parameters())


@pytest.fixture(scope="module")
def small():
    torch.manual_seed(0)
    return InversionNetwork(channels=(6, 8, 8, 6), regression=(8, 8, 6, 5))


def test_published_sizes():
    network = InversionNetwork()
    assert count(network) == 1_497_483
    assert [count(b) for b in network.encoder] == [78_750, 454_500, 583_920, 235_350]
    assert [count(b) for b in network.regression] == [57_984, 49_536, 24_768, 12_480]
    assert sum(p.numel() for p in network.shared_parameters()) == 1_497_288
    assert [p.numel() for p in network.task_specific_parameters()] == [64, 1] * 3
    assert sum(p.numel() for p in network.last_shared_parameters()) == 12_480
    assert count(InversionNetwork(channels=QUICK_CHANNELS, regression=QUICK_REGRESSION)) == 111_267


@pytest.mark.parametrize("length", [96, 360, 7])
def test_shapes(small, length):
    x = torch.randn(2, 6, length)
    features, prediction = small(x, with_features=True)
    assert features.shape == (2, length, 5) and prediction.shape == (2, 3, length)
    assert small.vs_head(features).shape == (2, length)


def test_receptive_field_is_what_the_gradient_sees():
    torch.manual_seed(0)
    network = InversionNetwork(channels=(4,) * 4, regression=(4,) * 4).double().eval()
    x = torch.randn(1, 6, 401, dtype=torch.float64, requires_grad=True)
    features = network.encoder(x)
    for block in network.regression:
        features = block[0](features)  # without ReLU, so that nothing is cut off by chance
    features[0, :, 200].sum().backward()
    seen = x.grad.abs().sum((0, 1)).nonzero().flatten()
    assert receptive_field() == 251
    assert seen.min() >= 75 and seen.max() <= 325 and seen.max() - seen.min() >= 240


def test_heads_can_be_written(small):
    features = torch.randn(1, 9, 5)
    old = {k: v.clone() for k, v in small.state_dict().items()}
    small.set_heads(torch.ones(3, 5), torch.tensor([0.0, 1.0, 2.0]))
    assert torch.allclose(small.heads(features)[:, 2] - small.heads(features)[:, 0], torch.full((1, 9), 2.0))
    small.load_state_dict(old)


def test_initialisation():
    torch.manual_seed(0)
    network = InversionNetwork()
    assert network.encoder[0].skip.weight.std().item() == pytest.approx(0.01, rel=0.1)
    assert network.encoder[0].body[0].weight.std().item() == pytest.approx(0.078, rel=0.05)
    assert InversionNetwork(init="normal").encoder[0].body[0].weight.std().item() == pytest.approx(0.01, rel=0.05)


def test_wrong_input(small):
    with pytest.raises(ValueError, match=r"\(batch, 6, time\); found \(2, 3, 40\)"):
        small(torch.zeros(2, 3, 40))


def test_loss_falls_on_one_batch():
    torch.manual_seed(0)
    network = InversionNetwork(channels=(8,) * 4, regression=(8,) * 4, dropout=0.0)
    x, y = torch.randn(4, 6, 40), torch.randn(4, 3, 40)
    adam = torch.optim.Adam(network.parameters(), lr=1e-2)
    trail = []
    for _ in range(40):
        adam.zero_grad()
        loss = nn.functional.mse_loss(network(x), y)
        loss.backward()
        adam.step()
        trail.append(loss.item())
    assert trail[-1] < 0.6 * trail[0]


@pytest.mark.parametrize("r, value", [(0.0, 0.0), (0.5, 0.2231), (1.0, 0.5), (2.0, 1.5)])
def test_andrews_values(r, value):
    assert AndrewsLoss()(torch.tensor([r]), torch.zeros(1)).item() == pytest.approx(value, abs=1e-4)


def test_andrews_continuous():
    loss = AndrewsLoss(continuous=True)
    below, above = (loss(torch.tensor([r], dtype=torch.float64), torch.zeros(1)).item() for r in (1 - 1e-9, 1 + 1e-9))
    assert below == pytest.approx(above, abs=1e-8) and above == pytest.approx(math.log(2))


def test_criteria_by_name():
    assert supervision_share(500) == pytest.approx(0.659, abs=1e-3)
    with pytest.raises(ValueError, match="known are mse"):
        criterion("l1")


@pytest.mark.parametrize("mode", ["on", "reference"])
def test_physics_term(mode):
    mean, std = torch.tensor([3000.0, 1700.0, 2.3]), torch.tensor([500.0, 300.0, 0.1])
    term = PhysicsLoss(ForwardModel(0.002), mean, std, mean / 2, 0.0, 0.05, nn.MSELoss(), mode)
    prediction = torch.randn(2, 3, 50, generator=torch.Generator().manual_seed(0), requires_grad=True)
    gathers = term.forward(torch.log(prediction.detach() * std[:, None] + mean[:, None])) / 0.05
    assert term(prediction, gathers).item() == pytest.approx(0.0, abs=1e-8)
    loss = term(prediction, gathers + 1)
    assert loss.item() == pytest.approx(1.0, rel=1e-4) and loss.requires_grad == (mode == "on")
    if mode == "on":
        loss.backward()
        assert prediction.grad.abs().sum() > 0
    assert torch.isfinite(term(prediction * 1e4, gathers))


def test_physics_mode_is_checked():
    with pytest.raises(ValueError, match="'on' or 'reference'"):
        PhysicsLoss(ForwardModel(), *[torch.ones(3)] * 3, 0.0, 1.0, nn.MSELoss(), "off")
