"""The learning rate's factor: constant through an epoch, rising linearly from epoch to epoch."""

from __future__ import annotations

from ..settings import OptimiserConfig


def rate_factor(step: int, optimiser: OptimiserConfig) -> float:
    """Factor at a step, counted from 0: `start_factor` in the first epoch, 1 once `warmup_steps` have gone by.

    Published: 0.01 in epoch 1, a 32nd of the way more with every epoch of 2000 steps, 1 from epoch 33.
    """
    epochs = max(round(optimiser.warmup_steps / optimiser.epoch_steps), 0)
    if not epochs:
        return 1.0
    share = min(step // optimiser.epoch_steps, epochs) / epochs
    return optimiser.start_factor + (1 - optimiser.start_factor) * share
