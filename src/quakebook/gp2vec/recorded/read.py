"""Recorded results of the chapter, read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from quakebook.training import recorded
from quakebook.training.config import from_dict

from ..experiment import objective_of
from ..networks.build import architecture
from ..networks.checkpoint import unpack
from ..objective.pretraining import GP2Vec
from ..settings import GP2VecConfig

PAPER = "gp2vec"


def available(folder: Path | None = None) -> list[str]:
    """Names of the results that are recorded."""
    return recorded.names(PAPER, folder)


def result(name: str, folder: Path | None = None) -> recorded.Recorded:
    """One recorded result."""
    return recorded.read(PAPER, name, folder)


def network(name: str = "tiny-0", folder: Path | None = None) -> GP2Vec:
    """A recorded network, in evaluation mode."""
    kept = result(name, folder)
    settings = from_dict(GP2VecConfig, kept.facts["settings"])
    model = GP2Vec(architecture(settings.network), objective_of(settings.objective))
    model.load_state_dict(unpack(kept.weights))
    return model.eval()


def seeds(prefix: str, folder: Path | None = None) -> list[recorded.Recorded]:
    """Results ``prefix-0``, ``prefix-1``, ... that are there."""
    return [result(name, folder) for name in available(folder)
            if name.rpartition("-")[0] == prefix and name.rpartition("-")[2].isdigit()]


def mean_and_range(results: list[recorded.Recorded], metric: str) -> tuple[float, float, float]:
    """Mean, smallest and largest of a metric over seeds; NaN where nothing is recorded."""
    values = [metrics_of(each)[metric] for each in results if metric in metrics_of(each)]
    if not values:
        return (float("nan"),) * 3
    return float(np.mean(values)), float(np.min(values)), float(np.max(values))


def metrics_of(kept: recorded.Recorded) -> dict[str, float]:
    """Metrics without the name of their result in front."""
    prefix = f"{kept.name.replace('/', '.')}."
    return {key.removeprefix(prefix): value for key, value in kept.metrics.items()}
