"""PhaseNet with an LSTM in place of the bottleneck."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .phasenet_trunk import PhaseNetTrunk


class PhaseNetLSTM(PhaseNetTrunk):
    """The 12 bottleneck steps (128 ff channels) pass an LSTM, a 1x1 convolution, batch normalisation and ReLU.

    The block replaces the bottleneck features, it does not add to them.
    """

    def __init__(self, filter_factor: int = 1, norm: str = "std", phases: str = "PSN", sampling_rate: float = 100.0,
                 lstm_hidden_size: int | None = None, lstm_num_layers: int = 1, lstm_bidirectional: bool = True,
                 norm_amp_per_comp: bool = False, norm_detrend: bool = False,
                 default_args: dict[str, Any] | None = None) -> None:
        super().__init__(filter_factor, norm, phases, sampling_rate, norm_amp_per_comp, norm_detrend, default_args)
        channels = 128 * filter_factor
        self.lstm_hidden_size = channels if lstm_hidden_size is None else lstm_hidden_size
        self.lstm_num_layers = lstm_num_layers
        self.lstm_bidirectional = lstm_bidirectional
        self.lstm = nn.LSTM(channels, self.lstm_hidden_size, lstm_num_layers, batch_first=True,
                            bidirectional=lstm_bidirectional)
        self.lstm_out = nn.Conv1d(self.lstm_hidden_size * (2 if lstm_bidirectional else 1), channels, 1)
        self.lstm_norm = nn.BatchNorm1d(channels, eps=1e-3)

    def at_bottleneck(self, x: Tensor) -> Tensor:
        x, _ = self.lstm(x.transpose(1, 2))  # (B, 12, directions x hidden)
        return torch.relu(self.lstm_norm(self.lstm_out(x.transpose(1, 2))))  # (B, 128 ff, 12)
