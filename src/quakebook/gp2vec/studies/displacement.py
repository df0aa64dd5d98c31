"""The displacement experiment for several networks at once: contemporaneous, then ahead in time."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..data.caldera import cut_windows, sequence
from ..objective.pretraining import GP2Vec
from . import stick_slip
from .stick_slip import LEADS, Answer


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
        Times, truth and predictions in mm, test mask, R2 by lead.
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
    rows = asked.rows("test")
    arrays = {"end_s": asked.which.end_s, "truth_mm": asked.target_mm, "test": rows,
              "spans_failure": asked.which.spans_failure, "leads": np.array(LEADS)}
    arrays |= {f"predicted_{name}": answer.predicted_mm.astype(np.float32) for name, answer in answers.items()}
    ahead = _ahead(data, wide, features, answers, next(iter(networks)))
    metrics |= {f"R2_ahead.{name}.{lead:g}": value for name, values in ahead.items()
                for lead, value in zip(LEADS, values, strict=True)}
    return metrics, arrays | {f"ahead_{name}": np.array(values) for name, values in ahead.items()}


def _ahead(data: Any, wide: torch.Tensor, features: dict[str, dict[str, np.ndarray]], now: dict[str, Answer],
           kind: str) -> dict[str, list[float]]:
    """R2 against lead time; persistence answers with the contemporaneous prediction of the same network."""
    out: dict[str, list[float]] = {"network": [], "trees": [], "persistence": [], "mean_cycle": []}
    for lead in LEADS:
        asked = stick_slip.task(data, lead * data.cycle_s)
        out["network"].append(stick_slip.ridge(features[f"{kind}.0"], asked).r2)
        out["trees"].append(stick_slip.boosted_trees(wide, asked, normalised=False).r2)
        persisted = now[f"{kind}.0"]
        out["persistence"].append(stick_slip._answer(asked, persisted.predicted_mm, "", float("nan")).r2)
        out["mean_cycle"].append(stick_slip.mean_cycle(data, asked, lead * data.cycle_s, persisted).r2)
    return out
