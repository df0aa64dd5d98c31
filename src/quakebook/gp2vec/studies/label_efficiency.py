"""How many labels a method needs: scores with 5, 10, 20, 50 and 100 % of the training events, with seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..scoring.encode import Features
from ..scoring.probes import probe
from ..scoring.tasks import split
from .baselines import trees

FRACTIONS = (0.05, 0.10, 0.20, 0.50, 1.00)


def labelled_rows(events: np.ndarray, fraction: float, seed: int) -> np.ndarray:
    """Training records of a share of the training events; smaller shares are parts of larger ones."""
    train = split(events)["train"]
    names = np.unique(events[train].astype(str))
    order = np.random.default_rng(1000 + seed).permutation(len(names))
    kept = names[order[: max(2, round(fraction * len(names)))]]
    return train[np.isin(events[train].astype(str), kept)]


def curve(features: Features, task: str, seeds: Iterable[int], fractions: Iterable[float] = FRACTIONS,
          method: Callable[..., float] | None = None) -> np.ndarray:
    """Scores (fractions, seeds) of a linear probe, or of another `method(features, task, labelled, seed)`."""
    method = method or linear
    return np.array([[method(features, task, labelled_rows(features.events, fraction, seed), seed) for seed in seeds]
                     for fraction in fractions])


def linear(features: Features, task: str, labelled: np.ndarray, seed: int) -> float:
    """Test score of the linear probe."""
    return probe(features, task, labelled=labelled).score


def boosted(features: Features, task: str, labelled: np.ndarray, seed: int) -> float:
    """Test score of gradient-boosted trees."""
    return trees(features, task, labelled=labelled, seed=seed).score
