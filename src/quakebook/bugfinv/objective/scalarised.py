"""Rules that need one backward only: the three losses become one number whose weights are learned (TorchJD)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class Uncertainty:
    """Uncertainty weighting (Kendall et al. 2018): sum of exp(-s_t) L_t / 2 + s_t / 2; Adam learns s_t as well."""

    def __init__(self, lr: float) -> None:
        from torchjd.scalarization import UW

        self.scalariser = UW(3)
        self.adam = torch.optim.Adam(self.scalariser.parameters(), lr=lr)

    def __call__(self, losses: Tensor, network: nn.Module, features: Tensor, labels: Tensor) -> dict[str, Tensor]:
        self.scalariser.to(losses.device)
        self.adam.zero_grad(set_to_none=True)
        self.scalariser(losses).backward()
        weights = 0.5 * torch.exp(-self.scalariser.log_var.detach())
        self.adam.step()
        return {"weights": weights}

    def state_dict(self) -> dict[str, Any]:
        """Log-variances and their optimiser."""
        return {"scalariser": self.scalariser.state_dict(), "adam": self.adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.scalariser.load_state_dict(state["scalariser"])
        self.adam.load_state_dict(state["adam"])


class Famo:
    """FAMO (Liu et al. 2023): weights of the logarithms of the losses, moved towards the task that falls slowest.

    `after` is to be called with the losses of the same batch after the step of the network.
    """

    def __init__(self, lr: float) -> None:
        from torchjd.scalarization import FAMO

        self.scalariser = FAMO(3)

    def __call__(self, losses: Tensor, network: nn.Module, features: Tensor, labels: Tensor) -> dict[str, Tensor]:
        self.scalariser.to(losses.device)
        (weights,) = torch.autograd.grad(self.scalariser(losses), losses, retain_graph=True)
        losses.backward(gradient=weights)
        return {"weights": weights}

    def after(self, losses: Tensor) -> None:
        """Move the weights by how much each loss has changed."""
        self.scalariser.update(losses)

    def state_dict(self) -> dict[str, Any]:
        """Logits of the weights and their optimiser."""
        adam = self.scalariser._optimizer
        return {"scalariser": self.scalariser.state_dict(), "adam": None if adam is None else adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        s = self.scalariser
        s.load_state_dict(state["scalariser"])
        if state["adam"] is not None:
            s._optimizer = torch.optim.Adam([s._w], lr=s.lr, weight_decay=s.weight_decay)
            s._optimizer.load_state_dict(state["adam"])


#: Name of a rule and its class; both take the learning rate of the network.
SCALARISED = {"uncertainty": Uncertainty, "famo": Famo}
