"""Does a predicted 0.5 mean a label of 0.5? Predicted probability against the mean label, over all samples."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class Reliability:
    """Predicted probability against the mean label, over all samples: counts and sums in equal bins from 0 to 1."""

    count: NDArray[np.float64]
    predicted: NDArray[np.float64]
    label: NDArray[np.float64]

    def curve(self, least: int = 200) -> tuple[NDArray, NDArray]:
        """Mean prediction and mean label of the bins that hold at least `least` samples."""
        full = self.count >= least
        return self.predicted[full] / self.count[full], self.label[full] / self.count[full]


def reliability(prediction: Tensor, label: Tensor, bins: int = 25) -> Reliability:
    """Bin all samples of a phase by predicted probability; the fields of the result have shape (bins,)."""
    index = (prediction.flatten() * bins).long().clamp(0, bins - 1)
    sums = [torch.zeros(bins, dtype=torch.float64, device=prediction.device).index_add_(0, index, v.flatten().double())
            for v in (torch.ones_like(prediction), prediction, label)]
    return Reliability(*(s.cpu().numpy() for s in sums))


def add(parts: list[Reliability]) -> Reliability:
    """Sum over batches."""
    return Reliability(*(np.sum([getattr(p, f.name) for p in parts], axis=0) for f in fields(Reliability)))
