"""From settings to a network's description."""

from __future__ import annotations

from quakebook.training.config import ConfigError

from ..settings import NetworkConfig
from .architecture import Architecture, of_size
from .encoder import Layer

#: Settings that carry over by name.
SAME = ("norm", "padding", "feature_grad_mult", "position", "position_kernel", "dropout", "attention_dropout",
        "feature_dropout", "layer_drop", "quantiser", "codebooks", "codes", "scale_logits", "ema_decay", "ema_restart",
        "fusion", "fusion_layers", "tasks", "task_mode")


def architecture(network: NetworkConfig) -> Architecture:
    """The network that the settings describe; numbers that do not fit together are a `ConfigError`."""
    changes = {name: getattr(network, name) for name in SAME}
    changes |= {name: getattr(network, name) for name in ("width", "depth", "heads", "code_width")
                if getattr(network, name)}
    if network.channels:
        changes["convolutions"] = tuple(
            Layer(*each) for each in zip(network.channels, network.kernels, network.strides, strict=True))
    try:
        return of_size(network.size, network.rate, **changes)
    except ValueError as error:
        raise ConfigError(f"network: {error}") from error
