"""The optimiser that the settings name."""

from __future__ import annotations

import torch
from torch.optim import Optimizer

from quakebook.magnitude.settings import OptimiserConfig


def make_optimiser(model: torch.nn.Module, wanted: OptimiserConfig) -> Optimizer:
    """Adam, AdamW or SGD with momentum 0.9."""
    settings = {"lr": wanted.lr, "weight_decay": wanted.weight_decay}
    if wanted.name == "sgd":
        return torch.optim.SGD(model.parameters(), momentum=0.9, **settings)
    return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[wanted.name](model.parameters(), **settings)
