"""An entry of a plan of recorded results with the smallest settings, to try the program."""

from __future__ import annotations

import inspect
from dataclasses import replace
from importlib import import_module
from typing import Any


def shrunk(entry: Any) -> Any:
    """The same entry with ``preset="smoke"``; the function behind it must have that parameter."""
    module, name = entry.function.split(":")
    known = inspect.signature(getattr(import_module(module), name)).parameters
    if "preset" not in known:
        raise ValueError(f"{entry.function} has no parameter `preset`, so it cannot be made smaller")
    return replace(entry, arguments={**entry.arguments, "preset": "smoke"})
