"""Generators in one safetensors file with what is needed to rebuild them, and weights under the published names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from quakebook.training.config import from_dict, to_dict
from quakebook.training.files import RunError, atomic

from ..settings import NetworkConfig, ObjectiveConfig, Shapes, UvcganConfig
from .flow import decomposer


def save_generators(generators: Mapping[str, nn.Module], path: Path, settings: UvcganConfig, shapes: Shapes,
                    half: bool = False) -> Path:
    """Weights of gen_ab and gen_ba with network, norm and image shapes; `half` stores float16."""
    from safetensors.torch import save_file

    dtype = torch.float16 if half else torch.float32
    tensors = {f"{name}.{key}": value.detach().cpu().to(dtype).contiguous()
               for name, each in generators.items() for key, value in each.state_dict().items()}
    facts = {"network": json.dumps(to_dict(settings.network)), "objective": json.dumps(to_dict(settings.objective)),
             "shapes": json.dumps(shapes)}
    with atomic(path) as part:
        save_file(tensors, part, metadata=facts)
    return path


def load_generators(path: str | Path) -> tuple[dict[str, nn.Module], ObjectiveConfig, Shapes]:
    """Generators in evaluation mode, the objective (for its norm) and the shapes of A0, A1 and B.

    Raises
    ------
    RunError
        The file is absent, damaged or no file of generators.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), "pt") as file:
            facts = {key: json.loads(value) for key, value in (file.metadata() or {}).items()}
            tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        network = from_dict(NetworkConfig, facts["network"])
        shapes = tuple(tuple(shape) for shape in facts["shapes"])
        objective = from_dict(ObjectiveConfig, facts["objective"])
        made = {name: _rebuilt(name, network, objective, shapes, tensors) for name in ("gen_ab", "gen_ba")
                if any(key.startswith(f"{name}.") for key in tensors)}
        return made, objective, shapes
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise RunError(f"{path}: no readable file of generators ({str(error).splitlines()[0]})") from error


def _rebuilt(name: str, network: NetworkConfig, objective: ObjectiveConfig, shapes: Shapes,
             tensors: Mapping[str, Tensor]) -> nn.Module:
    b = shapes[2]
    own = {key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(f"{name}.")}
    channels_out = own["net.layer_output.weight"].shape[0]
    channels_in = b[0] if objective.method == "flow" else own["net.layer_input.0.weight"].shape[1]
    made = decomposer(network, objective, (channels_in, *b[1:]), channels_out)
    made.load_state_dict(own)
    return made.eval()


def load_published(network: nn.Module, path: str | Path) -> nn.Module:
    """Load a ``net_*.pth`` of the authors' program by its names, without running anything that a file may hold.

    Raises
    ------
    RunError
        Absent or unreadable, or names or shapes that differ; the message lists the first of them.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # pickle, zip, OS and runtime errors all mean the same to the reader
        raise RunError(f"{path}: not readable as weights ({str(error).splitlines()[0]})") from error
    state = {key.removeprefix("module."): value for key, value in state.items()}
    own = network.state_dict()
    wrong = [f"{key} is {'absent' if key not in state else tuple(state[key].shape)}, expected {tuple(own[key].shape)}"
             for key in own if key not in state or state[key].shape != own[key].shape]
    wrong += [f"{key} is not known" for key in state if key not in own]
    if wrong:
        raise RunError(f"{path} does not fit this network: {'; '.join(wrong[:3])}{' ...' if len(wrong) > 3 else ''}")
    network.load_state_dict(state)
    return network
