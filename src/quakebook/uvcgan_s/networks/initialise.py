"""Start weights: for convolutions and linear layers by rule, the rest as PyTorch leaves them."""

from __future__ import annotations

from typing import Literal

from torch import nn

#: Standard deviation of the critics' start weights.
NORMAL_GAIN = 0.02


def initialise(network: nn.Module, rule: Literal["kaiming", "normal"]) -> nn.Module:
    """Kaiming: normal, fan-in, gain sqrt(2). Normal: N(0, 0.02). Biases 0, batch norms N(1, 0.02) and 0.

    A layer belongs to the rule when its class name contains Conv or Linear; so does attention's output projection,
    while its input projection keeps PyTorch's own start.
    """
    for layer in network.modules():
        kind = type(layer).__name__
        if ("Conv" in kind or "Linear" in kind) and isinstance(getattr(layer, "weight", None), nn.Parameter):
            if rule == "kaiming":
                nn.init.kaiming_normal_(layer.weight, mode="fan_in")
            else:
                nn.init.normal_(layer.weight, 0.0, NORMAL_GAIN)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif "BatchNorm" in kind:
            nn.init.normal_(layer.weight, 1.0, NORMAL_GAIN)
            nn.init.zeros_(layer.bias)
    return network
