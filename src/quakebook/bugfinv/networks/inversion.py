"""The shared network of the Nash inversion paper: four temporal convolution blocks, four regression layers, 3 heads.

Every convolution keeps the length (zero padding, not causal). Published sizes: 1 497 483 parameters with 6 inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

CHANNELS = (90, 180, 180, 90)
REGRESSION = (128, 128, 64, 64)
QUICK_CHANNELS = (24, 48, 48, 24)
QUICK_REGRESSION = (32, 32, 32, 32)
KERNEL, DROPOUT = 9, 0.2


class TemporalBlock(nn.Module):
    """Weight-normalised conv, ReLU, dropout, twice; add the skip; ReLU. (B, n_in, T) -> (B, n_out, T)."""

    def __init__(self, n_in: int, n_out: int, dilation: int, kernel: int = KERNEL, dropout: float = DROPOUT,
                 init: Literal["default", "normal"] = "default") -> None:
        super().__init__()
        pad = (kernel - 1) // 2 * dilation
        convolutions = [nn.Conv1d(n, n_out, kernel, dilation=dilation, padding=pad) for n in (n_in, n_out)]
        if init == "normal":
            for conv in convolutions:
                nn.init.normal_(conv.weight, 0.0, 0.01)
        first, second = (weight_norm(conv) for conv in convolutions)
        self.body = nn.Sequential(first, nn.ReLU(), nn.Dropout(dropout), second, nn.ReLU(), nn.Dropout(dropout))
        self.skip = nn.Identity() if n_in == n_out else nn.Conv1d(n_in, n_out, 1)
        if isinstance(self.skip, nn.Conv1d):
            nn.init.normal_(self.skip.weight, 0.0, 0.01)  # the only weights that the code's N(0, 0.01^2) reaches

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.body(x) + self.skip(x))


class InversionNetwork(nn.Module):
    """Normalised gathers (B, n_in, T) to normalised Vp, Vs and density (B, 3, T), any T.

    Parameters
    ----------
    n_in : int
        6 angles, or 9 with the three low-frequency models.
    channels, regression : sequence of int
        Widths of the four blocks (dilations 1, 2, 4, 8) and of the four regression layers.
    dropout : float
    init : "default" or "normal"
        "normal" draws the block convolutions from N(0, 0.01^2), as the published code intends but does not do.
    """

    def __init__(self, n_in: int = 6, channels: Sequence[int] = CHANNELS, regression: Sequence[int] = REGRESSION,
                 dropout: float = DROPOUT, init: Literal["default", "normal"] = "default") -> None:
        super().__init__()
        widths = (n_in, *channels)
        self.encoder = nn.Sequential(*(TemporalBlock(a, b, 2**k, dropout=dropout, init=init)
                                       for k, (a, b) in enumerate(zip(widths[:-1], widths[1:], strict=True))))
        sizes, kernels = (channels[-1], *regression), (5, 3, 3, 3)
        self.regression = nn.Sequential(*(
            nn.Sequential(nn.Conv1d(a, b, k, padding=k // 2), nn.BatchNorm1d(b), nn.ReLU())
            for a, b, k in zip(sizes[:-1], sizes[1:], kernels, strict=True)))
        self.task1, self.task2, self.task3 = (nn.Conv1d(regression[-1], 1, 1) for _ in range(3))
        self.n_in, self.n_features = n_in, regression[-1]

    def forward(self, x: Tensor, with_features: bool = False) -> Tensor | tuple[Tensor, Tensor]:
        features = self.shared_encoder(x)  # (B, T, d)
        prediction = self.heads(features)  # (B, 3, T)
        return (features, prediction) if with_features else prediction

    def shared_encoder(self, x: Tensor) -> Tensor:
        """Shared features (B, T, d) of gathers (B, n_in, T)."""
        if x.ndim != 3 or x.shape[1] != self.n_in:
            raise ValueError(f"the network's input must have shape (batch, {self.n_in}, time); found {tuple(x.shape)}")
        return self.regression(self.encoder(x)).transpose(1, 2)

    def heads(self, features: Tensor) -> Tensor:
        """All three outputs (B, 3, T) of features (B, T, d)."""
        return torch.stack([self.vp_head(features), self.vs_head(features), self.density_head(features)], dim=1)

    def vp_head(self, features: Tensor) -> Tensor:
        """(B, T, d) -> (B, T)."""
        return _apply(self.task1, features)

    def vs_head(self, features: Tensor) -> Tensor:
        return _apply(self.task2, features)

    def density_head(self, features: Tensor) -> Tensor:
        return _apply(self.task3, features)

    def set_heads(self, weights: Tensor, bias: Tensor) -> None:
        """Write weights (3, d) and biases (3,) into the heads."""
        with torch.no_grad():
            for head, w, b in zip((self.task1, self.task2, self.task3), weights, bias, strict=True):
                head.weight.copy_(w.reshape(head.weight.shape))
                head.bias.copy_(b.reshape(1))

    def shared_parameters(self) -> list[nn.Parameter]:
        return [*self.encoder.parameters(), *self.regression.parameters()]

    def task_specific_parameters(self) -> list[nn.Parameter]:
        """Weight and bias of task 1, then of task 2, then of task 3."""
        return [p for head in (self.task1, self.task2, self.task3) for p in head.parameters()]

    def last_shared_parameters(self) -> list[nn.Parameter]:
        return list(self.regression[-1].parameters())


def _apply(head: nn.Conv1d, features: Tensor) -> Tensor:
    return nn.functional.linear(features, head.weight[:, :, 0], head.bias)[..., 0]


def receptive_field(n_blocks: int = 4, kernel: int = KERNEL, regression_kernels: Sequence[int] = (5, 3, 3, 3)) -> int:
    """Samples of the input that one output sample sees: 251 for the published sizes."""
    blocks = sum(2 * (kernel - 1) * 2**k for k in range(n_blocks))
    return 1 + blocks + sum(k - 1 for k in regression_kernels)
