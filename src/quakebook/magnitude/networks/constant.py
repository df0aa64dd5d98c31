"""The answer that needs no seismogram: the mean magnitude of the training records."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Constant(nn.Module):
    """The training mean for every record; what any model has to beat."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros((), dtype=torch.float64))

    def fit(self, magnitude: Tensor) -> Constant:
        if not len(magnitude):
            raise ValueError("the mean of no magnitudes is undefined")
        self.mean.copy_(magnitude.double().mean())
        return self

    def forward(self, records: int) -> Tensor:
        return self.mean.expand(records)

    def get_model_args(self) -> dict:
        return {}
