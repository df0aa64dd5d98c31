"""A background by a flow from the mixture, and the signal as what is left: the baseline without a signal model."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..data.normalise import norm_of
from ..settings import NetworkConfig, ObjectiveConfig
from .build import generator
from .initialise import initialise
from .vit_modnet import Shape, ViTModNet

#: Euler steps from mixture to background.
STEPS = 4


class BackgroundFlow(ViTModNet):
    """Velocity of a flow that carries mixtures to backgrounds; without a time, the decomposition that follows from it.

    The background B is where dx/dt = v(x, t) carries the mixture M from t = 0 to 1, in four Euler steps of normalised
    values. The signal is M / scale - B, in image values and not below zero: mixtures are taken for ``scale (B + S)``.

    Parameters
    ----------
    shape : (channels, height, width)
        Of mixtures and of backgrounds.
    network : NetworkConfig
    objective : ObjectiveConfig
        For its norm and `sum_scale`.
    """

    def __init__(self, shape: Shape, network: NetworkConfig, objective: ObjectiveConfig) -> None:
        super().__init__((shape[0] + 1, *shape[1:]), shape[0], network)
        self._norm, self._scale = norm_of(objective), objective.sum_scale

    def forward(self, image: Tensor, time: Tensor | None = None) -> Tensor:
        """Velocities (B, C, H, W) at times (B, 1, 1, 1); without times background and signal (B, 2 C, H, W)."""
        if time is not None:
            return super().forward(torch.cat([image, time.expand(len(image), 1, *image.shape[2:])], dim=1))
        background = image
        for step in range(STEPS):
            now = image.new_full((len(image), 1, 1, 1), step / STEPS)
            background = background + self.forward(background, now) / STEPS
        signal = self._norm.inverse(image) / self._scale - self._norm.inverse(background)
        return torch.cat([background, self._norm.forward(signal.clamp(min=0))], dim=1)


def decomposer(network: NetworkConfig, objective: ObjectiveConfig, mixture: Shape, parts: int) -> nn.Module:
    """What takes mixtures apart by an objective's method: G_BA, or a flow; fresh Kaiming start weights.

    Parameters
    ----------
    mixture : (channels, height, width)
    parts : int
        Channels of background and signal together.
    """
    if objective.method == "flow":
        return initialise(BackgroundFlow(mixture, network, objective), "kaiming")
    return generator(network, mixture, parts)
