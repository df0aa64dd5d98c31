"""The height at which a picker is best, on labelled windows that were not trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from quakebook.picking.scores import PRECISE_SAMPLES, PhaseScores, merge, score

#: Heights that are tried.
HEIGHTS = np.round(np.arange(0.05, 0.96, 0.01), 2)


def best_threshold(scores: PhaseScores, samples: float = PRECISE_SAMPLES) -> tuple[float, float]:
    """Height with the largest F1, and that F1; of equal ones the middle.

    A prediction counts when it lies within `samples` of its label.

    Raises
    ------
    ValueError
        No label, or no prediction near one.
    """
    f1 = np.nan_to_num([scores.f1(height, samples) for height in HEIGHTS])
    if scores.n_labelled == 0 or f1.max() <= 0:
        raise ValueError(f"no threshold can be chosen: {scores.n_labelled} labels and no prediction within "
                         f"{samples:g} samples of one")
    best = np.flatnonzero(f1 == f1.max())
    return float(HEIGHTS[best[len(best) // 2]]), float(f1.max())


@torch.inference_mode()
def thresholds_on(model: Any, windows: Tensor, picks: dict[str, Tensor], batch_size: int = 64,
                  samples: float = PRECISE_SAMPLES) -> dict[str, dict[str, float]]:
    """Best thresholds of a model on windows, as its own `annotate` prepares them.

    Parameters
    ----------
    model : seisbench.models.WaveformModel
    windows : Tensor, shape (n, component, in_samples)
        Raw or normalised; the model normalises.
    picks : dict of Tensor, shape (n, k)
        For each phase, samples after the window start; NaN = none.

    Returns
    -------
    dict
        Phase -> threshold, f1, precision, recall, labels.
    """
    parts: dict[str, list[PhaseScores]] = {phase: [] for phase in picks}
    labels = list(model.labels)
    for first in range(0, len(windows), batch_size):
        batch = windows[first:first + batch_size].to(model.device)
        curves = model(model.annotate_batch_pre(batch, {}))
        curves = model.annotate_batch_post(curves, None, {"blinding": (0, 0)}).transpose(1, 2)
        for phase, column in picks.items():
            mine = column[first:first + batch_size].to(curves.device)
            parts[phase].append(score(curves[:, labels.index(phase)], mine))
    facts = {}
    for phase, scores in ((phase, merge(list_)) for phase, list_ in parts.items()):
        height, f1 = best_threshold(scores, samples)
        facts[phase] = {"threshold": height, "f1": f1, "precision": scores.precision(height, samples),
                        "recall": scores.recall(height, samples), "labels": float(scores.n_labelled)}
    return facts
