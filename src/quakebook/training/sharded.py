"""Networks whose parts lie on several devices (`fsdp`), and the whole states of them and of their optimisers.

Every process must call these; a state is the same as of an undivided network, so a checkpoint of eight devices can be
read on one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.distributed.checkpoint import state_dict as whole

_OPTIONS = whole.StateDictOptions(full_state_dict=True, cpu_offload=True)


def shard(network: nn.Module, mesh: Any) -> nn.Module:
    """The same network, each process keeping its part of every parameter between two uses (torch's FSDP2).

    A network may say what is to be gathered one after the other, ``SHARD_UNITS``: classes of its modules, each of
    which is only used by calling it; and which of its methods are called from outside instead of the network itself,
    ``SHARD_METHODS``.

    Parameters
    ----------
    network : nn.Module
    mesh : torch.distributed.device_mesh.DeviceMesh
        With a dimension "data_parallel".
    """
    from torch.distributed.fsdp import fully_shard, register_fsdp_forward_method

    units = tuple(getattr(network, "SHARD_UNITS", ()))
    for module in network.modules():
        if isinstance(module, units):
            fully_shard(module, mesh=mesh["data_parallel"])
    fully_shard(network, mesh=mesh["data_parallel"])
    for name in getattr(network, "SHARD_METHODS", ()):
        register_fsdp_forward_method(network, name)
    return network


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
