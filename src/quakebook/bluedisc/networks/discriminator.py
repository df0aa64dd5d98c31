"""The discriminator that judges the shape of a prediction together with its waveform."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .generator import check_windows


class Discriminator(nn.Module):
    """BlueDisc: real or fake, from a curve and its waveform (138,369 parameters).

    Three strided convolutions with BatchNorm and LeakyReLU(0.1), then one linear layer, as in the published code.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.ModuleList([
            nn.Conv1d(6, 64, 11, stride=2, padding=1, bias=False),
            nn.Conv1d(64, 64, 11, stride=2, padding=1, bias=False),
            nn.Conv1d(64, 128, 5, stride=2, padding=1, bias=False),
        ])
        self.norm = nn.ModuleList([nn.BatchNorm1d(64), nn.BatchNorm1d(64), nn.BatchNorm1d(128)])
        self.slope = 0.1
        self.linear = nn.Linear(128 * 372, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logit of "real" for (label or sigmoid(prediction), waveform), joined along the channels.

        (b, 6, 3001) -> (b, 1)
        """
        check_windows(x, channels=6)
        channels_last = x.device.type == "cpu" and x.dtype == torch.float32
        x = x.unsqueeze(2)  # (b, 6, 1, 3001): as 2-D images CPUs offer a layout that is a third faster
        x = x.contiguous(memory_format=torch.channels_last) if channels_last else x
        x = self._stage(0, x)  # (b, 64, 1, 1497)
        x = self._stage(1, x)  # (b, 64, 1, 745)
        x = self._stage(2, x)  # (b, 128, 1, 372)
        return self.linear(x.flatten(1))  # (b, 1)

    def _stage(self, k: int, x: Tensor) -> Tensor:
        conv, norm = self.conv[k], self.norm[k]
        x = nn.functional.conv2d(x, conv.weight.unsqueeze(2), stride=(1, conv.stride[0]), padding=(0, conv.padding[0]))
        x = nn.functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, self.training,
                                     norm.momentum, norm.eps)
        return nn.functional.leaky_relu(x, self.slope, inplace=True)  # BatchNorm's backward does not need its output
