"""One pre-training step: random numbers of a batch, and forward, backward, update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ..data.masking import draw_mask, masked_order
from .negatives import draw_cross, draw_negatives
from .pretraining import Objective

Batch = dict[str, Any]


def draw(rule: Objective, batch: int, frames: int, generator: torch.Generator | None,
         device: torch.device | str) -> Batch:
    """Mask and distractors of a batch, on the device, with shapes that depend on the rule only."""
    mask = draw_mask(rule.mask, batch, frames, generator, device)
    _, valid = masked_order(mask, rule.mask.most(frames))
    drawn: Batch = {"mask": mask}
    if rule.negative_mode == "sample":
        drawn["negatives"] = draw_negatives(valid, rule.negatives, generator)
    if rule.cross_negatives:
        drawn["cross"] = draw_cross(valid, rule.cross_negatives, generator)
    return drawn


def pretraining_step(model: nn.Module, optimiser: Optimizer, backward: Callable[[Tensor], None],
                     clip: Callable[[], None], batch: Batch) -> dict[str, Tensor]:
    """One update; returns the detached losses and statistics. Nothing is read back to the host."""
    optimiser.zero_grad(set_to_none=True)
    out = model(**batch)
    backward(out.loss)
    clip()
    optimiser.step()
    return out.numbers()
