"""The bottleneck of a generator: pixels as tokens, one learned token more, and what it says as a style."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Positions = Literal["published", "rows"]


def coordinates(height: int, width: int, order: Positions = "published") -> tuple[Tensor, Tensor]:
    """x and y of every token, (1, height * width) each, in pixels.

    Pixels run row by row. "published" counts as the authors' program does, width first: token l has x = l div height
    and y = l mod height, which scatters neighbours unless the map is square; their weights need it. "rows" gives
    every token its own place.
    """
    x, y = torch.arange(width, dtype=torch.float32), torch.arange(height, dtype=torch.float32)
    if order == "rows":
        return x.repeat(height)[None], y.repeat_interleave(width)[None]
    return x.repeat_interleave(height)[None], y.repeat(width)[None]


class PositionCode(nn.Module):
    """sin(W (x, y) + b) of coordinates scaled to -1 ... 1."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.projector = nn.Linear(2, features)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return torch.sin(self.projector(torch.stack([x, y], dim=-1)))


class TokenInput(nn.Module):
    """Position code and pixel features side by side, through one linear layer."""

    def __init__(self, channels: int, embed: int, features: int, height: int, width: int, order: Positions) -> None:
        super().__init__()
        x, y = coordinates(height, width, order)
        self.register_buffer("x_const", x)
        self.register_buffer("y_const", y)
        self._last = max(width - 1, 1), max(height - 1, 1)
        self.embed = PositionCode(embed)
        self.output = nn.Linear(embed + channels, features)

    def forward(self, tokens: Tensor) -> Tensor:
        x, y = 2 * self.x_const / self._last[0] - 1, 2 * self.y_const / self._last[1] - 1
        code = self.embed(x, y).expand(len(tokens), -1, -1)
        return self.output(torch.cat([code, tokens], dim=2))  # (B, tokens, features)


class FeedForward(nn.Module):
    """features -> hidden -> features with exact GELU."""

    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(features, hidden), nn.GELU(), nn.Linear(hidden, features))

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class Block(nn.Module):
    """Pre-norm block: y = x + alpha MHA(LN x), z = y + alpha FFN(LN y), with one alpha that starts at 0."""

    def __init__(self, features: int, heads: int, hidden: int, rezero: bool = True) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(features), nn.LayerNorm(features)
        self.atten = nn.MultiheadAttention(features, heads, batch_first=True)
        self.ffn = FeedForward(features, hidden)
        self.re_alpha = nn.Parameter(torch.zeros(1)) if rezero else 1.0

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.re_alpha * self._attend(self.norm1(x))
        return x + self.re_alpha * self.ffn(self.norm2(x))

    def _attend(self, x: Tensor) -> Tensor:
        """What the layer itself computes, in fewer operations: all three projections stay together."""
        layer = self.atten
        joint = F.linear(x, layer.in_proj_weight, layer.in_proj_bias).unflatten(2, (3, layer.num_heads, -1))
        mixed = F.scaled_dot_product_attention(*joint.permute(2, 0, 3, 1, 4).unbind())  # (B, heads, tokens, features)
        return layer.out_proj(mixed.transpose(1, 2).flatten(2))


class Encoder(nn.Module):
    """Blocks in a row, without a norm at the end."""

    def __init__(self, features: int, heads: int, hidden: int, blocks: int, rezero: bool) -> None:
        super().__init__()
        self.encoder = nn.Sequential(*(Block(features, heads, hidden, rezero) for _ in range(blocks)))

    def forward(self, tokens: Tensor) -> Tensor:
        return self.encoder(tokens)


class PixelTransformer(nn.Module):
    """Image (B, C, H, W) -> image of the same shape, and the style (B, features * extra_tokens)."""

    def __init__(self, channels: int, height: int, width: int, *, features: int, heads: int, blocks: int, hidden: int,
                 embed: int, extra_tokens: int, rezero: bool, order: Positions) -> None:
        super().__init__()
        self.trans_input = TokenInput(channels, embed, features, height, width, order)
        self.encoder = Encoder(features, heads, hidden, blocks, rezero)
        self.extra_tokens = nn.Parameter(torch.randn(1, extra_tokens, features))
        self.trans_output = nn.Linear(features, channels)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.trans_input(image.flatten(2).transpose(1, 2))  # (B, H W, features)
        extra = self.extra_tokens.expand(len(image), -1, -1)
        tokens = self.encoder(torch.cat([tokens, extra], dim=1))
        count = tokens.shape[1] - extra.shape[1]
        output = self.trans_output(tokens[:, :count]).transpose(1, 2)
        return output.reshape(image.shape), tokens[:, count:].flatten(1)
