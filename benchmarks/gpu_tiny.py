"""An entry of a plan of recorded results with the smallest settings, to try the program."""

from __future__ import annotations

import inspect
from dataclasses import replace
from importlib import import_module
from typing import Any

from gpu_results import NotBuilt


def shrunk(entry: Any) -> Any:
    """The same entry with ``preset="smoke"`` or two steps, as the function behind it allows."""
    module, name = entry.function.split(":")
    known = inspect.signature(getattr(import_module(module), name)).parameters
    changes: dict[str, Any] = {name: value for name, value in (("preset", "smoke"), ("steps", 2)) if name in known}
    if not changes:
        raise NotBuilt(f"{entry.function} has no parameter `preset` or `steps`, so it cannot be tried small")
    if "preset" in changes and "overrides" in entry.arguments:
        changes["overrides"] = []
    return replace(entry, arguments={**entry.arguments, **changes})
