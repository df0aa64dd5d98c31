"""Contrastive loss of hidden frames: which of the quantised targets belongs to this context?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Contrast:
    """Sums over hidden frames; divide by `count`.

    Attributes
    ----------
    loss : Tensor
        Sum of -log softmax at the true target.
    chance : Tensor
        Sum of log(1 + distractors that are left): what a network without knowledge would lose. ``chance - loss`` is
        comparable between books of few and of many codes, the loss alone is not.
    correct, correct5 : Tensor
        Frames whose true target is first, or among the first five.
    count : Tensor
        Hidden frames.
    rank : Tensor, shape (B, M)
        How many distractors score at least as high as the true target; -1 in rows of filling.
    """

    loss: Tensor
    chance: Tensor
    correct: Tensor
    correct5: Tensor
    count: Tensor
    rank: Tensor


def contrast(contexts: Tensor, targets: Tensor, codes: Tensor | None, valid: Tensor, negatives: Tensor | None,
             cross: Tensor | None = None, kappa: float = 0.1) -> Contrast:
    """Loss of contexts (B, M, P) against targets (B, M, P), with cosine similarity / kappa in float32.

    One M x M product per window gives all similarities; distractors are read from it.

    Parameters
    ----------
    codes : Tensor or None, shape (B, M, G)
        A distractor with the codes of the true target is left out. None (no quantiser): none is.
    valid : Tensor, shape (B, M), bool
    negatives : Tensor or None, shape (B, M, K)
        Ranks in the same window; None: every other hidden frame once.
    cross : Tensor or None, shape (B, M, C)
        Flat numbers of distractors in other windows.
    """
    with torch.autocast(contexts.device.type, enabled=False):
        wide = torch.promote_types(contexts.dtype, torch.float32)
        c = F.normalize(contexts.to(wide), dim=-1, eps=1e-8)
        q = F.normalize(targets.to(wide), dim=-1, eps=1e-8)
        similarity = torch.bmm(c, q.transpose(1, 2)) / kappa  # (B, M, M)
        positive = similarity.diagonal(dim1=1, dim2=2)[..., None]
        names = None if codes is None else _names(codes)
        scores, kept = _within(similarity, valid, names, negatives)
        if cross is not None:
            more, more_kept = _across(c, q, names, cross, kappa)
            scores, kept = torch.cat([scores, more], -1), torch.cat([kept, more_kept], -1)
        return _summarise(positive, scores.masked_fill(~kept, -torch.inf), kept, valid)


def _names(codes: Tensor) -> Tensor:
    """One number per combination of codes."""
    name = codes[..., 0]
    for g in range(1, codes.shape[-1]):
        name = name * 65_536 + codes[..., g]
    return name


def _within(similarity: Tensor, valid: Tensor, names: Tensor | None, negatives: Tensor | None) -> tuple[Tensor, Tensor]:
    if negatives is None:
        own = torch.eye(valid.shape[1], dtype=torch.bool, device=valid.device)
        kept = valid[:, None, :] & ~own
        return similarity, kept if names is None else kept & (names[:, None, :] != names[:, :, None])
    kept = torch.ones_like(negatives, dtype=torch.bool)
    if names is not None:
        kept = names.gather(1, negatives.flatten(1)).view_as(negatives) != names[..., None]
    return similarity.gather(2, negatives), kept


def _across(c: Tensor, q: Tensor, names: Tensor | None, cross: Tensor, kappa: float) -> tuple[Tensor, Tensor]:
    chosen = q.flatten(0, 1)[cross]  # (B, M, C, P)
    kept = torch.ones_like(cross, dtype=torch.bool)
    if names is not None:
        kept = names.flatten()[cross] != names[..., None]
    return torch.einsum("bmp,bmcp->bmc", c, chosen) / kappa, kept


def _summarise(positive: Tensor, scores: Tensor, kept: Tensor, valid: Tensor) -> Contrast:
    logits = torch.cat([positive, scores], dim=-1)
    weight = valid.to(logits.dtype)
    loss = torch.logsumexp(logits, -1) - positive[..., 0]
    chance = torch.log1p(kept.sum(-1).to(logits.dtype))
    better = (scores >= positive).sum(-1)  # a tie counts against the network
    return Contrast((loss * weight).sum(), (chance * weight).sum(), ((better == 0) & valid & kept.any(-1)).sum(),
                    ((better < 5) & valid & kept.any(-1)).sum(), valid.sum(), torch.where(valid, better, -1))
