"""Product quantiser with Gumbel noise: the discrete targets of wav2vec 2.0."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Quantised:
    """Targets and what the losses and statistics need.

    Attributes
    ----------
    vectors : Tensor, shape (..., codevector width)
    codes : Tensor, shape (..., groups), int64
    probabilities : Tensor or None, shape (..., groups, codes)
        Softmax of the logits without noise; None for a quantiser without logits.
    commitment : Tensor
        Mean squared distance of inputs to their codes; 0 where there is none.
    """

    vectors: Tensor
    codes: Tensor
    probabilities: Tensor | None
    commitment: Tensor


class GumbelQuantiser(nn.Module):
    """l = W f + b; training: hard one-hot of (l + Gumbel noise) / tau with the gradient of its softmax; else argmax l.

    Parameters
    ----------
    inputs : int
        Width of the features.
    groups, codes, width : int
        G, V and the width of the joined codevector.
    scale_logits : bool
        Divide l by sqrt(inputs). Features have unit variance and W too, so that without it the softmax of an untrained
        quantiser is nearly one-hot.
    temperature : float
        tau; a buffer, because a recorded step must see its change.
    """

    def __init__(self, inputs: int, groups: int = 2, codes: int = 320, width: int = 256, scale_logits: bool = True,
                 temperature: float = 2.0) -> None:
        super().__init__()
        if width % groups:
            raise ValueError(f"the codevector width {width} is no multiple of the {groups} codebooks")
        self.groups, self.codes, self.width = groups, codes, width
        self.scale = 1 / math.sqrt(inputs) if scale_logits else 1.0
        self.logits = nn.Linear(inputs, groups * codes)
        nn.init.normal_(self.logits.weight)
        nn.init.zeros_(self.logits.bias)
        self.book = nn.Parameter(torch.rand(groups, codes, width // groups))
        self.register_buffer("temperature", torch.tensor(float(temperature)), persistent=False)

    def forward(self, features: Tensor, noise: Tensor | None = None, weights: Tensor | None = None) -> Quantised:
        """Features (..., inputs) to targets. `noise` (..., G, V) replaces the drawn Gumbel noise.

        `weights` is the interface of the averaging quantiser and changes nothing here.
        """
        with torch.autocast(features.device.type, enabled=False):
            logits = (self.logits(features.to(self.logits.weight.dtype)) * self.scale).unflatten(
                -1, (self.groups, self.codes))
            if self.training:
                noise = gumbel(logits) if noise is None else noise
                soft = ((logits + noise) / self.temperature).softmax(-1)
                codes = soft.argmax(-1)
                hard = torch.zeros_like(soft).scatter_(-1, codes[..., None], 1.0)
                chosen = hard + soft - soft.detach()
                vectors = torch.einsum("...gv,gvc->...gc", chosen, self.book).flatten(-2)
            else:
                codes = logits.argmax(-1)
                vectors = lookup(self.book, codes)
            return Quantised(vectors, codes, logits.softmax(-1), features.new_zeros((), dtype=torch.float32))


def gumbel(like: Tensor) -> Tensor:
    """Gumbel noise -ln E of the shape of `like`, E exponential: the minimum keeps it finite."""
    return -torch.empty_like(like).exponential_().clamp_min(torch.finfo(like.dtype).tiny).log()


def lookup(book: Tensor, codes: Tensor) -> Tensor:
    """Joined code vectors (..., G c) of codes (..., G) in a book (G, V, c)."""
    return torch.cat([book[g][codes[..., g]] for g in range(len(book))], dim=-1)
