"""Spectral norms made ahead of several passes, against PyTorch's own, one pass after the other."""

from __future__ import annotations

import copy
import types

import pytest
import torch
from torch import nn

from quakebook.uvcgan_s.networks.spectral import SpectralConv2d, ahead, attach_spectral_norm


def pair():
    """Two layers of one shape and one of another, ours and PyTorch's."""
    torch.manual_seed(0)
    ours = nn.Sequential(*(SpectralConv2d(3, 3, 3, padding=1) for _ in range(2)), SpectralConv2d(3, 5, 1))
    attach_spectral_norm(ours)
    theirs = copy.deepcopy(ours)
    for layer in theirs:
        layer.forward = types.MethodType(nn.Conv2d.forward, layer)
    return ours.double(), theirs.double()


def images(count):
    return [torch.randn(2, 3, 4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(k))
            for k in range(count)]


def test_passes_ahead_equal_pytorchs_one_by_one():
    ours, theirs = pair()
    with ahead([ours], 3):
        total = sum(ours(image).square().mean() for image in images(3))
    expected = sum(theirs(image).square().mean() for image in images(3))
    torch.testing.assert_close(total, expected, rtol=1e-10, atol=0)
    total.backward()
    expected.backward()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, other.grad, rtol=1e-8, atol=1e-12)
    for mine, other in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-10, atol=1e-14)


def test_passes_may_be_followed_backwards_one_by_one():
    ours, theirs = pair()
    with ahead([ours], 2):
        for image in images(2):
            ours(image).square().mean().backward()
    for image in images(2):
        theirs(image).square().mean().backward()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, other.grad, rtol=1e-8, atol=1e-12)


def test_a_pass_that_did_not_happen_is_told():
    ours, theirs = pair()
    with pytest.raises(RuntimeError, match="made for 2 passes of each network; 1 did not happen"), ahead([ours], 2):
        ours(images(1)[0])
    theirs(images(1)[0]), theirs(images(1)[0])
    torch.testing.assert_close(ours(images(1)[0]), theirs(images(1)[0]), rtol=1e-10, atol=1e-12)


def test_frozen_and_evaluated_layers():
    ours, theirs = pair()
    for network in (ours, theirs):
        network.requires_grad_(False)
    with ahead([ours], 1):
        torch.testing.assert_close(ours(images(1)[0]), theirs(images(1)[0]), rtol=1e-10, atol=1e-12)
    ours.eval(), theirs.eval()
    with ahead([ours], 1):  # nothing to iterate: the passes may as well be left out
        torch.testing.assert_close(ours(images(1)[0]), theirs(images(1)[0]), rtol=1e-10, atol=1e-12)
