"""Separations of jets by the generators whose weights are recorded."""

from __future__ import annotations

from pathlib import Path

from quakebook.training import recorded

from ..studies.methods import LEARNED, Separate
from .jets import CHAPTER, seeds
from .weights import rebuilt

#: Channels, rows and columns of a mixture.
MIXTURE = (1, 24, 64)


def separators(where: Path | None = None) -> dict[str, Separate]:
    """Separations from recorded weights: of each method the first seed that keeps them; empty where none does."""
    made = {}
    for method in LEARNED:
        for name in seeds(method, where):
            result = recorded.read(CHAPTER, name, where)
            if method not in made and result.has(".safetensors"):
                made[method] = rebuilt(result, MIXTURE)
    return made
