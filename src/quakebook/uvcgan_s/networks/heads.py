"""Heads of a critic that look at a whole batch. The published tasks use none (`idt`)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import activation

#: Under the root of the variance over the batch.
VARIANCE_EPS = 1e-6
HEADS = ("idt", "batch-norm-1d", "batch-norm-2d", "batch-stdev", "batch-atten", "simple-average")


class BatchDeviation(nn.Module):
    """Appends one channel: the standard deviation over the batch, averaged over features and places."""

    def forward(self, body: Tensor) -> Tensor:
        deviation = torch.sqrt(body.var(dim=0, unbiased=False) + VARIANCE_EPS).mean()
        return torch.cat([body, deviation.expand(len(body), 1, *body.shape[2:])], dim=1)


class FlatNorm(nn.Module):
    """Mean over places, linear, batch norm, LeakyReLU, linear: one score an image."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(features, features), nn.BatchNorm1d(features), activation("leakyrelu"),
                                 nn.Linear(features, 1))

    def forward(self, body: Tensor) -> Tensor:
        return self.net(body.mean(dim=(2, 3)))


class BatchAttention(nn.Module):
    """Images of a batch attend to each other: mean over places, linear, one pre-norm block, linear to one score."""

    def __init__(self, features: int, heads: int = 1) -> None:
        super().__init__()
        from .transformer import Block

        self.embed, self.attention = nn.Linear(features, features), Block(features, heads, 4 * features)
        self.score = nn.Linear(features, 1)

    def forward(self, body: Tensor) -> Tensor:
        tokens = self.embed(body.mean(dim=(2, 3)))[None]  # (1, B, features)
        return self.score(self.attention(tokens)[0])


def _convolutions(channels: int, features: int) -> list[nn.Module]:
    return [nn.Conv2d(channels, features, 3, padding=1), activation("leakyrelu"), nn.Conv2d(features, 1, 3, padding=1)]


def head(name: str, features: int) -> nn.Module:
    """A head by its published name for a body of that many features."""
    if name not in HEADS:
        raise ValueError(f"unknown head {name!r}; known: {', '.join(HEADS)}")
    if name == "batch-norm-1d":
        return FlatNorm(features)
    if name == "batch-atten":
        return BatchAttention(features)
    layers = {"idt": [nn.Identity()],
              "batch-norm-2d": [nn.BatchNorm2d(features), *_convolutions(features, features)],
              "batch-stdev": [BatchDeviation(), *_convolutions(features + 1, features)],
              "simple-average": [nn.Conv2d(features, 1, 3, padding=1), nn.AdaptiveAvgPool2d(1)]}[name]
    return layers[0] if name == "idt" else nn.Sequential(*layers)
