"""Seismic records: synthetic ones made on the spot, and real ones through SeisBench.

>>> from quakebook.data import load_records
>>> records = load_records("synthetic:tiny:8:0")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {"DataError": "errors", "Records": "records", "open_dataset": "catalogue", "load_records": "loading",
         "example_records": "examples", "real_sample_path": "examples"}
_MODULES = ("synthetic", "store", "compare", "figures", "catalogue", "loading", "records", "errors", "examples")
__all__ = sorted([*_HOME, "synthetic"])


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}")
