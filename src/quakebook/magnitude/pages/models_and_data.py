"""Sentences of the page on networks and records, made from the records shown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

#: Width of the bins of the histogram.
BIN_WIDTH = 0.5
#: Bins of which the fullest holds at most so many times the emptiest count as filled evenly.
EVEN = 1.5


def bins(magnitude: ArrayLike) -> dict[float, int]:
    """Lower edge of each half unit between the smallest and the largest magnitude -> records in it."""
    values = np.asarray(magnitude, float)
    number = np.floor(values[np.isfinite(values)] / BIN_WIDTH).astype(int)
    return {float(k * BIN_WIDTH): int((number == k).sum()) for k in range(number.min(), number.max() + 1)}


def spread_sentence(magnitude: ArrayLike) -> str:
    """How the magnitudes are spread, in the words that the counts allow."""
    counts = list(bins(magnitude).values())
    fewest, most = min(counts), max(counts)
    if most <= EVEN * max(fewest, 1):
        return f"The magnitudes are spread evenly: each half unit holds {fewest} to {most} records."
    return (f"The half units hold {fewest} to {most} records, so the magnitudes are not spread evenly, but far more so "
            "than in a natural catalogue, where each unit of magnitude has about ten times fewer events than the one "
            "below it.")


def window_sentence(sample: Mapping[str, ArrayLike]) -> str:
    """Which picks the training window shown holds, and where its magnitude label therefore rises."""
    length = np.asarray(sample["magnitude"]).shape[-1]
    inside = {phase: bool(((picks := np.asarray(sample[f"picks_{phase.lower()}"], float)) >= 0).any()
                          and (picks[picks >= 0] < length).any()) for phase in "PS"}
    if all(inside.values()):
        return "Another seed gives another window; this one holds both phases, and the magnitude label rises at P."
    if inside["S"]:
        return "Another seed gives another window; this one was drawn round S and misses P: the label rises at S."
    return "Another seed gives another window; this one holds P only."
