"""Activations and norms by the names that the published settings use."""

from __future__ import annotations

from torch import nn

from .batch_norm import BatchNorm2d

#: Slope of every LeakyReLU except those of the `n_layers` critic.
LEAKY_SLOPE = 0.01


def activation(name: str) -> nn.Module:
    """A layer by name: none, leakyrelu (slope 0.01), relu, gelu (exact), tanh, sigmoid."""
    kinds = {"none": nn.Identity, "leakyrelu": lambda: nn.LeakyReLU(LEAKY_SLOPE), "relu": nn.ReLU, "gelu": nn.GELU,
             "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
    if name not in kinds:
        raise ValueError(f"unknown activation {name!r}; known: {', '.join(kinds)}")
    return kinds[name]()


def norm(name: str, features: int) -> nn.Module:
    """A normalisation of images by name: none, batch, instance (without parameters)."""
    kinds = {"none": lambda _: nn.Identity(), "batch": BatchNorm2d, "instance": nn.InstanceNorm2d}
    if name not in kinds:
        raise ValueError(f"unknown norm {name!r}; known: {', '.join(kinds)}")
    return kinds[name](features)
