"""Make a model from its type name and options."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from torch import nn

from quakebook.magnitude.model_types import complete, lookup

#: Constructor arguments that are no options for users, but stored with a checkpoint.
STORED_ONLY = ("in_samples", "default_args", "norm_amp_per_comp", "norm_detrend")


def model_class(model_type: str) -> type[nn.Module]:
    """Class of a model type."""
    module, name = lookup(model_type).class_path.split(":")
    return getattr(import_module(f"quakebook.magnitude.networks.{module}"), name)


def build(model_type: str, **options: Any) -> nn.Module:
    """Build one of the six networks or a baseline.

    Parameters
    ----------
    model_type : str
        ``phasenet``, ``phasenet_lstm``, ``phasenet_conv_lstm``, ``phasenet_mag``, ``eqtransformer_mag``, ``amag_v2``;
        baselines ``magnet``, ``richter``, ``constant``.
    **options
        As in `quakebook.magnitude.model_types`; what is not given has the published default.

    Raises
    ------
    ValueError
        Unknown type or option (lists what exists), or a value that the model refuses.
    """
    extra = {name: options.pop(name) for name in STORED_ONLY if name in options}
    return model_class(model_type)(**complete(model_type, options), **extra)


def count_parameters(model: nn.Module) -> int:
    """Number of trainable values."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
