"""Winograd's convolution against PyTorch's own: values, both derivatives, the derivative of a derivative, and when."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from quakebook.uvcgan_s.networks import winograd, winograd_products
from quakebook.uvcgan_s.networks.winograd import Conv3x3, convolve, pays, shared_filters
from quakebook.uvcgan_s.networks.winograd_tiles import parts


def drawn(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@pytest.mark.parametrize("size", [(4, 4), (8, 12), (3, 8), (6, 17), (1, 1)])
def test_values_and_derivatives_equal_pytorchs(size):
    image, weight = drawn(3, 5, *size).requires_grad_(), drawn(7, 5, 3, 3, seed=1).requires_grad_()
    ours, theirs = convolve(image, weight), F.conv2d(image, weight, padding=1)
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
    slope = drawn(*ours.shape, seed=2)
    for mine, other in zip(torch.autograd.grad(ours, (image, weight), slope),
                           torch.autograd.grad(theirs, (image, weight), slope), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-11, atol=1e-11)


def test_derivatives_of_derivatives():
    image, weight = drawn(2, 3, 5, 6).requires_grad_(), drawn(2, 3, 3, 3, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(convolve, (image, weight))
    assert torch.autograd.gradgradcheck(convolve, (image, weight))


def test_a_penalty_on_the_images_derivative_equals_pytorchs():
    image, weight = drawn(2, 3, 8, 8).requires_grad_(), drawn(4, 3, 3, 3, seed=1).requires_grad_()
    found = []
    for form in (convolve, lambda x, w: F.conv2d(x, w, padding=1)):
        slope, = torch.autograd.grad(form(image, weight).square().sum(), image, create_graph=True)
        found.append(torch.autograd.grad(slope.square().sum(), weight)[0])
    torch.testing.assert_close(*found, rtol=1e-11, atol=1e-9)


def test_rounding_in_single_precision_stays_small():
    image, weight = drawn(2, 96, 24, 32, dtype=torch.float32), drawn(96, 96, 3, 3, seed=1, dtype=torch.float32)
    exact = F.conv2d(image.double(), weight.double(), padding=1)
    error = (convolve(image, weight) - exact).norm() / exact.norm()
    assert error < 5e-6


def test_large_batches_go_in_parts():
    """Many small pieces give what one piece gives, forwards and backwards."""
    image, weight = drawn(6, 4, 8, 8).requires_grad_(), drawn(4, 4, 3, 3, seed=1).requires_grad_()
    assert len(parts(image, 4)) == 6
    whole = F.conv2d(image, weight, padding=1)
    for mine, other in zip(torch.autograd.grad(convolve(image, weight).square().sum(), (image, weight)),
                           torch.autograd.grad(whole.square().sum(), (image, weight)), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-11, atol=1e-10)


def test_it_is_used_where_it_pays():
    many, few = torch.zeros(4, 64, 24, 64), torch.zeros(4, 48, 24, 64)
    assert pays(many, torch.zeros(64, 64, 3, 3))
    assert not pays(few, torch.zeros(64, 48, 3, 3))
    assert not pays(torch.zeros(4, 512, 3, 8), torch.zeros(512, 512, 3, 3))
    assert not pays(many, torch.zeros(64, 64, 2, 2))
    assert not pays(many.bfloat16(), torch.zeros(64, 64, 3, 3, dtype=torch.bfloat16))
    assert not pays(torch.zeros(4, 64, 24, 64, device="meta"), torch.zeros(64, 64, 3, 3, device="meta"))
    with torch.autocast("cpu"):
        assert not pays(many, torch.zeros(64, 64, 3, 3))


def test_the_layer_adds_its_bias():
    torch.manual_seed(0)
    layer, image = Conv3x3(64, 64), drawn(2, 64, 8, 8, dtype=torch.float32)
    torch.nn.init.normal_(layer.bias)
    assert pays(image, layer.weight)
    expected = F.conv2d(image, layer.weight, layer.bias, padding=1)
    torch.testing.assert_close(layer(image), expected, rtol=1e-4, atol=1e-4)


def test_shared_filters_are_made_once_and_forgotten(monkeypatch):
    made = []
    monkeypatch.setattr(winograd, "filters_of", lambda weight: made.append(1) or winograd_products.filters_of(weight))
    image, weight = drawn(2, 3, 4, 4), drawn(2, 3, 3, 3, seed=1).requires_grad_()
    with shared_filters():
        total = convolve(image, weight).sum() + convolve(2 * image, weight).sum()
    assert len(made) == 1
    expected = 3 * F.conv2d(image, weight, padding=1).sum()
    for mine, other in zip(torch.autograd.grad(total, weight), torch.autograd.grad(expected, weight), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-11, atol=1e-11)
    with torch.no_grad():
        weight.mul_(2)
    torch.testing.assert_close(convolve(image, weight), F.conv2d(image, weight, padding=1), rtol=1e-12, atol=1e-12)
    assert len(made) == 2


def test_where_it_begins_to_pay():
    """64 channels, and a twelfth as many tiles of 4 x 4 as the larger number of channels: 8 tiles for 96."""
    def paying(count, height, width, inside, out):
        return pays(torch.zeros(count, inside, height, width), torch.zeros(out, inside, 3, 3))

    assert paying(8, 4, 4, 64, 96) and not paying(8, 4, 4, 64, 97) and paying(9, 4, 4, 64, 97)
    assert not paying(100, 4, 4, 63, 64) and not paying(100, 4, 4, 64, 63)
    assert paying(2, 5, 8, 64, 96) and not paying(2, 4, 8, 64, 96), "a fifth row needs tiles of its own"
    assert paying(2, 8, 5, 64, 96)


def test_images_are_laid_out_for_the_way_that_is_taken():
    many, few = torch.zeros(2, 64, 24, 64), torch.zeros(2, 8, 24, 64)
    assert winograd.laid_out(many, torch.zeros(64, 64, 3, 3)).is_contiguous(memory_format=torch.channels_last)
    assert winograd.laid_out(few, torch.zeros(8, 8, 3, 3)).is_contiguous()
