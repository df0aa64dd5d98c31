"""What is minimised: one function for each kind of network."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

#: Keeps the logarithm of a vanishing probability finite.
TINY_PROBABILITY = 1e-5


def vector_cross_entropy(probability: Tensor, label: Tensor) -> Tensor:
    """Mean over the batch of - sum over classes of mean over samples of y log(p + 1e-5); both (batch, 3, samples)."""
    return -(label * torch.log(probability + TINY_PROBABILITY)).mean(-1).sum(-1).mean()


def mean_squared_error(prediction: Tensor, label: Tensor) -> Tensor:
    """Mean over everything; the label is broadcast over the output channels."""
    return (prediction - label).square().mean()


def gaussian_likelihood(prediction: Tensor, label: Tensor) -> Tensor:
    """0.5 exp(-s) (M - m)^2 + 0.5 s for outputs (m, s), shape (batch, 2), and magnitudes (batch, 1)."""
    mean, log_variance = prediction[:, :1], prediction[:, 1:]
    return (0.5 * torch.exp(-log_variance) * (label - mean).square() + 0.5 * log_variance).mean()


def mean_absolute_error(prediction: Tensor, label: Tensor) -> Tensor:
    """Mean over everything; the label is broadcast over the output channels."""
    return (prediction - label).abs().mean()


#: Losses that a network with one magnitude per sample or record can be trained with.
CHOICES = {"mse": mean_squared_error, "mae": mean_absolute_error}


def loss_of(model_type: str, family: str, choice: str = "published") -> Callable[[Tensor, Tensor], Tensor]:
    """Loss function of a model type: the published one, or "mse" or "mae" for the magnitude networks.

    The settings refuse another choice for a phase picker or MagNet.
    """
    if family == "phase":
        return vector_cross_entropy
    if choice != "published":
        return CHOICES[choice]
    return gaussian_likelihood if model_type == "magnet" else mean_squared_error
