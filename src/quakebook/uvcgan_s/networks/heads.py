"""Heads of a critic that look at a whole batch, as the published program builds them. Its tasks use none (`idt`)."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn

from .layers import activation

#: Under the root of the variance over the batch.
VARIANCE_EPS = 1e-6
HEADS = ("idt", "batch-norm-1d", "batch-norm-2d", "batch-stdev", "batch-atten", "simple-average")


def flat(body: Tensor, places: Literal["average", "flatten"] = "average") -> Tensor:
    """Features of each image (B, C): the mean over places of (B, C, H, W), or all C H W of them in a row."""
    return body if body.ndim == 2 else body.flatten(2).mean(2) if places == "average" else body.flatten(1)


class BatchDeviation(nn.Module):
    """Appends one channel: the standard deviation over the batch, averaged over features and places."""

    def forward(self, body: Tensor) -> Tensor:
        deviation = torch.sqrt(body.var(dim=0, unbiased=False) + VARIANCE_EPS).mean()
        return torch.cat([body, deviation.expand(len(body), 1, *body.shape[2:])], dim=1)


class FlatNorm(nn.Module):
    """Linear, batch norm over the batch, ReLU, linear: features of each image to its scores.

    Parameters
    ----------
    features : int
        Of the body; with ``places="flatten"`` times its places.
    middle : int, optional
        Between both layers, default as many as `features`.
    scores : int
        Of each image.
    """

    def __init__(self, features: int, middle: int | None = None, scores: int = 1,
                 places: Literal["average", "flatten"] = "average") -> None:
        super().__init__()
        middle, self._places = middle or features, places
        self.net = nn.Sequential(nn.Linear(features, middle), nn.BatchNorm1d(middle), activation("relu"),
                                 nn.Linear(middle, scores))

    def forward(self, body: Tensor) -> Tensor:
        return self.net(flat(body, self._places))  # (B, scores)


class BatchAttention(nn.Module):
    """The images of a batch are the tokens of a transformer: linear, pre-norm blocks (`transformer.Block`), linear.

    Parameters
    ----------
    features : int
        Of the body; with ``places="flatten"`` times its places.
    width, hidden, heads, blocks : int
        Of the transformer: features of a token (default those of the body), of its feed-forward layer (default four
        times as many), attention heads, blocks.
    scores : int
        Of each image.
    rezero : bool
        Blocks start as identities, so that at first every image is scored alone.
    """

    def __init__(self, features: int, width: int | None = None, hidden: int | None = None, heads: int = 1,
                 blocks: int = 1, scores: int = 1, rezero: bool = True,
                 places: Literal["average", "flatten"] = "average") -> None:
        super().__init__()
        from .transformer import Encoder

        width, self._places = width or features, places
        self.embed = nn.Linear(features, width)
        self.attention = Encoder(width, heads, hidden or 4 * width, blocks, rezero)
        self.score = nn.Linear(width, scores)

    def forward(self, body: Tensor) -> Tensor:
        tokens = self.embed(flat(body, self._places))[None]  # (1, B, width)
        return self.score(self.attention(tokens)[0])  # (B, scores)


def _convolutions(channels: int, middle: int, scores: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(channels, middle, 3, padding=1), activation("relu"), nn.Conv2d(middle, scores, 3, padding=1)]


def head(name: str, features: int, **options: Any) -> nn.Module:
    """A head by its published name for a body of that many features.

    Parameters
    ----------
    name : str
        One of `HEADS`.
    features : int
    **options
        Of `FlatNorm` and `BatchAttention`; the other heads have none.

    Raises
    ------
    ValueError
        Unknown name; the message lists what exists.
    """
    if name not in HEADS:
        raise ValueError(f"unknown head {name!r}; known: {', '.join(HEADS)}")
    if name == "batch-norm-1d":
        return FlatNorm(features, **options)
    if name == "batch-atten":
        return BatchAttention(features, **options)
    if options:
        raise ValueError(f"head {name!r} has no options; found {', '.join(options)}")
    layers = {"idt": [nn.Identity()],
              "batch-norm-2d": [nn.BatchNorm2d(features), *_convolutions(features, features)],
              "batch-stdev": [BatchDeviation(), *_convolutions(features + 1, features)],
              "simple-average": [nn.Conv2d(features, 1, 3, padding=1), nn.AdaptiveAvgPool2d(1)]}[name]
    return layers[0] if name == "idt" else nn.Sequential(*layers)
