"""The road down and up through PhaseNet's own layers, with two places where a recurrent block may stand."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .phasenet import PhaseNet

KERNEL = 7


def same_padding(samples: int, stride: int, kernel: int = KERNEL) -> tuple[int, int]:
    """Zeros left and right so that a strided convolution answers ceil(samples / stride) values (TensorFlow's "same").

    Examples
    --------
    >>> same_padding(3001, 4), same_padding(751, 4), same_padding(188, 4)
    ((3, 3), (2, 2), (1, 2))
    """
    total = max((-(-samples // stride) - 1) * stride + kernel - samples, 0)
    return total // 2, total - total // 2


class PhaseNetTrunk(PhaseNet):
    """PhaseNet whose bottleneck and level 3 pass through `at_bottleneck` and `at_level_3` (identity here)."""

    def at_level_3(self, x: Tensor) -> Tensor:
        """Features ``(batch, 64 ff, 47)`` before they are kept as skip."""
        return x

    def at_bottleneck(self, x: Tensor) -> Tensor:
        """Features ``(batch, 128 ff, 12)``."""
        return x

    def forward(self, x: Tensor, logits: bool = False) -> Tensor:
        x = torch.relu(self.in_bn(self.inc(x)))  # (B, 8 ff, 3001)
        skips = []
        for level, (conv, norm, down, down_norm) in enumerate(self.down_branch):
            x = torch.relu(norm(conv(x)))
            if down is None:
                break
            x = self.at_level_3(x) if level == 3 else x
            skips.append(x)
            padding = (0, 0) if level == 0 else same_padding(x.shape[-1], down.stride[0])  # level 0 pads by itself
            x = torch.relu(down_norm(down(F.pad(x, padding))))  # 751, 188, 47, 12 samples
        x = self.at_bottleneck(x)
        for up_block, skip in zip(self.up_branch, reversed(skips), strict=True):
            x = self._climb(up_block, skip, x)
        x = self.out(x)  # (B, 3, 3001)
        return x if logits else self.softmax(x)

    @staticmethod
    def _climb(up_block: nn.ModuleList, skip: Tensor, x: Tensor) -> Tensor:
        up, up_norm, conv, norm = up_block
        x = torch.relu(up_norm(up(x)))[:, :, 1:-2]
        start = (x.shape[-1] - skip.shape[-1]) // 2
        x = torch.cat([skip, x[:, :, start:start + skip.shape[-1]]], dim=1)
        return torch.relu(norm(conv(x)))
