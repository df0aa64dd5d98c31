"""Separations by generators whose weights are recorded, for any task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from quakebook.training import recorded
from quakebook.training.config import from_dict
from quakebook.training.recorded import Recorded

from ..data.normalise import norm_of
from ..networks.flow import decomposer
from ..scoring.translate import Separate, decompose
from ..settings import NetworkConfig, ObjectiveConfig
from . import CHAPTER


def separator(gen_ba: nn.Module, objective: ObjectiveConfig, channels_a0: int = 1) -> Separate:
    """A separation by a generator in evaluation mode, on the device of its weights."""
    norm, device = norm_of(objective), next(gen_ba.parameters()).device

    def separate(mixtures: Tensor) -> tuple[Tensor, Tensor]:
        with torch.inference_mode():
            return decompose(gen_ba, mixtures.to(device), norm, channels_a0)

    return separate


def rebuilt(result: Recorded, mixture: tuple[int, int, int], parts: int = 2, channels_a0: int = 1) -> Separate:
    """The separation that a recorded training ended with.

    Parameters
    ----------
    result : Recorded
        With weights of gen_ba and settings.
    mixture : (channels, height, width)
    parts : int
        Channels of background and signal together.
    """
    kept = result.facts["settings"]
    objective = from_dict(ObjectiveConfig, kept["objective"])
    network = decomposer(from_dict(NetworkConfig, kept["network"]), objective, mixture, parts)
    network.load_state_dict({key.removeprefix("gen_ba."): value.float() for key, value in result.weights.items()})
    return separator(network.eval(), objective, channels_a0)


def separators(names: Mapping[str, Iterable[str]], mixture: tuple[int, int, int],
               where: Path | None = None) -> dict[str, Separate]:
    """Of each method the separation by the first of its recorded trainings that keeps weights; without one, none."""
    made = {}
    for method, candidates in names.items():
        results = (recorded.read(CHAPTER, name, where) for name in candidates)
        first = next((result for result in results if result.has(".safetensors")), None)
        if first is not None:
            made[method] = rebuilt(first, mixture)
    return made
