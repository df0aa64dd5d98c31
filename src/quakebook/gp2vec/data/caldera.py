"""Windows of the synthetic stick-slip sequence: shaking at one station while a caldera loads and fails.

A compression of about 200 to 1 of sequences whose cycles last about a day. Nothing in it is a recording.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from .windows import bandpass

RATE_HZ = 100
#: Window and hop of the displacement task in seconds.
WINDOW_S, HOP_S = 30, 15
#: Shares of the cycles for training, validation and test, in order of time.
SHARES = (0.60, 0.15, 0.25)
#: Length in seconds of the pieces that are filtered and used for pre-training.
PIECE_S = 60


@dataclass(frozen=True)
class Sequence:
    """One sequence.

    Attributes
    ----------
    waveforms : ndarray, shape (3, n), float32
        Ground velocity in m/s at 100 Hz.
    displacement_m, stress, since_s : ndarray, shape (seconds,)
        Once a second: displacement, stress, time since the last failure.
    cycle : ndarray, shape (seconds,), int
    failures_s : ndarray
    cycle_s : float
        Mean length of a cycle.
    """

    waveforms: np.ndarray
    displacement_m: np.ndarray
    stress: np.ndarray
    since_s: np.ndarray
    cycle: np.ndarray
    failures_s: np.ndarray
    cycle_s: float

    @property
    def cycles(self) -> int:
        return int(self.cycle.max()) + 1


@lru_cache(maxsize=2)
def sequence(cycles: int = 40, cycle_s: float = 600.0, seed: int = 0, nuisance: float = 0.5) -> Sequence:
    """Make a sequence; the last two are kept in memory."""
    from quakebook.data.archive.embedded import caldera
    from quakebook.data.archive.embedded.presets import PRESETS

    preset = replace(PRESETS["default"], cycles=cycles, cycle_s=cycle_s)
    state = caldera.cycles(preset, seed)
    waves = caldera.shaking(state, seed, nuisance).astype(np.float32)
    return Sequence(waves, state.displacement_m, state.stress, state.since_s, state.cycle, state.failures_s, cycle_s)


@dataclass(frozen=True)
class Windows:
    """Windows of the displacement task.

    Attributes
    ----------
    end_s : ndarray, shape (n,), int
        Second after which a window ends; its target is the displacement of its last second.
    cycle : ndarray, shape (n,)
        Cycle of the last second.
    spans_failure : ndarray, shape (n,), bool
    parts : dict of ndarray
        Rows of train, dev and test: whole cycles, in order of time. A window that reaches back into another part is
        left out.
    """

    end_s: np.ndarray
    cycle: np.ndarray
    spans_failure: np.ndarray
    parts: dict[str, np.ndarray]


def windows(data: Sequence) -> Windows:
    """All windows of 30 s, one every 15 s."""
    end = np.arange(WINDOW_S, len(data.cycle) + 1, HOP_S)
    last, first = data.cycle[end - 1], data.cycle[end - WINDOW_S]
    edges = np.round(np.cumsum(SHARES) * data.cycles).astype(int)
    part_last, part_first = np.searchsorted(edges, last, "right"), np.searchsorted(edges, first, "right")
    parts = {name: np.flatnonzero((part_last == k) & (part_first == k))
             for k, name in enumerate(("train", "dev", "test"))}
    return Windows(end, last, last != first, parts)


def cut_windows(data: Sequence, which: Windows, low_hz: float = 0.0, high_hz: float = 0.0) -> Tensor:
    """Waveforms (n, 3, 3000) in micrometres per second, band-passed over the whole sequence first where asked."""
    waves = torch.from_numpy(data.waveforms) * 1e6
    if low_hz or high_hz:
        waves = _filtered(waves, low_hz, high_hz)
    starts = (which.end_s - WINDOW_S) * RATE_HZ
    return torch.stack([waves[:, s : s + WINDOW_S * RATE_HZ] for s in starts.tolist()])


def pieces(data: Sequence, part: str, low_hz: float, high_hz: float) -> Tensor:
    """Records (n, 3, 6000) of a part's cycles, every 30 s, for pre-training; none reaches into another part."""
    waves = _filtered(torch.from_numpy(data.waveforms) * 1e6, low_hz, high_hz)
    edges = [0, *np.round(np.cumsum(SHARES) * data.cycles).astype(int)]
    k = ("train", "dev", "test").index(part)
    seconds = np.flatnonzero((data.cycle >= edges[k]) & (data.cycle < edges[k + 1]))
    starts = np.arange(seconds[0], seconds[-1] + 2 - PIECE_S, PIECE_S // 2)
    return torch.stack([waves[:, s * RATE_HZ : (s + PIECE_S) * RATE_HZ] for s in starts.tolist()])


def _filtered(waves: Tensor, low_hz: float, high_hz: float) -> Tensor:
    """Band-pass in overlapping blocks of ten minutes, so that memory is bounded."""
    block, margin, out = 600 * RATE_HZ, 10 * RATE_HZ, []
    for first in range(0, waves.shape[1], block):
        start, stop = max(0, first - margin), min(waves.shape[1], first + block + margin)
        part = bandpass(waves[None, :, start:stop], low_hz, high_hz)[0]
        out.append(part[:, first - start : min(first + block, waves.shape[1]) - start])
    return torch.cat(out, 1)
