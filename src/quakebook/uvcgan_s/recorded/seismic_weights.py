"""Separations of earthquakes and noise by the generators whose weights are recorded."""

from __future__ import annotations

from pathlib import Path

from quakebook.training import recorded

from ..data.spectrograms import BINS, FRAMES
from ..scoring.translate import Separate
from ..studies.spectrograms import METHODS
from . import CHAPTER, weights


def separators(where: Path | None = None) -> dict[str, Separate]:
    """Separations from recorded weights: of each method the first seed that keeps them; empty where none does."""
    names = sorted(recorded.names(CHAPTER, where))
    trainings = {method: [name for name in names if name.rpartition("-")[0] == f"seismic-{method}"]
                 for method in METHODS}
    return weights.separators(trainings, (1, BINS, FRAMES), where)
