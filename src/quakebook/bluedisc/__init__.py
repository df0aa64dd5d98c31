"""BlueDisc: why a phase picker draws flattened S curves, and what an adversarial shape critic does about it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Public name -> module of this package that defines it. Loaded when first asked for, so that `--help` stays quick.
_HOME = {
    "optimise_without_model": "simulation",
    "landscape_pointwise": "landscape",
    "landscape_gaussian": "landscape",
    "Generator": "networks",
    "Discriminator": "networks",
    "BlueDiscConfig": "settings",
    "PRESETS": "settings",
    "config": "settings",
    "train": "api",
    "evaluate": "api",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(sorted(_HOME))}")
