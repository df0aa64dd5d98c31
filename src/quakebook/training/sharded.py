"""Whole states of networks and optimisers whose parts lie on several devices (`fsdp`).

Every process must call these; the result is the same as of an undivided network, so a checkpoint of eight devices
can be read on one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.distributed.checkpoint import state_dict as whole

_OPTIONS = whole.StateDictOptions(full_state_dict=True, cpu_offload=True)


def inner(network: nn.Module) -> nn.Module:
    """What a strategy made of a network, below Fabric's wrapper."""
    return getattr(network, "_forward_module", network)


def network_state(network: nn.Module) -> dict[str, Any]:
    """State dict of the whole network, on the CPU (empty in all processes but the first)."""
    return whole.get_model_state_dict(inner(network), options=_OPTIONS)


def load_network(network: nn.Module, state: dict[str, Any]) -> None:
    whole.set_model_state_dict(inner(network), state, options=_OPTIONS)


def optimiser_state(network: nn.Module, optimiser: Any) -> dict[str, Any]:
    """State of the optimiser that drives `network`, by names of parameters instead of their numbers."""
    return whole.get_optimizer_state_dict(inner(network), _bare(optimiser), options=_OPTIONS)


def load_optimiser(network: nn.Module, optimiser: Any, state: dict[str, Any]) -> None:
    whole.set_optimizer_state_dict(inner(network), _bare(optimiser), state, options=_OPTIONS)


def _bare(optimiser: Any) -> torch.optim.Optimizer:
    return getattr(optimiser, "optimizer", optimiser)
