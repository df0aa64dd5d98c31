"""Held-out gap to chance, accuracy and code use, on fixed windows with fixed masks."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..data.windows import Pool, cut, standardise
from ..objective.diversity import hard_distribution, perplexity
from ..objective.pretraining import GP2Vec
from ..objective.step import draw

#: Seed of the masks and distractors of held-out windows.
MASK_SEED = 12_345


@dataclass(frozen=True)
class HeldOut:
    """Numbers of `measure`, ranks and positions of the hidden frames, and the use of the codes.

    Attributes
    ----------
    metrics : dict of float
    usage : Tensor, shape (G, V)
        Share of each code over all frames, chosen without noise.
    rank : Tensor, shape (n,)
        Distractors that score at least as high as the true target.
    depth : Tensor, shape (n,)
        Frames between a hidden frame and the nearest visible one.
    """

    metrics: dict[str, float]
    usage: Tensor
    rank: Tensor
    depth: Tensor


@torch.no_grad()
def measure(model: GP2Vec, pool: Pool, samples: int, count: int, batch_size: int) -> HeldOut:
    """Evaluate on the first `count` records; the network must be in evaluation mode (argmax codes, no dropout)."""
    count = min(count, len(pool))
    device = pool.waveforms.device
    starts = pool.fixed_starts(samples)[:count]
    frames = model.frames(samples)
    generator = torch.Generator(device).manual_seed(MASK_SEED)
    totals: dict[str, float] = {}
    usage, ranks, depths = [], [], []
    for rows in torch.arange(count, device=device).split(batch_size):
        if len(rows) < 2:
            continue
        windows = standardise(cut(pool.waveforms, rows, starts[rows], samples))
        metadata = {k: v[rows] for k, v in pool.metadata.items()} if model.fusion is not None else None
        out = model(windows, metadata, normalize=False,
                    **draw(model.objective, len(rows), frames, generator, device))
        for name in ("contrastive_loss", "chance", "gap", "accuracy", "accuracy5", "masked_fraction",
                     "commitment_loss"):
            totals[name] = totals.get(name, 0.0) + float(getattr(out, name)) * len(rows)
        totals["n"] = totals.get("n", 0) + len(rows)
        codes = model.codes(windows, normalize=False)
        usage.append(hard_distribution(codes, model.quantiser.codes, torch.ones(codes.shape[:2], device=device))
                     * len(rows))
        hidden = out.rank >= 0
        ranks.append(out.rank[hidden].cpu())
        depths.append(edge_distance(out.mask).gather(1, out.index)[hidden].cpu())
    share = torch.stack(usage).sum(0) / totals["n"]
    metrics = {name: value / totals["n"] for name, value in totals.items() if name != "n"}
    metrics["code_perplexity"] = float(perplexity(share))
    metrics["used_codes"] = float((share > 0).float().mean())
    metrics["loss"] = metrics.pop("contrastive_loss")
    return HeldOut(metrics, share.cpu(), torch.cat(ranks), torch.cat(depths))


def edge_distance(mask: Tensor) -> Tensor:
    """Frames from each hidden frame to the nearest visible one or the window's end; 0 where visible, (B, T)."""
    forward = torch.zeros_like(mask, dtype=torch.int64)
    backward = torch.zeros_like(forward)
    steps = mask.shape[1]
    for t in range(steps):
        before = forward[:, t - 1] if t else torch.zeros_like(forward[:, 0])
        forward[:, t] = (before + 1) * mask[:, t]
        after = backward[:, steps - t] if t else torch.zeros_like(forward[:, 0])
        backward[:, steps - t - 1] = (after + 1) * mask[:, steps - t - 1]
    return torch.minimum(forward, backward)
