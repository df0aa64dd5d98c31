"""Four ways to let station metadata act on the frames; each is the identity before training."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..data.metadata import Metadata
from .metadata_embedding import CATEGORICAL_WIDTH, CONTINUOUS_WIDTH, RESPONSE_WIDTH, MetadataEncoder

Fusion = Literal["none", "add", "film", "cross_attention", "concat"]
FUSIONS: tuple[Fusion, ...] = ("none", "add", "film", "cross_attention", "concat")


class MetadataFusion(nn.Module):
    """Frames (B, T, D) and metadata to conditioned frames (B, T, D); metadata None means a learned "nothing"."""

    def __init__(self, width: int, zero_encoder: bool) -> None:
        super().__init__()
        self.encoder = MetadataEncoder(width, zero=zero_encoder)

    def vector(self, frames: Tensor, metadata: Metadata | None) -> Tensor:
        """One vector per sample, (B, D)."""
        batch, device = len(frames), frames.device
        nothing = self.encoder.nothing.expand(batch, -1)
        if not metadata:
            return nothing
        vector = self.encoder.joined(self.encoder.parts(metadata, batch, device))
        hidden = self.encoder.hidden(batch, device)
        return vector if hidden is None else torch.where(hidden, nothing, vector)


class Add(MetadataFusion):
    """x + m."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width, zero_encoder=True)

    def forward(self, frames: Tensor, metadata: Metadata | None) -> Tensor:
        return frames + self.vector(frames, metadata)[:, None]


class Film(MetadataFusion):
    """(1 + gamma(m)) x + beta(m)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width, zero_encoder=False)
        self.film = nn.Linear(width, 2 * width)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)

    def forward(self, frames: Tensor, metadata: Metadata | None) -> Tensor:
        gamma, beta = self.film(self.vector(frames, metadata))[:, None].chunk(2, dim=-1)
        return (1 + gamma) * frames + beta


class Concat(MetadataFusion):
    """Linear([x, m]), started as [I, 0]."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width, zero_encoder=False)
        self.mix = nn.Linear(2 * width, width)
        nn.init.zeros_(self.mix.bias)
        with torch.no_grad():
            self.mix.weight.copy_(torch.cat([torch.eye(width), torch.zeros(width, width)], dim=1))

    def forward(self, frames: Tensor, metadata: Metadata | None) -> Tensor:
        vector = self.vector(frames, metadata)[:, None].expand_as(frames)
        return self.mix(torch.cat([frames, vector], dim=-1))


class CrossAttention(MetadataFusion):
    """Frames ask, eight metadata tokens answer: six codes, the numbers and the response curve.

    Without metadata the joined vector "nothing" is every token.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width, zero_encoder=False)
        self.heads = heads
        self.code, self.number, self.curve = (
            nn.Linear(n, width) for n in (CATEGORICAL_WIDTH, CONTINUOUS_WIDTH, RESPONSE_WIDTH))
        self.norm = nn.LayerNorm(width)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def tokens(self, frames: Tensor, metadata: Metadata | None) -> Tensor:
        """(B, 8, D). The joined vector is added to every token."""
        batch, device = len(frames), frames.device
        nothing = self.encoder.nothing.expand(batch, 8, -1)
        if not metadata:
            return nothing
        parts = self.encoder.parts(metadata, batch, device)
        tokens = torch.cat([self.code(parts[0]), self.number(parts[1])[:, None], self.curve(parts[2])[:, None]], dim=1)
        tokens = tokens + self.encoder.joined(parts)[:, None]
        hidden = self.encoder.hidden(batch, device)
        return tokens if hidden is None else torch.where(hidden[..., None], nothing, tokens)

    def forward(self, frames: Tensor, metadata: Metadata | None) -> Tensor:
        tokens = self.tokens(frames, metadata)
        q, k, v = (layer(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
                   for layer, x in ((self.q, self.norm(frames)), (self.k, tokens), (self.v, tokens)))
        answer = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(-2)
        return frames + self.out(answer)


_KINDS: dict[str, type[MetadataFusion]] = {"add": Add, "film": Film, "concat": Concat,
                                           "cross_attention": CrossAttention}


def build_fusion(kind: Fusion, width: int, heads: int) -> MetadataFusion | None:
    """The fusion of that name; None for "none"."""
    if kind not in FUSIONS:
        raise ValueError(f"unknown metadata fusion {kind!r}; known: {', '.join(FUSIONS)}")
    return None if kind == "none" else _KINDS[kind](width, heads)
