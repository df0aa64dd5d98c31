"""One held-out window: what was hidden, and at which rank the true target came at each hidden frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..data.windows import Pool, cut, standardise
from ..objective.pretraining import GP2Vec
from ..objective.step import draw
from .heldout import MASK_SEED


@dataclass(frozen=True)
class Guesses:
    """A window and its hidden frames.

    Attributes
    ----------
    waveform : ndarray, shape (3, samples)
        Standardised.
    mask : ndarray of bool, shape (T,)
    rank : ndarray of int, shape (T,)
        Distractors at least as similar as the true target; -1 where the frame is visible.
    onsets_s : dict of float
        P and S in seconds after the window's start, where they lie in it.
    """

    waveform: np.ndarray
    mask: np.ndarray
    rank: np.ndarray
    onsets_s: dict[str, float]


@torch.no_grad()
def guesses(model: GP2Vec, pool: Pool, samples: int, record: int, companion: int) -> Guesses:
    """Of one record's fixed window; the network must be in evaluation mode.

    Parameters
    ----------
    record : int
        Row of the pool.
    companion : int
        Another row, which shares the batch so that distractors of other windows can be drawn.
    """
    rows = torch.tensor([record, companion], device=pool.waveforms.device)
    starts = pool.fixed_starts(samples)[rows]
    windows = standardise(cut(pool.waveforms, rows, starts, samples))
    metadata = {k: v[rows] for k, v in pool.metadata.items()} if model.fusion is not None else None
    generator = torch.Generator(rows.device).manual_seed(MASK_SEED)
    out = model(windows, metadata, normalize=False,
                **draw(model.objective, 2, model.frames(samples), generator, rows.device))
    rank = torch.full(out.mask.shape, -1, dtype=out.rank.dtype, device=rows.device)
    hidden = out.rank[0] >= 0
    rank[0, out.index[0][hidden]] = out.rank[0][hidden]
    at = {phase: (float(onset[record]) - float(starts[0])) / 100 for phase, onset in (("P", pool.p), ("S", pool.s))}
    return Guesses(windows[0].cpu().numpy(), out.mask[0].cpu().numpy(), rank[0].cpu().numpy(),
                   {phase: seconds for phase, seconds in at.items() if 0 <= seconds < samples / 100})
