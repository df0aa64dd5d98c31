"""Context encoder: a bidirectional Transformer with relative positions from a convolution."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from . import spectral

Position = Literal["conv", "learned", "sinusoidal"]
EPS = 1e-5
#: Kernel and groups of the positional convolution (wav2vec 2.0).
POSITION_KERNEL, POSITION_GROUPS = 128, 16
#: Longest sequence of the learned table.
MAX_POSITIONS = 3000


class ConvPosition(nn.Module):
    """A grouped, weight-normalised convolution over frames whose output is added to its input.

    An even kernel gives one frame too many; the last is dropped.
    """

    def __init__(self, width: int, kernel: int = POSITION_KERNEL, groups: int = POSITION_GROUPS) -> None:
        super().__init__()
        conv = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=groups)
        nn.init.normal_(conv.weight, std=math.sqrt(4.0 / (kernel * width)))
        nn.init.zeros_(conv.bias)
        self.conv = weight_norm(conv, name="weight", dim=2)

    def forward(self, x: Tensor) -> Tensor:
        conv, frames = self.conv, x.transpose(1, 2)
        weight = conv.weight  # normalised anew each time it is read
        if spectral.pays(frames, weight):
            position = spectral.convolved(frames, weight, conv.bias, conv.groups, conv.padding[0])
        else:
            position = F.conv1d(frames, weight, conv.bias, padding=conv.padding,
                                groups=conv.groups)[..., : x.shape[1]]
        return x + F.gelu(position).transpose(1, 2)


class TablePosition(nn.Module):
    """A learned or sinusoidal vector per frame number, added."""

    def __init__(self, width: int, learned: bool, longest: int = MAX_POSITIONS) -> None:
        super().__init__()
        frame = torch.arange(longest)[:, None]
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
        table = torch.zeros(longest, width)
        table[:, 0::2], table[:, 1::2] = torch.sin(frame * rate), torch.cos(frame * rate)[:, : width // 2]
        if learned:
            self.table = nn.Parameter(torch.randn(longest, width) * 0.02)
        else:
            self.register_buffer("table", table, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[1] > len(self.table):
            raise ValueError(f"at most {len(self.table)} frames have a position; found {x.shape[1]}")
        return x + self.table[: x.shape[1]]


class Attention(nn.Module):
    """Multi-head self-attention with four projections, through PyTorch's fused kernel."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        b, t, d = x.shape
        q, k, v = (layer(x).view(b, t, self.heads, d // self.heads).transpose(1, 2)
                   for layer in (self.q, self.k, self.v))
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout if self.training else 0.0)
        return self.out(y.transpose(1, 2).reshape(b, t, d))


class TransformerBlock(nn.Module):
    """Pre-norm block: x + MHA(LN x), then x + FFN(LN x); or post-norm: LN(x + MHA x), then LN(x + FFN x)."""

    def __init__(self, width: int, heads: int, hidden: int, dropout: float, attention_dropout: float,
                 pre_norm: bool = True) -> None:
        super().__init__()
        self.pre_norm = pre_norm
        self.attention_norm, self.norm = nn.LayerNorm(width, eps=EPS), nn.LayerNorm(width, eps=EPS)
        self.attention = Attention(width, heads, attention_dropout)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        if not self.pre_norm:
            x = self.attention_norm(x + self.dropout(self.attention(x)))
            return self.norm(x + self.dropout(self.down(F.gelu(self.up(x)))))
        x = x + self.dropout(self.attention(self.attention_norm(x)))
        return x + self.dropout(self.down(F.gelu(self.up(self.norm(x)))))


class ContextEncoder(nn.Module):
    """Frames (B, T, D) to contexts (B, T, D).

    Parameters
    ----------
    width, depth, heads, hidden : int
        D, blocks, attention heads, width of the feed-forward layer.
    dropout, attention_dropout, layer_drop : float
    position : {"conv", "learned", "sinusoidal"}
    position_kernel : int
        Frames of the positional convolution.
    """

    def __init__(self, width: int, depth: int, heads: int, hidden: int, dropout: float = 0.1,
                 attention_dropout: float = 0.1, layer_drop: float = 0.0, position: Position = "conv",
                 position_kernel: int = POSITION_KERNEL, pre_norm: bool = True) -> None:
        super().__init__()
        self.pre_norm = pre_norm
        if width % heads:
            raise ValueError(f"the width {width} is no multiple of the {heads} attention heads")
        groups = POSITION_GROUPS if width % POSITION_GROUPS == 0 else 1
        self.position = (ConvPosition(width, position_kernel, groups) if position == "conv"
                         else TablePosition(width, position == "learned"))
        self.blocks = nn.ModuleList(TransformerBlock(width, heads, hidden, dropout, attention_dropout, pre_norm)
                                    for _ in range(depth))
        self.norm, self.dropout, self.layer_drop = nn.LayerNorm(width, eps=EPS), nn.Dropout(dropout), layer_drop
        self.apply(_initialise)

    def forward(self, x: Tensor, condition: Callable[[Tensor], Tensor] | None = None,
                condition_layers: tuple[int, ...] = (), keep: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Contexts and, with `keep`, the input of the first block and the output of each block.

        `condition` is applied before the blocks named in `condition_layers` (metadata fusion).
        """
        x = self.position(x)
        x = self.dropout(x if self.pre_norm else self.norm(x))
        kept = [x] if keep else []
        for i, block in enumerate(self.blocks):
            if condition is not None and i in condition_layers:
                x = condition(x)
            if not (self.training and self.layer_drop and bool(torch.rand(()) < self.layer_drop)):
                x = block(x)
            if keep:
                kept.append(x)
        return (self.norm(x) if self.pre_norm else x), kept


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)
