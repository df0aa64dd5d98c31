"""What the probes ask of a window and of its frames, and which records may answer in training, validation and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data.windows import Pool

#: Shares of training, validation and test among the events.
SHARES = (0.60, 0.15, 0.25)
#: A frame this near an onset is an onset; frames between these distances are not; between the two no answer counts.
AWAY_S = (0.5, 3.0)
#: Frames per window and task.
FRAMES = 3
FRAME_TASKS = ("phase", "P", "S")
WINDOW_TASKS = ("kind", "SP", "M")
TASKS = (*FRAME_TASKS, *WINDOW_TASKS)
#: What each task's number is.
METRICS = {"phase": "balanced accuracy", "P": "ROC AUC", "S": "ROC AUC", "kind": "balanced accuracy", "SP": "R2",
           "M": "R2"}
#: Number at chance.
CHANCE = {"phase": 1 / 3, "P": 0.5, "S": 0.5, "kind": 1 / 3, "SP": 0.0, "M": 0.0}


@dataclass(frozen=True)
class Questions:
    """Frames and labels for windows of n records.

    Attributes
    ----------
    time_s : dict of Tensor, shape (n, 3)
        Times after the window start at which a frame task is asked.
    label : dict of Tensor
        (n, 3) for frame tasks, (n,) for window tasks; -1 (classes) or NaN (numbers): not asked.
    """

    time_s: dict[str, Tensor]
    label: dict[str, Tensor]


def questions(pool: Pool, start: Tensor, samples: int, seed: int = 0) -> Questions:
    """The questions for windows that begin at sample `start` (n,)."""
    length = samples / 100
    p, s = ((onset - start).cpu().double() / 100 for onset in (pool.p, pool.s))
    event = (pool.kind.cpu() == 2) & (p >= 0) & (p < length)
    p = torch.where(event, p, torch.nan)
    s = torch.where(event & (s > p) & (s < length), s, torch.nan)
    u = torch.rand(len(pool), 4, FRAMES, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    end = torch.full_like(p, length)
    edges = torch.stack([torch.zeros_like(p), p, s, end], 1)
    low, high = edges[:, :3], edges[:, 1:]
    phase_time = low + u[:, 0] * (high - low)
    phase = torch.where(phase_time.isfinite() & (high - low > 0.1), torch.arange(3), -1)
    time, label = {"phase": phase_time}, {"phase": phase}
    for k, (name, onset) in enumerate((("P", p), ("S", s)), start=1):
        time[name], label[name] = _onset(onset, length, u[:, k], u[:, 3])
    label["kind"] = pool.kind.cpu()
    label["SP"] = torch.log10(s - p)
    label["M"] = torch.where(event, pool.magnitude.cpu().double(), torch.nan)
    return Questions({name: torch.nan_to_num(value).float() for name, value in time.items()}, label)


def _onset(onset: Tensor, length: float, u: Tensor, side: Tensor) -> tuple[Tensor, Tensor]:
    """The onset itself and two times 0.5 to 3 s away."""
    distance = AWAY_S[0] + (AWAY_S[1] - AWAY_S[0]) * u[:, 1:]
    away = onset[:, None] + torch.where(side[:, 1:] < 0.5, -distance, distance)
    time = torch.cat([onset[:, None], away], 1)
    label = torch.tensor([1, 0, 0]).expand(len(onset), 3)
    return time, torch.where((time >= 0) & (time < length), label, -1)


def frames_at(time_s: Tensor, samples: int, frames: int) -> Tensor:
    """Numbers of the frames that hold the times (..., )."""
    return (time_s * 100 * frames / samples).long().clamp(0, frames - 1)


def split(events: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """Rows of "train", "dev" and "test", 60 / 15 / 25 % of the events; all records of an event fall together."""
    names = np.unique(events.astype(str))
    order = np.random.default_rng(seed).permutation(len(names))
    ends = np.round(np.cumsum(SHARES) * len(names)).astype(int)
    out = {}
    for name, first, last in zip(("train", "dev", "test"), (0, *ends[:-1]), ends, strict=True):
        out[name] = np.flatnonzero(np.isin(events.astype(str), names[order[first:last]]))
    return out
