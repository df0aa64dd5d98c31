"""Batch norm differentiated twice against PyTorch's own."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from quakebook.uvcgan_s.networks.batch_norm import BatchNorm2d, counted_together, differentiated_twice


def layers():
    torch.manual_seed(0)
    ours, theirs = BatchNorm2d(3).double(), nn.BatchNorm2d(3).double()
    nn.init.normal_(ours.weight)
    nn.init.normal_(ours.bias)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def penalty(layer, image):
    """Slopes of a penalty on the image's derivative, which also holds values that depend on the image."""
    image = image.clone().requires_grad_()
    with differentiated_twice():
        value = layer(image).pow(3).sum()
    slope, = torch.autograd.grad(value, image, create_graph=True)
    return torch.autograd.grad(slope.square().sum(), (image, layer.weight, layer.bias)), value


def test_a_penalty_equals_pytorchs():
    ours, theirs = layers()
    image = torch.randn(4, 3, 5, 6, dtype=torch.float64)
    (mine, own), (other, value) = penalty(ours, image), penalty(theirs, image)
    torch.testing.assert_close(own, value)
    for found, expected in zip(mine, other, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)
    for found, expected in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
        torch.testing.assert_close(found, expected)


def test_a_weight_of_zero_has_a_finite_slope():
    ours, theirs = layers()
    with torch.no_grad():
        ours.weight[1] = theirs.weight[1] = 0
    image = torch.randn(4, 3, 5, 6, dtype=torch.float64)
    for found, expected in zip(penalty(ours, image)[0], penalty(theirs, image)[0], strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)


def test_outside_it_is_pytorchs_own():
    ours, theirs = layers()
    image = torch.randn(4, 3, 5, 6, dtype=torch.float64)
    assert torch.equal(ours(image), theirs(image))
    assert torch.equal(ours.eval()(image), theirs.eval()(image))
    with differentiated_twice():
        assert torch.equal(ours(image), theirs(image))
        with pytest.raises(ValueError, match="more than 1 value per channel"):
            ours.train()(torch.zeros(1, 3, 1, 1, dtype=torch.float64))


def test_a_third_derivative_is_refused():
    ours, _ = layers()
    image = torch.randn(2, 3, 4, 4, dtype=torch.float64, requires_grad=True)
    with differentiated_twice():
        value = ours(image).pow(3).sum()
    slope, = torch.autograd.grad(value, image, create_graph=True)
    second, = torch.autograd.grad(slope.square().sum(), image, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        second.sum().backward()


def test_passes_are_counted_together_as_pytorch_counts_them(monkeypatch):
    (ours, theirs), (other, its) = layers(), layers()
    image, added = torch.randn(4, 3, 5, 6, dtype=torch.float64), []
    whole = torch._foreach_add_
    monkeypatch.setattr(torch, "_foreach_add_", lambda counters, often: (
        added.append((len(counters), often)), whole(counters, often)))
    with counted_together():
        for _ in range(2):
            assert torch.equal(ours(image), theirs(image)) and torch.equal(other(image), its(image))
        with differentiated_twice():
            assert torch.equal(ours(image), theirs(image))
        ours.eval()(image)
        assert int(ours.num_batches_tracked) == 0
    for found, expected in ((ours, theirs), (other, its)):
        for name, value in expected.state_dict().items():
            assert torch.equal(found.state_dict()[name], value), name
    assert added == [(1, 2), (1, 3)] and int(ours.num_batches_tracked) == 3
    ours.train()(image)
    assert int(ours.num_batches_tracked) == 4
