"""Exponential moving averages of weights: theta_bar <- decay theta_bar + (1 - decay) theta, after every step."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


class Averages:
    """Averaged copies of networks. They start as the networks are; buffers follow the networks'.

    `torch.optim.swa_utils.AveragedModel` reads its counter on the host and groups tensors anew each step; here the
    lists are made once and a step is one fused call a network.
    """

    def __init__(self, networks: dict[str, nn.Module], decay: float) -> None:
        self.networks = {name: deepcopy(network).requires_grad_(False).eval() for name, network in networks.items()}
        self._update = get_ema_multi_avg_fn(decay)
        pairs = [(self.networks[name], network) for name, network in networks.items()]
        self._averaged = [p for copy, _ in pairs for p in copy.parameters()]
        self._current = [p.detach() for _, network in pairs for p in network.parameters()]
        self._buffers = [pair for copy, network in pairs
                         for pair in zip(copy.buffers(), network.buffers(), strict=True)]

    @torch.no_grad()
    def update(self) -> None:
        self._update(self._averaged, self._current, None)
        for copy, buffer in self._buffers:
            copy.copy_(buffer)

    def state_dict(self) -> dict[str, Any]:
        return {name: network.state_dict() for name, network in self.networks.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, network in self.networks.items():
            network.load_state_dict(state[name])
