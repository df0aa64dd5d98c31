"""EQTransformerMag after the README: convolutions, LSTMs, transformer encoder, and two ways to read it out."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

KERNELS = (11, 9, 7, 7, 5, 5, 3)
CHANNELS = (16, 32, 64, 96, 128, 128, 128)


class ConvBlock(nn.Sequential):
    """Convolution, batch norm, ReLU, max-pool by 2 (an odd last sample is kept)."""

    def __init__(self, channels_in: int, channels: int, kernel: int) -> None:
        super().__init__(nn.Conv1d(channels_in, channels, kernel, padding="same"), nn.BatchNorm1d(channels), nn.ReLU(),
                         nn.MaxPool1d(2, ceil_mode=True))


class ResidualConv(nn.Module):
    """x + convolution(dropout(ReLU(batch norm(x)))), kernel 3."""

    def __init__(self, channels: int, drop_rate: float) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.BatchNorm1d(channels), nn.ReLU(), nn.Dropout(drop_rate),
                                  nn.Conv1d(channels, channels, 3, padding="same"))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class LSTMBlock(nn.Module):
    """layer norm(x + BiLSTM(x)) on ``(batch, steps, width)``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(width, width // 2, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x + self.lstm(x)[0])


def sinusoids(steps: int, width: int, device: torch.device | str = "cpu") -> Tensor:
    """Positions as sines (even columns) and cosines (odd): shape ``(steps, width)``."""
    rate = torch.exp(torch.arange(0, width, 2, device=device) * (-math.log(10_000.0) / width))
    angle = torch.arange(steps, device=device)[:, None] * rate
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


class Trunk(nn.Module):
    """``(batch, channels, 3001)`` to ``(batch, 94, width)``, and the lengths that a decoder climbs back through."""

    def __init__(self, in_channels: int, filter_factor: int, cnn_blocks: int, lstm_blocks: int, width: int,
                 heads: int, layers: int, feedforward: int, drop_rate: float) -> None:
        super().__init__()
        channels = [in_channels] + [n * filter_factor for n in CHANNELS[:cnn_blocks]]
        self.blocks = nn.ModuleList(ConvBlock(a, b, k) for a, b, k in zip(channels[:-1], channels[1:], KERNELS,
                                                                         strict=False))
        self.residual = nn.Sequential(*(ResidualConv(channels[-1], drop_rate) for _ in range(2)))
        self.project = nn.Conv1d(channels[-1], width, 1)
        self.lstms = nn.Sequential(*(LSTMBlock(width) for _ in range(lstm_blocks)))
        layer = nn.TransformerEncoderLayer(width, heads, feedforward, drop_rate, activation="gelu", batch_first=True,
                                           norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)

    def forward(self, x: Tensor) -> tuple[Tensor, list[int]]:
        lengths = []
        for block in self.blocks:
            lengths.append(x.shape[-1])
            x = block(x)
        x = self.project(self.residual(x)).transpose(1, 2)  # (B, 94, width)
        x = self.lstms(x)
        return self.encoder(x + sinusoids(x.shape[1], x.shape[2], x.device).to(x.dtype)), lengths


class Decoder(nn.Module):
    """Mirror of the convolution blocks: nearest upsampling by 2, cropped to the encoder's lengths; then kernel 11."""

    def __init__(self, width: int, filter_factor: int, cnn_blocks: int, n_class: int) -> None:
        super().__init__()
        channels = [width] + [n * filter_factor for n in reversed(CHANNELS[:cnn_blocks])]
        self.convs = nn.ModuleList(
            nn.Conv1d(a, b, k, padding="same")
            for a, b, k in zip(channels[:-1], channels[1:], reversed(KERNELS[:cnn_blocks]), strict=True))
        self.out = nn.Conv1d(channels[-1], n_class, 11, padding="same")

    def forward(self, x: Tensor, lengths: list[int]) -> Tensor:
        for conv, length in zip(self.convs, reversed(lengths), strict=True):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")[:, :, :length]
            x = torch.relu(conv(x))
        return self.out(x)  # (B, n_class, T)


class AttentionPool(nn.Module):
    """One vector a record (softmax of a linear score over time), then linear, ReLU, dropout, linear."""

    def __init__(self, width: int, n_class: int, drop_rate: float) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1)
        self.readout = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Dropout(drop_rate), nn.Linear(64, n_class))

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(batch, steps, width)`` to ``(batch, n_class)``."""
        return self.readout((torch.softmax(self.score(x), dim=1) * x).sum(dim=1))
