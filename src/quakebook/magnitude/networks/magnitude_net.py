"""MagnitudeNet (AMAG v2): a U-Net of stride 2 with LSTM and attention at the bottleneck."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .base import MagnitudeModel
from .unet import UNet

ATTENTION_HEADS = 4


class RecurrentAttention(nn.Module):
    """Bidirectional LSTM, self-attention without residual or positions, linear, dropout, batch norm, ReLU."""

    def __init__(self, channels: int, hidden: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, hidden, layers, batch_first=True, bidirectional=True,
                            dropout=dropout if layers > 1 else 0.0)
        self.attention = nn.MultiheadAttention(2 * hidden, ATTENTION_HEADS, dropout=dropout, batch_first=True)
        self.linear = nn.Linear(2 * hidden, channels)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.BatchNorm1d(channels, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(batch, channels, steps)`` to the same shape."""
        x, _ = self.lstm(x.transpose(1, 2))  # (B, steps, 2 hidden)
        x, _ = self.attention(x, x, x, need_weights=False)
        x = self.dropout(self.linear(x)).transpose(1, 2)  # (B, channels, steps)
        return torch.relu(self.norm(x))


class MagnitudeNet(MagnitudeModel):
    """Input ``(batch, 3 or 4, 3000)``, output ``(batch, 1, 3000)``; lengths 1500, 750, 375, 188 on the way."""

    def __init__(self, filter_factor: int = 1, norm: str = "std", amplitude: str = "none", label_offset: float = 0.0,
                 output_scale: float = 1.0, sampling_rate: float = 100.0, lstm_hidden: int = 128,
                 lstm_layers: int = 2, dropout: float = 0.2, in_samples: int = 3000) -> None:
        super().__init__(in_samples=in_samples, norm=norm, amplitude=amplitude, label_offset=label_offset,
                         output_scale=output_scale, sampling_rate=sampling_rate)
        if norm != "std":
            raise ValueError(f"MagnitudeNet scales by the standard deviation only; found norm={norm!r}")
        if 2 * lstm_hidden % ATTENTION_HEADS:
            raise ValueError(f"`lstm_hidden` must be even for {ATTENTION_HEADS} attention heads; found {lstm_hidden}")
        self.filter_factor, self.lstm_hidden = filter_factor, lstm_hidden
        self.lstm_layers, self.dropout = lstm_layers, dropout
        bottleneck = RecurrentAttention(128 * filter_factor, lstm_hidden, lstm_layers, dropout)
        self.unet = UNet(self.in_channels, filter_factor, stride=2, bottleneck=bottleneck)

    def forward(self, x: Tensor) -> Tensor:
        return self.output_scale * self.unet(x)
