"""Distractors, drawn on the device for all hidden frames at once."""

from __future__ import annotations

import torch
from torch import Tensor


def draw_negatives(valid: Tensor, number: int, generator: torch.Generator | None = None) -> Tensor:
    """Ranks of distractors among the hidden frames of the same window, with replacement, never the frame itself.

    Parameters
    ----------
    valid : Tensor, shape (B, M), bool
        Real hidden frames first, then filling (see `masked_order`).
    number : int
        K.

    Returns
    -------
    Tensor, shape (B, M, K), int64
        Rank below the number of hidden frames of the window; 0 in rows of filling.
    """
    batch, rows = valid.shape
    others = (valid.sum(1) - 1).clamp_min(1)[:, None, None]
    u = torch.rand(batch, rows, number, generator=generator, device=valid.device)
    rank = torch.minimum((u * others).long(), others - 1)
    own = torch.arange(rows, device=valid.device)[None, :, None]
    return torch.where(valid[..., None], rank + (rank >= own), 0)


def draw_cross(valid: Tensor, number: int, generator: torch.Generator | None = None) -> Tensor:
    """Distractors from hidden frames of other windows, as flat numbers window * M + rank, (B, M, number).

    Every real hidden frame of every other window has the same chance.
    """
    batch, rows = valid.shape
    if batch < 2:
        raise ValueError("distractors from other windows need at least 2 windows in a batch; found 1")
    counts = valid.sum(1)
    ends = counts.cumsum(0)
    before = (ends - counts)[:, None, None]
    others = (ends[-1] - counts)[:, None, None].clamp_min(1)
    u = torch.rand(batch, rows, number, generator=generator, device=valid.device)
    place = torch.minimum((u * others).long(), others - 1)
    place = place + torch.where(place >= before, counts[:, None, None], 0)
    window = torch.searchsorted(ends, place.flatten(), right=True).clamp_max(batch - 1).view_as(place)
    return window * rows + place - (ends - counts)[window]
