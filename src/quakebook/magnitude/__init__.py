"""Magnitude chapter: six networks, three baselines, and what amplitude normalisation costs.

Start with ``build("phasenet_mag")``, ``train(config(preset="quick"))`` and ``evaluate(run)``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .evaluation import evaluate
    from .factory import build, count_parameters
    from .options import MODEL_TYPES
    from .settings import PRESETS, Config, config
    from .training import train

_HOME = {"build": "factory", "count_parameters": "factory", "MODEL_TYPES": "options", "Config": "settings",
         "config": "settings", "PRESETS": "settings", "train": "training", "evaluate": "evaluation"}

__all__ = ["MODEL_TYPES", "PRESETS", "Config", "build", "config", "count_parameters", "evaluate", "train"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has: {', '.join(__all__)}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
