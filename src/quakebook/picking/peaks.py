"""Peaks of probability curves: local maxima above a height, at least a distance apart, on the device."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import torch
from scipy.signal import find_peaks
from torch import Tensor

#: BlueDisc, evaluation: lowest peak that counts, and smallest distance between two peaks in samples.
HEIGHT, DISTANCE = 0.1, 100

NAN_MESSAGE = "`curve` holds NaN; the network or its input is at fault, so no peaks can be given"


def find_picks(curve: Any, height: float = HEIGHT, distance: float = DISTANCE) -> tuple[Any, Any]:
    """Find the peaks of one curve or of a batch of curves, with the meaning of `scipy.signal.find_peaks`.

    A peak is a sample, or the middle of a flat top, higher than what stands on either side; first and last sample have
    only one side and are no peaks. Of two peaks nearer than `distance` the higher stays. Between two of equal height
    SciPy breaks ties by an unstable sort, which differs between processors; in a batch the later one stays, on every
    device.

    Parameters
    ----------
    curve : array_like, shape (T,), or Tensor, shape (b, T)
    height : float
        Lowest height of a peak.
    distance : float
        Smallest distance between two peaks in samples, at least 1.

    Returns
    -------
    positions, heights
        For one curve: ndarrays, shape (k,), sample indices (int64) in rising order and values of the curve.
        For a batch: Tensors on the device of the curves, shape (b, k), k the largest number of peaks in a row;
        float32 positions in rising order, NaN = none, the form in which picks are held everywhere.

    Examples
    --------
    >>> positions, heights = find_picks([0.0, 0.2, 0.9, 0.2, 0.0])
    >>> positions.tolist(), heights.tolist()
    ([2], [0.9])
    """
    if distance < 1:
        raise ValueError(f"`distance` must be at least 1 sample; found {distance}")
    if isinstance(curve, Tensor) and curve.ndim == 2:
        return find_picks_batch(curve, height, distance)
    values = np.asarray(curve.detach().cpu() if isinstance(curve, Tensor) else curve)
    if values.ndim == 2:
        return find_picks_batch(torch.as_tensor(values), height, distance)
    if values.ndim != 1:
        raise ValueError(f"`curve` must have shape (samples,) or (batch, samples); found {values.shape}")
    if np.isnan(values).any():
        raise ValueError(NAN_MESSAGE)
    positions, _ = find_peaks(values, height=height, distance=distance)
    return positions.astype(np.int64), values[positions]


def find_picks_batch(curves: Tensor, height: float = HEIGHT, distance: float = DISTANCE) -> tuple[Tensor, Tensor]:
    """`find_picks` for curves (b, T), on their device; rows do not touch each other."""
    curves = curves.detach() if curves.is_floating_point() else curves.double()
    if bool(curves.isnan().any()):
        raise ValueError(NAN_MESSAGE)
    row, position = _local_maxima(curves)
    value = curves[row, position]
    high = value >= height
    positions, values = _pad_rows(row[high], position[high], value[high], len(curves))
    return _compact(positions, values, _separate(positions, values, ceil(distance)))


def _local_maxima(curves: Tensor) -> tuple[Tensor, Tensor]:
    """Row and position of all local maxima, flat tops at their middle, sorted by row and position."""
    b, n_samples = curves.shape
    if n_samples < 3:
        empty = torch.zeros(0, dtype=torch.int64, device=curves.device)
        return empty, empty
    edge = torch.ones(b, 1, dtype=torch.bool, device=curves.device)
    step = curves[:, 1:] != curves[:, :-1]
    new, last = torch.cat([edge, step], dim=1), torch.cat([step, edge], dim=1)  # first and last sample of a level run
    up = torch.cat([~edge, curves[:, 1:] > curves[:, :-1]], dim=1)
    down = torch.cat([curves[:, :-1] > curves[:, 1:], ~edge], dim=1)
    sharp = torch.nonzero(up & down)  # (m, 2)
    begin, end = torch.nonzero(new & ~last), torch.nonzero(last & ~new)  # flat runs; they pair in order
    top = up[begin[:, 0], begin[:, 1]] & down[end[:, 0], end[:, 1]]
    flat = torch.stack([begin[top, 0], (begin[top, 1] + end[top, 1]) // 2], dim=1)
    found = torch.cat([sharp, flat])
    order = (found[:, 0] * n_samples + found[:, 1]).argsort()
    return found[order, 0], found[order, 1]


def _pad_rows(row: Tensor, position: Tensor, value: Tensor, b: int) -> tuple[Tensor, Tensor]:
    """Sorted flat lists -> (b, k) tables; position -1 and value -inf where a row has fewer peaks."""
    count = torch.bincount(row, minlength=b)
    k = int(count.max()) if b else 0
    column = torch.arange(len(row), device=row.device) - (count.cumsum(0) - count)[row]
    positions = torch.full((b, k), -1, dtype=torch.int64, device=row.device)
    values = torch.full((b, k), -torch.inf, dtype=value.dtype, device=row.device)
    positions[row, column], values[row, column] = position, value
    return positions, values


def _separate(position: Tensor, value: Tensor, distance: int) -> Tensor:
    """Go through each row from the highest peak down and drop what is nearer than `distance` to a peak that stays.

    Time is cut into blocks of `distance` samples, so that a peak can only disturb its own block and the two beside it.
    A peak that comes before all open peaks of these three blocks stays whatever happens elsewhere; all such peaks are
    settled in one round.
    """
    b, k = position.shape
    open_ = position >= 0
    keep = torch.zeros_like(open_)
    if distance <= 1 or k <= 1:
        return open_
    count = torch.arange(k, device=position.device).expand(b, k)
    priority = torch.empty_like(position).scatter_(1, value.argsort(dim=1, stable=True), count)  # ties: later is higher
    block = position.clamp(min=0) // distance + 1
    nothing = torch.full((b, int(block.max()) + 2), -2 * distance, device=position.device)  # one empty block each side
    while bool(open_.any()):
        top = nothing.scatter_reduce(1, block, priority.where(open_, -1), "amax")
        around = torch.stack([top.gather(1, block + step) for step in (-1, 0, 1)]).amax(dim=0)
        chosen = open_ & (priority == around)
        keep |= chosen
        place = nothing.scatter_reduce(1, block, position.where(chosen, -2 * distance), "amax")
        for step in (-1, 0, 1):
            open_ &= (position - place.gather(1, block + step)).abs() >= distance
    return keep


def _compact(position: Tensor, value: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
    k = int(keep.sum(dim=1).max()) if len(keep) and keep.shape[1] else 0
    order = (~keep).to(torch.int8).argsort(dim=1, stable=True)[:, :k]
    kept = keep.gather(1, order)
    positions = position.gather(1, order).to(torch.float32).where(kept, torch.nan)
    return positions, value.gather(1, order).where(kept, torch.nan)
