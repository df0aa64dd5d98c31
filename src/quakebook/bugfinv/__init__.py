"""Elastic inversion by Bayesian gradient fusion: Vp, Vs and density from angle gathers, three tasks to be weighed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "BUGFInv": "aggregator", "gradient_moments": "moments", "fuse": "fusion", "nash_weights": "nash",
    "NashMTL": "nash", "forward_model": "forward", "ForwardModel": "forward", "InversionNetwork": "network",
    "AndrewsLoss": "losses", "config": "settings", "PRESETS": "settings", "train": "chapter", "evaluate": "chapter",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'quakebook.bugfinv' has no attribute {name!r}")
    return getattr(import_module(f"quakebook.bugfinv.{_HOME[name]}"), name)
