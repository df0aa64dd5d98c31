"""Phase picking on the device: windows, labels, augmentation, peaks, matching, scores, continuous annotation."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["annotate", "annotate_each", "find_picks", "match_picks"]

_HOME = {"find_picks": "peaks", "match_picks": "matching", "annotate": "continuous.annotation",
         "annotate_each": "continuous.annotation"}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}")
