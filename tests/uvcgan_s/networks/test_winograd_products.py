"""The products' derivatives, and which of them are taken."""

from __future__ import annotations

import torch

from quakebook.uvcgan_s.networks import winograd_products
from quakebook.uvcgan_s.networks.winograd import convolve
from quakebook.uvcgan_s.networks.winograd_products import images_only


def test_derivatives_wanted_in_images_alone_cost_no_others(monkeypatch):
    """The filters' derivative is left out inside; the second derivative still reaches the weights."""
    calls = []
    compared = winograd_products._Compared.forward
    monkeypatch.setattr(winograd_products._Compared, "forward",
                        staticmethod(lambda ctx, *given: calls.append(1) or compared(ctx, *given)))
    image = torch.randn(1, 2, 8, 8, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(2, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    value = convolve(image, weight).pow(3).sum()
    with images_only():
        alone, = torch.autograd.grad(value, image, create_graph=True)
    assert not calls
    both = torch.autograd.grad(value, (image, weight), create_graph=True)
    assert len(calls) == 1
    torch.testing.assert_close(alone, both[0])
    torch.testing.assert_close(*(torch.autograd.grad(slope.square().sum(), weight, retain_graph=True)[0]
                                 for slope in (alone, both[0])))
