"""Learning rate: warm-up and reduction on plateau in one schedule, so that neither cancels the other.

The published code steps two schedulers. The first writes ``base * 1`` after its warm-up and so undoes every reduction
of the second one epoch later; `rates_as_in_reference` shows it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from quakebook.magnitude.settings import KINDS

#: Share of the steps that a one-cycle schedule climbs, and where it begins (torch's defaults).
CYCLE_RISE, CYCLE_START = 0.3, 1 / 25


def warmup_factor(epoch: int, warmup_epochs: int) -> float:
    """0.1 + 0.9 e / W for epoch e < W, then 1.

    Examples
    --------
    >>> [round(warmup_factor(epoch, 5), 2) for epoch in range(7)]
    [0.1, 0.28, 0.46, 0.64, 0.82, 1.0, 1.0]
    """
    return 0.1 + 0.9 * epoch / warmup_epochs if epoch < warmup_epochs else 1.0


def cycle_factor(step: int, steps: int) -> float:
    """Cosine up over the first 30 % of the steps, cosine down to zero over the rest."""
    rise = max(CYCLE_RISE * steps, 1.0)
    if step < rise:
        return CYCLE_START + (1 - CYCLE_START) * 0.5 * (1 - math.cos(math.pi * step / rise))
    return 0.5 * (1 + math.cos(math.pi * min((step - rise) / max(steps - rise, 1.0), 1.0)))


class Schedule(LRScheduler):
    """lr = base x warm-up(epoch) x 0.5^(plateau events), stepped every optimiser step.

    `observe` is told the dev loss at the end of each epoch; counting of a plateau starts after the warm-up.

    Parameters
    ----------
    optimizer : Optimizer
    kind : {"plateau", "one_cycle", "constant"}
    steps_per_epoch, steps : int
    warmup_epochs, patience : int
        Epochs without a better dev loss before the rate is halved.
    factor : float
    """

    def __init__(self, optimizer: Optimizer, kind: str, steps_per_epoch: int, steps: int, warmup_epochs: int = 5,
                 patience: int = 5, factor: float = 0.5) -> None:
        if kind not in KINDS:
            raise ValueError(f"`schedule` must be one of {', '.join(KINDS)}; found {kind!r}")
        self.kind, self.steps_per_epoch, self.steps = kind, max(steps_per_epoch, 1), steps
        self.warmup_epochs, self.patience, self.factor = warmup_epochs, patience, factor
        self.best, self.waiting, self.events = math.inf, 0, 0
        super().__init__(optimizer)

    def observe(self, dev_loss: float) -> bool:
        """Count an epoch; True if it set off a reduction."""
        epoch = self.last_epoch // self.steps_per_epoch  # LRScheduler counts steps in `last_epoch`
        if self.kind != "plateau" or epoch <= self.warmup_epochs:
            self.best = min(self.best, dev_loss)
            return False
        if dev_loss < self.best:
            self.best, self.waiting = dev_loss, 0
            return False
        self.waiting += 1
        if self.waiting <= self.patience:
            return False
        self.waiting, self.events = 0, self.events + 1
        for group, rate in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            if isinstance(group["lr"], Tensor):  # a recorded step reads it where it lies
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate
        return True

    def multiplier(self) -> float:
        """Present rate as a share of the base rate."""
        if self.kind == "one_cycle":
            return cycle_factor(self.last_epoch, self.steps)
        return warmup_factor(self.last_epoch // self.steps_per_epoch, self.warmup_epochs) * self.factor ** self.events

    def get_lr(self) -> list[float]:
        return [base * self.multiplier() for base in self.base_lrs]

    def state_dict(self) -> dict[str, Any]:
        names = ("last_epoch", "base_lrs", "best", "waiting", "events", "_step_count", "_last_lr")
        return {name: getattr(self, name) for name in names}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.__dict__.update(state_dict)


def rates(base: float, dev_losses: Sequence[float], warmup_epochs: int = 5, patience: int = 5,
          factor: float = 0.5) -> list[float]:
    """Rate in each epoch for given dev losses: as trained here."""
    import torch

    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=base)
    schedule = Schedule(optimiser, "plateau", 1, len(dev_losses), warmup_epochs, patience, factor)
    used = []
    for loss in dev_losses:
        used.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
        schedule.observe(loss)
    return used


def rates_as_in_reference(base: float, dev_losses: Sequence[float], warmup_epochs: int = 5, patience: int = 5,
                          factor: float = 0.5) -> list[float]:
    """Rate in each epoch when a LambdaLR and a ReduceLROnPlateau are stepped on one optimiser, as published."""
    import torch
    from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=base)
    warmup = LambdaLR(optimiser, lambda epoch: warmup_factor(epoch, warmup_epochs))
    plateau = ReduceLROnPlateau(optimiser, factor=factor, patience=patience)
    used = []
    for loss in dev_losses:
        used.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        warmup.step()
        plateau.step(loss)
    return used
