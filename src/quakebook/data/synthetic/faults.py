"""Recording faults: gaps, dead components, spikes, steps, drifts, clipping."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .grid import SAMPLING_RATE_HZ
from .instrument import MAX_COUNTS, OLD_MAX_COUNTS
from .presets import Preset
from .stations import Network
from .transfer import to_device

Table = dict[str, NDArray]

GAP_S, GAP_FROM_PICK_S, GAP_TRIES = (0.1, 5.0), 0.5, 8
SPIKE_FACTOR, SPIKE_SAMPLES = (5.0, 50.0), (1, 4)
#: Size of steps and drifts relative to the peak of the component (chosen).
OFFSET_FACTOR = (0.1, 2.0)
WINDOW_S = 60.0


def draw(rng: np.random.Generator, n: int, onsets_s: NDArray[np.float64], network: Network,
         station: NDArray[np.int64], preset: Preset) -> Table:
    """Draw the faults of `n` records; each has its own probability in the preset.

    Parameters
    ----------
    onsets_s : ndarray, shape (n, k)
        Onset times around which no gap may be placed (within 0.5 s); NaN for none.
    station : ndarray, shape (n,)
        Old digitisers and vertical-only stations are properties of the station.
    """
    start, length = _gaps(rng, n, onsets_s)
    has_gap = (rng.random(n) < preset.gap) & np.isfinite(start)
    has_spike, has_step, has_drift = (rng.random(n) < p for p in (preset.spikes, preset.step, preset.drift))
    sign = rng.choice([-1.0, 1.0], (3, n))
    return {
        "gap_start_s": start, "gap_length_s": np.where(has_gap, length, 0.0),
        "dead": np.where(rng.random(n) < preset.dead_component, rng.integers(1, 3, n), 0),
        "vertical_only": network.vertical_only[station],
        "limit": np.where(network.old_digitiser[station], OLD_MAX_COUNTS, MAX_COUNTS),
        "spike_factor": has_spike * sign[0] * rng.uniform(*SPIKE_FACTOR, n),
        "spike_start": rng.integers(0, int(WINDOW_S * SAMPLING_RATE_HZ) - 4, n),
        "spike_length": rng.integers(*SPIKE_SAMPLES, n), "spike_component": rng.integers(0, 3, n),
        "step_factor": has_step * sign[1] * rng.uniform(*OFFSET_FACTOR, n),
        "step_s": rng.uniform(0, WINDOW_S, n),
        "drift_factor": has_drift * sign[2] * rng.uniform(*OFFSET_FACTOR, n)}


def apply(counts: Tensor, table: Table) -> Tensor:
    """Spoil the affected records in place, round to whole counts and clip.

    Parameters
    ----------
    counts : Tensor, shape (n, 3, samples)
    table : dict of ndarray
        From `draw`, one row per record.

    Returns
    -------
    Tensor, shape (n,), bool
        Records that reached the limit of their digitiser.
    """
    device, samples = counts.device, counts.shape[-1]
    t = torch.arange(samples, device=device) / SAMPLING_RATE_HZ
    for name, shape in (("step_factor", _step), ("drift_factor", _drift), ("spike_factor", _spike)):
        rows = np.flatnonzero(table[name])
        if len(rows):
            index = to_device(rows, device)
            part = counts[index]
            peak = part.abs().amax(-1, keepdim=True)
            counts[index] = part + peak * shape({key: _column(column[rows], device) for key, column in table.items()
                                                 if column.dtype.kind in "fi"}, t)
    _silence(counts, table, t)
    limit = _column(table["limit"], device)[:, None, None]
    clipped = (counts.abs() >= limit).flatten(1).any(1)
    torch.minimum(torch.maximum(counts.round_(), -limit), limit, out=counts)
    return clipped


def completeness(table: Table, samples: int) -> NDArray[np.float64]:
    """Share of the samples of all components that was recorded. Shape (n,)."""
    live = np.where(table["vertical_only"], 1, 3 - (table["dead"] > 0)) / 3
    return live * (1 - np.round(table["gap_length_s"] * SAMPLING_RATE_HZ) / samples)


def _gaps(rng: np.random.Generator, n: int, onsets_s: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """The first of a few random gaps that lies away from all onsets; NaN where none does."""
    length = rng.uniform(*GAP_S, (n, GAP_TRIES))
    start = rng.random((n, GAP_TRIES)) * (WINDOW_S - length)
    onset = onsets_s[:, None]
    near = (onset > (start - GAP_FROM_PICK_S)[..., None]) & (onset < (start + length + GAP_FROM_PICK_S)[..., None])
    free = ~near.any(-1)
    first, row = free.argmax(1), np.arange(n)
    return np.where(free.any(1), start[row, first], np.nan), length[row, first]


def _column(values: NDArray, device: torch.device) -> Tensor:
    return to_device(np.asarray(values, np.float32), device)


def _step(fault: dict[str, Tensor], t: Tensor) -> Tensor:
    return ((t >= fault["step_s"][:, None]) * fault["step_factor"][:, None])[:, None]


def _drift(fault: dict[str, Tensor], t: Tensor) -> Tensor:
    return (t / t[-1] * fault["drift_factor"][:, None])[:, None]


def _spike(fault: dict[str, Tensor], t: Tensor) -> Tensor:
    since = torch.arange(len(t), device=t.device) - fault["spike_start"][:, None]
    hit = ((since >= 0) & (since < fault["spike_length"][:, None])) * fault["spike_factor"][:, None]
    component = torch.arange(3, device=t.device) == fault["spike_component"][:, None]
    return hit[:, None] * component[..., None]


def _silence(counts: Tensor, table: Table, t: Tensor) -> None:
    """Dead components, vertical-only stations and gaps are zeros."""
    for rows, components in ((np.flatnonzero(table["vertical_only"]), slice(1, 3)),
                             (np.flatnonzero(table["dead"] == 1), slice(1, 2)),
                             (np.flatnonzero(table["dead"] == 2), slice(2, 3))):
        if len(rows):
            counts[to_device(rows, counts.device), components] = 0
    rows = np.flatnonzero(table["gap_length_s"] > 0)
    if len(rows):
        start, length = (_column(table[name][rows], counts.device) for name in ("gap_start_s", "gap_length_s"))
        kept = (t < start[:, None]) | (t >= (start + length)[:, None])
        counts[to_device(rows, counts.device)] *= kept[:, None]
