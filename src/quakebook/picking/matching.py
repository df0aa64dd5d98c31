"""Which predicted pick belongs to which labelled pick: greedy, one to one, nearest pairs first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

#: BlueDisc, evaluation: pairs further apart are not matched (with 3001 samples, in effect none).
TOLERANCE_SAMPLES = 3000


@dataclass(frozen=True)
class Matches:
    """Pairs of one window, nearest first.

    Attributes
    ----------
    predicted, labelled : ndarray, shape (m,), int64
        Index into the predicted and the labelled picks.
    error_samples : ndarray, shape (m,), float64
        Predicted minus labelled; positive = late.
    """

    predicted: NDArray[np.int64]
    labelled: NDArray[np.int64]
    error_samples: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.predicted)


def match_picks(predicted: Any, labelled: Any, tolerance_samples: float = TOLERANCE_SAMPLES) -> Matches:
    """Match the picks of one phase in one window.

    All pairs are sorted by distance (equal distances: in the order given, predictions first) and taken greedily while
    both partners are free.

    Parameters
    ----------
    predicted, labelled : array_like, shape (k,) and (m,)
        Positions in samples; NaN = none, never matched.
    tolerance_samples : float
        Largest distance of a pair.

    Returns
    -------
    Matches

    Examples
    --------
    >>> matches = match_picks([105.0, 900.0], [100.0])
    >>> matches.predicted.tolist(), matches.error_samples.tolist()
    ([0], [5.0])
    """
    p, t = (_positions(values, name) for values, name in ((predicted, "predicted"), (labelled, "labelled")))
    distance = np.abs(p[:, None] - t[None, :])
    near = np.flatnonzero((distance <= tolerance_samples).ravel())
    pairs = near[np.argsort(distance.ravel()[near], kind="stable")]
    free_p, free_t = np.ones(len(p), bool), np.ones(len(t), bool)
    chosen = []
    for pair in pairs:
        i, j = divmod(int(pair), len(t))
        if free_p[i] and free_t[j]:
            free_p[i] = free_t[j] = False
            chosen.append((i, j))
    i, j = np.array(chosen, dtype=np.int64).reshape(-1, 2).T
    return Matches(i, j, p[i] - t[j])


def match_batch(predicted: Tensor, labelled: Tensor, tolerance_samples: float = TOLERANCE_SAMPLES) -> Tensor:
    """`match_picks` for many windows at once, on the device.

    Parameters
    ----------
    predicted : Tensor, shape (b, k)
        Positions in samples; NaN = none.
    labelled : Tensor, shape (b, m)

    Returns
    -------
    Tensor, shape (b, m), int64
        For each labelled pick the index of its prediction in the row; -1 = unmatched.
    """
    if predicted.ndim != 2 or labelled.ndim != 2 or len(predicted) != len(labelled):
        raise ValueError("picks must have shapes (batch, k) and (batch, m) with one batch size; "
                         f"found {tuple(predicted.shape)} and {tuple(labelled.shape)}")
    (b, k), m = predicted.shape, labelled.shape[1]
    partner = torch.full((b, m), -1, dtype=torch.int64, device=predicted.device)
    if 0 in (b, k, m):
        return partner
    distance = (predicted.double()[:, :, None] - labelled.double()[:, None, :]).abs()
    distance = distance.where(distance <= tolerance_samples, torch.inf).reshape(b, k * m)
    order = torch.arange(k * m, device=predicted.device)
    rows, columns = torch.arange(k, device=predicted.device), torch.arange(m, device=predicted.device)
    for _ in range(min(k, m)):
        nearest = distance.amin(dim=1, keepdim=True)
        first = order.where(distance == nearest, k * m).amin(dim=1)  # equal distances: the first pair
        i, j = first // m, first % m
        found = nearest[:, 0].isfinite()
        here = found[:, None] & (columns == j[:, None])
        partner = torch.where(here, i[:, None], partner)
        used = (rows == i[:, None])[:, :, None] | (columns == j[:, None])[:, None, :]
        distance = distance.masked_fill(used.reshape(b, k * m), torch.inf)
    return partner


def _positions(values: Any, name: str) -> NDArray[np.float64]:
    array = np.asarray(values.detach().cpu() if isinstance(values, Tensor) else values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"`{name}` must be one row of pick positions; found shape {array.shape}")
    return array
