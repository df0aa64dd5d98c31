"""Separations of jets by the generators whose weights are recorded."""

from __future__ import annotations

from pathlib import Path

from ..scoring.translate import Separate
from ..studies.methods import LEARNED
from . import weights
from .jets import seeds

#: Channels, rows and columns of a mixture.
MIXTURE = (1, 24, 64)


def separators(where: Path | None = None) -> dict[str, Separate]:
    """Separations from recorded weights: of each method the first seed that keeps them; empty where none does."""
    return weights.separators({method: seeds(method, where) for method in LEARNED}, MIXTURE, where)
