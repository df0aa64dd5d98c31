"""Convolutional LSTM in one dimension (Shi et al. 2015)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ConvLSTM(nn.Module):
    """Recurrent over steps, convolutional inside a step.

    i, f, o, g = convolution([x_t, h_{t-1}]); c_t = sigmoid(f) c_{t-1} + sigmoid(i) tanh(g);
    h_t = sigmoid(o) tanh(c_t).
    """

    def __init__(self, in_channels: int, hidden: int, kernel: int = 3) -> None:
        super().__init__()
        self.hidden = hidden
        self.gates = nn.Conv1d(in_channels + hidden, 4 * hidden, kernel, padding="same")

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(batch, steps, channels, samples)`` to ``(batch, steps, hidden, samples)``."""
        h = x.new_zeros(x.shape[0], self.hidden, x.shape[-1])
        c = h
        outputs = []
        for step in x.unbind(1):
            i, f, o, g = self.gates(torch.cat([step, h], dim=1)).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs, dim=1)
