"""Synthetic local-earthquake records from physics: sources, paths, scattering, instruments, noise and analysts.

>>> from quakebook.data import synthetic
>>> records = synthetic.make("tiny", 12, seed=1)
"""

from __future__ import annotations

from typing import Any

_HOME = {"make": ".generate", "write": "quakebook.data.store", "PRESETS": ".presets", "Preset": ".presets",
         "EMERGENCE": ".presets", "write_archive": ".archive"}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOME:
        return getattr(import_module(_HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}")
