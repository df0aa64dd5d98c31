"""How the scores of two methods stand to each other, as far as their seeds tell."""

from __future__ import annotations

from collections.abc import Sequence


def verdict(first: Sequence[float], second: Sequence[float]) -> str:
    """ "better", "worse", or "undecided" where the ranges over seeds overlap, or `first` has one seed only."""
    if len(first) < 2:
        return "undecided"
    if min(first) > max(second):
        return "better"
    return "worse" if max(first) < min(second) else "undecided"
