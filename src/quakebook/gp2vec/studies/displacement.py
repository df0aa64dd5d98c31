"""The displacement experiment for several networks at once: of the same moment, then ahead in time."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..data.caldera import cut_windows, sequence
from ..objective.pretraining import GP2Vec
from ..scoring.plane import principal_plane
from . import ahead, stick_slip
from .stick_slip import Answer


def compare(networks: dict[str, list[GP2Vec]], device: torch.device | str, low_hz: float, high_hz: float,
            seed: int = 0, sizes: dict[str, Any] | None = None) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """Scores and predictions of boosted trees, an oracle and ridges on frozen networks.

    Parameters
    ----------
    networks : dict of list of GP2Vec
        By kind; several seeds each.
    low_hz, high_hz : float
        Band of the networks' windows.
    sizes : dict, optional
        ``cycles`` and ``cycle_s`` of the sequence.

    Returns
    -------
    metrics : dict
        ``R2.METHOD[.SEED]``, ``rmse_mm.METHOD[.SEED]``, ``R2_ahead.METHOD.LEAD``, and the interval over whole cycles of
        network minus trees.
    arrays : dict
        Times, truth and predictions in mm, test windows, true stress at the end of each window, the plane in which the
        features of the first network spread most, and what `ahead.arrays` gives.
    """
    data = sequence(seed=seed, **(sizes or {}))
    asked = stick_slip.task(data)
    wide, narrow = cut_windows(data, asked.which), cut_windows(data, asked.which, low_hz, high_hz)
    answers: dict[str, Answer] = {
        "oracle": stick_slip.oracle(data, asked),
        "trees": stick_slip.boosted_trees(wide, asked, normalised=False),
        "trees_normalised": stick_slip.boosted_trees(wide, asked, normalised=True),
        "trees_band": stick_slip.boosted_trees(narrow, asked, normalised=True),
        "trees_context": stick_slip.boosted_trees(wide, asked, normalised=False, context=4)}
    features = {f"{kind}.{k}": stick_slip.network_features(model.to(device), narrow)
                for kind, models in networks.items() for k, model in enumerate(models)}
    answers |= {name: stick_slip.ridge(x, asked) for name, x in features.items()}
    metrics = {f"R2.{name}": answer.r2 for name, answer in answers.items()}
    metrics |= {f"rmse_mm.{name}": answer.rmse_mm for name, answer in answers.items()}
    for kind in networks:
        low, high = stick_slip.cycle_bootstrap(answers[f"{kind}.0"], answers["trees"], asked)
        metrics |= {f"minus_trees_low.{kind}": low, f"minus_trees_high.{kind}": high}
    kind = next(iter(networks))
    arrays = {"end_s": asked.which.end_s, "truth_mm": asked.target_mm, "test": asked.rows("test"),
              "spans_failure": asked.which.spans_failure, "stress": data.stress[asked.which.end_s - 1]}
    arrays |= {f"predicted_{name}": answer.predicted_mm.astype(np.float32) for name, answer in answers.items()}
    arrays |= _plane(features[f"{kind}.0"])
    later = ahead.ahead(data, wide, features[f"{kind}.0"])
    return metrics | ahead.metrics(later), arrays | ahead.arrays(later)


def _plane(features: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """First two principal components of the last layer's features, and the share of the variance that they hold."""
    found = principal_plane(features[list(features)[-1]])
    return {"plane": found.points.astype(np.float32), "plane_share": found.share}
