"""Separations of earthquakes and noise by the generators whose weights are recorded."""

from __future__ import annotations

from pathlib import Path

from quakebook.training import recorded

from ..data.spectrograms import BINS, FRAMES
from ..studies.spectrograms import METHODS
from .weights import Separate, rebuilt

CHAPTER = "uvcgan_s"


def separators(where: Path | None = None) -> dict[str, Separate]:
    """Separations from recorded weights: of each method the first seed that keeps them; empty where none does."""
    made, names = {}, recorded.names(CHAPTER, where)
    for method in METHODS:
        for name in sorted(name for name in names if name.rpartition("-")[0] == f"seismic-{method}"):
            result = recorded.read(CHAPTER, name, where)
            if method not in made and result.has(".safetensors"):
                made[method] = rebuilt(result, (1, BINS, FRAMES))
    return made
