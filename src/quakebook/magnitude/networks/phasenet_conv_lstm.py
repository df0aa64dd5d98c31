"""PhaseNet with a convolutional LSTM at level 3, or the two plain convolutions of the published code."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .conv_lstm_cell import ConvLSTM
from .phasenet_trunk import PhaseNetTrunk

#: Level 3 is folded into steps of this many samples.
SAMPLES_PER_STEP = 4


class PhaseNetConvLSTM(PhaseNetTrunk):
    """Variants ``convlstm`` (real recurrence, default) and ``conv`` (what the published code does)."""

    def __init__(self, filter_factor: int = 1, norm: str = "std", phases: str = "PSN", sampling_rate: float = 100.0,
                 convlstm_hidden: int = 64, variant: str = "convlstm", norm_amp_per_comp: bool = False,
                 norm_detrend: bool = False, default_args: dict[str, Any] | None = None) -> None:
        super().__init__(filter_factor, norm, phases, sampling_rate, norm_amp_per_comp, norm_detrend, default_args)
        if variant not in ("convlstm", "conv"):
            raise ValueError(f"`variant` must be 'convlstm' or 'conv'; found {variant!r}")
        self.convlstm_hidden, self.variant = convlstm_hidden, variant
        if variant == "conv":
            self._build_convolutions(128 * filter_factor, convlstm_hidden)
        else:
            self._build_recurrence(64 * filter_factor, convlstm_hidden)

    def _build_convolutions(self, channels: int, hidden: int) -> None:
        self.block = nn.Sequential(
            nn.Conv1d(channels, hidden, 5, padding="same", bias=False), nn.BatchNorm1d(hidden, eps=1e-3), nn.ReLU(),
            nn.Conv1d(hidden, channels, 5, padding="same", bias=False), nn.BatchNorm1d(channels, eps=1e-3), nn.ReLU())

    def _build_recurrence(self, channels: int, hidden: int) -> None:
        self.onward = ConvLSTM(channels, hidden)
        self.backward_in_time = ConvLSTM(channels, hidden)
        self.merge = nn.Conv1d(2 * hidden, channels, 1, bias=False)
        self.merge_norm = nn.BatchNorm1d(channels, eps=1e-3)

    def at_level_3(self, x: Tensor) -> Tensor:
        if self.variant == "conv":
            return x
        batch, channels, samples = x.shape  # (B, 64 ff, 47)
        padded = F.pad(x, (0, -samples % SAMPLES_PER_STEP))
        steps = padded.reshape(batch, channels, -1, SAMPLES_PER_STEP).transpose(1, 2)  # (B, 12, 64 ff, 4)
        both = torch.cat([self.onward(steps), self.backward_in_time(steps.flip(1)).flip(1)], dim=2)
        unfolded = both.transpose(1, 2).reshape(batch, 2 * self.convlstm_hidden, -1)[:, :, :samples]
        return x + torch.relu(self.merge_norm(self.merge(unfolded)))

    def at_bottleneck(self, x: Tensor) -> Tensor:
        return x + self.block(x) if self.variant == "conv" else x
