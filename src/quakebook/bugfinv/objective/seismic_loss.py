"""The semi-supervised term: the predicted logs of unlabelled traces must explain their own gathers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from quakebook.bugfinv.data.forward import ForwardModel

FACTOR = 20.0  #: divisor of the seismic loss (Nash code; its help text says 10)


@dataclass(frozen=True)
class PhysicsLoss:
    """Criterion between the synthetic of a prediction and the observed gathers, both normalised.

    Attributes
    ----------
    forward : ForwardModel
    mean, std : Tensor, shape (3,)
        Of Vp, Vs, density at the training wells; undo the network's normalisation.
    floor : Tensor, shape (3,)
        Smallest value a prediction may take before the logarithm: half the smallest value at the wells.
    seismic_mean, seismic_std : float
    criterion : nn.Module
    mode : "on" or "reference"
        "reference" detaches the synthetic, as the published code does by copying its tensors: the term then has no
        gradient, and only rescales the labelled losses.
    """

    forward: ForwardModel
    mean: Tensor
    std: Tensor
    floor: Tensor
    seismic_mean: float
    seismic_std: float
    criterion: nn.Module
    mode: Literal["on", "reference"] = "on"

    def __post_init__(self) -> None:
        if self.mode not in ("on", "reference"):
            raise ValueError(f"physics mode must be 'on' or 'reference'; found {self.mode!r}")

    def __call__(self, prediction: Tensor, gathers: Tensor) -> Tensor:
        """Loss of a normalised prediction (B, 3, T) against normalised gathers (B, angles, T)."""
        if self.mode == "reference":
            prediction = prediction.detach()
        physical = prediction * self.std[:, None] + self.mean[:, None]
        logs = torch.log(torch.maximum(physical, self.floor[:, None]))
        synthetic = (self.forward(logs) - self.seismic_mean) / self.seismic_std
        return self.criterion(synthetic, gathers)
