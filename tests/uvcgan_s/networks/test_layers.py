"""Single layers against formulas and against PyTorch's own."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from quakebook.uvcgan_s.networks.modulation import ModulatedConv
from quakebook.uvcgan_s.networks.spectral import SpectralConv2d, attach_spectral_norm
from quakebook.uvcgan_s.networks.transformer import coordinates
from quakebook.uvcgan_s.networks.upsampling import Doubling


@pytest.mark.parametrize("channels, size", [(3, (4, 6)), (64, (2, 3))])
def test_doubling_equals_both_layers(channels, size):
    torch.manual_seed(0)
    layer = Doubling(channels).double()
    image = torch.rand(2, channels, *size, dtype=torch.float64, requires_grad=True)
    weights = torch.rand(2, channels, 2 * size[0], 2 * size[1], dtype=torch.float64)
    results = []
    for run in (layer, lambda x: layer[1](layer[0](x))):
        layer.zero_grad()
        image.grad = None
        output = run(image)
        (output * weights).sum().backward()
        results.append((output.detach(), image.grad.clone(), layer[1].weight.grad.clone()))
    for mine, plain in zip(*results, strict=True):
        torch.testing.assert_close(mine, plain)


def test_modulation_by_hand():
    """One pixel, one input channel: y = d (w s x + bias), d = 1 / sqrt(s^2 w^2 + 1e-6)."""
    layer = ModulatedConv(1, 1)
    with torch.no_grad():
        layer.conv.weight.zero_()
        layer.conv.weight[0, 0, 1, 1], layer.conv.bias[0] = 2.0, 0.5
        output = layer(torch.full((1, 1, 1, 1), 3.0), torch.tensor([[4.0]]))
    assert float(output.squeeze()) == pytest.approx((2 * 4 * 3 + 0.5) / (4**2 * 2**2 + 1e-6) ** 0.5)
    assert float(ModulatedConv(1, 1, demodulate=False)(torch.zeros(1, 1, 1, 1), torch.ones(1, 1)).detach().abs()) < 1


def test_published_coordinates_scatter_and_rows_do_not():
    x, y = coordinates(3, 8)
    assert [(int(x[0, k]), int(y[0, k])) for k in (0, 1, 3)] == [(0, 0), (0, 1), (1, 0)]
    x, y = coordinates(3, 8, "rows")
    assert [(int(x[0, k]), int(y[0, k])) for k in (1, 8)] == [(1, 0), (0, 1)]


def test_spectral_norm_equals_pytorchs():
    """Values, first and second derivatives, and the moved vectors, over three training passes and one in evaluation."""
    torch.manual_seed(1)
    mine = nn.Sequential(SpectralConv2d(2, 3, 3, padding=1), nn.Softplus(), SpectralConv2d(3, 1, 1)).double()
    plain = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.Softplus(), nn.Conv2d(3, 1, 1)).double()
    plain.load_state_dict(mine.state_dict())
    torch.manual_seed(2)
    attach_spectral_norm(mine)
    torch.manual_seed(2)
    for layer in (plain[0], plain[2]):
        parametrizations.spectral_norm(layer)
    assert list(mine.state_dict()) == list(plain.state_dict())
    plain.load_state_dict(copy.deepcopy(mine.state_dict()))
    image = torch.rand(2, 2, 4, 4, dtype=torch.float64)
    for _ in range(3):
        losses = []
        for network in (mine, plain):
            network.zero_grad()
            point = image.clone().requires_grad_(True)
            slope, = torch.autograd.grad(network(point).sum(), point, create_graph=True)
            loss = slope.square().sum() + network(image).mean()
            loss.backward()
            losses.append(loss.detach())
        torch.testing.assert_close(*losses)
        for (name, left), right in zip(mine.named_parameters(), plain.parameters(), strict=True):
            torch.testing.assert_close(left.grad, right.grad, msg=name)
        for (name, left), right in zip(mine.named_buffers(), plain.buffers(), strict=True):
            torch.testing.assert_close(left, right, msg=name)
    torch.testing.assert_close(mine.eval()(image), plain.eval()(image))
