"""A year of data as independent chunks: a plan, atomic claims, outputs named by their content, a summary at the end."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"plan": ["Chunk", "Plan", "cut"], "worker": ["Progress", "work"],
                            "summary": ["collect", "failures", "missing"]})
