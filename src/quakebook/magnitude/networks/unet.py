"""The U-Net of the magnitude models: PhaseNet's shape with a free stride, an optional bottleneck and no softmax."""

from __future__ import annotations

import torch
from torch import Tensor, nn

KERNEL = 7
LEVELS = 5
FILTERS_ROOT = 8


class Down(nn.Module):
    """Convolution, then (except at the deepest level) a strided convolution with three zeros on both sides.

    Both are followed by batch normalisation and ReLU. `bias` belongs to the strided convolution.
    """

    def __init__(self, channels_in: int, channels: int, stride: int | None, dropout: float, bias: bool) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels_in, channels, KERNEL, padding="same", bias=False)
        self.norm = nn.BatchNorm1d(channels, eps=1e-3)
        self.dropout = nn.Dropout(dropout)
        self.stride = stride
        if stride is not None:
            self.down = nn.Conv1d(channels, channels, KERNEL, stride, padding=KERNEL // 2, bias=bias)
            self.down_norm = nn.BatchNorm1d(channels, eps=1e-3)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Give the features before (skip) and after the strided convolution."""
        skip = self.dropout(torch.relu(self.norm(self.conv(x))))
        if self.stride is None:
            return skip, skip
        return skip, self.dropout(torch.relu(self.down_norm(self.down(skip))))


class Up(nn.Module):
    """Transposed convolution, cut to the skip's length about its centre, joined with it and convolved.

    `trim` samples are taken off both ends before the centre is looked for: PhaseNet takes one off the front and two off
    the back, which moves the centre by one sample where four are too many.
    """

    def __init__(self, channels_in: int, channels: int, stride: int, trim: tuple[int, int]) -> None:
        super().__init__()
        self.trim = trim
        self.up = nn.ConvTranspose1d(channels_in, channels, KERNEL, stride, bias=False)
        self.up_norm = nn.BatchNorm1d(channels, eps=1e-3)
        self.conv = nn.Conv1d(2 * channels, channels, KERNEL, padding="same", bias=False)
        self.norm = nn.BatchNorm1d(channels, eps=1e-3)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = torch.relu(self.up_norm(self.up(x)))
        first, last = self.trim
        start = first + (x.shape[-1] - first - last - skip.shape[-1]) // 2
        x = torch.cat([skip, x[:, :, start:start + skip.shape[-1]]], dim=1)
        return torch.relu(self.norm(self.conv(x)))


class UNet(nn.Module):
    """``(batch, in_channels, T)`` to ``(batch, 1, T)``; `bottleneck` maps ``(batch, 128 ff, T')`` to the same shape."""

    def __init__(self, in_channels: int, filter_factor: int, stride: int, *, dropout: float = 0.0,
                 down_bias: bool = False, trim: tuple[int, int] = (0, 0),
                 bottleneck: nn.Module | None = None) -> None:
        super().__init__()
        widths = [FILTERS_ROOT * filter_factor * 2 ** level for level in range(LEVELS)]
        self.first = nn.Conv1d(in_channels, widths[0], KERNEL, padding="same")
        self.first_norm = nn.BatchNorm1d(widths[0], eps=1e-3)
        self.down = nn.ModuleList(
            Down(widths[max(level - 1, 0)], widths[level], stride if level < LEVELS - 1 else None, dropout, down_bias)
            for level in range(LEVELS))
        self.bottleneck = nn.Identity() if bottleneck is None else bottleneck
        self.up = nn.ModuleList(Up(widths[level + 1], widths[level], stride, trim)
                                for level in reversed(range(LEVELS - 1)))
        self.out = nn.Conv1d(widths[0], 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.first_norm(self.first(x)))  # (B, 8 ff, T)
        skips = []
        for block in self.down:
            skip, x = block(x)
            skips.append(skip)
        x = self.bottleneck(x)  # (B, 128 ff, T / stride^4)
        for block, skip in zip(self.up, reversed(skips[:-1]), strict=True):
            x = block(x, skip)
        return self.out(x)  # (B, 1, T)
