"""Separations by the generators whose weights are recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from quakebook.training import recorded
from quakebook.training.config import from_dict

from ..data.normalise import norm_of
from ..networks.build import generator
from ..scoring.translate import decompose
from ..settings import NetworkConfig, ObjectiveConfig
from ..studies.methods import LEARNED, Separate
from .jets import CHAPTER, seeds

#: Channels, rows and columns of a mixture, and channels of background and signal together.
MIXTURE, PARTS = (1, 24, 64), 2


def separator(gen_ba: nn.Module, objective: ObjectiveConfig) -> Separate:
    """A separation by a generator in evaluation mode, on the device of its weights."""
    norm, device = norm_of(objective), next(gen_ba.parameters()).device

    def separate(mixtures: Tensor) -> tuple[Tensor, Tensor]:
        with torch.inference_mode():
            return decompose(gen_ba, mixtures.to(device), norm, MIXTURE[0])

    return separate


def separators(where: Path | None = None) -> dict[str, Separate]:
    """Separations from recorded weights: of each method the first seed that keeps them; empty where none does."""
    made = {}
    for method in LEARNED:
        for name in seeds(method, where):
            result = recorded.read(CHAPTER, name, where)
            if method not in made and result.has(".safetensors"):
                made[method] = _rebuilt(result.weights, result.facts["settings"])
    return made


def _rebuilt(weights: dict[str, Tensor], kept: dict[str, Any]) -> Separate:
    network = generator(from_dict(NetworkConfig, kept["network"]), MIXTURE, PARTS)
    network.load_state_dict({key.removeprefix("gen_ba."): value.float() for key, value in weights.items()})
    return separator(network.eval(), from_dict(ObjectiveConfig, kept["objective"]))
