"""Learning rate: warm-up and reduction on plateau as factors of one rate, so that neither cancels the other.

Torch's `LinearLR` and `ReduceLROnPlateau` both multiply the rate that they find. The published code warms up with a
`LambdaLR`, which writes ``base * 1`` every epoch and so undoes every reduction one epoch later;
`rates_as_in_reference` shows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import LambdaLR, LinearLR, OneCycleLR, ReduceLROnPlateau

from quakebook.magnitude.settings import KINDS

#: The warm-up begins at this share of the rate.
WARMUP_START = 0.1
#: Share of the steps that a one-cycle schedule climbs, and how far below its top it begins (torch's defaults).
CYCLE_RISE, CYCLE_DIVISOR = 0.3, 25.0


class Schedule:
    """Rate = base x warm-up(epoch) x factor^(plateau events), or one cycle; stepped every optimiser step.

    `observe` is told the dev loss at the end of each epoch; counting of a plateau starts after the warm-up.

    Parameters
    ----------
    optimizer : Optimizer
    kind : {"plateau", "one_cycle", "constant"}
    steps_per_epoch, steps : int
    warmup_epochs, patience : int
        Epochs without a better dev loss before the rate is reduced.
    factor : float

    Attributes
    ----------
    used : float or Tensor
        Rate of the step that was taken last.
    """

    def __init__(self, optimizer: Optimizer, kind: str, steps_per_epoch: int, steps: int, warmup_epochs: int = 5,
                 patience: int = 5, factor: float = 0.5) -> None:
        if kind not in KINDS:
            raise ValueError(f"`schedule` must be one of {', '.join(KINDS)}; found {kind!r}")
        self.optimizer, self.steps_per_epoch, self.warmup_epochs = optimizer, max(steps_per_epoch, 1), warmup_epochs
        self.done, self.used = 0, optimizer.param_groups[0]["lr"]
        self.parts: dict[str, Any] = {}
        if kind == "one_cycle":
            self.parts["cycle"] = one_cycle(optimizer, steps)
        elif warmup_epochs:
            self.parts["warmup"] = LinearLR(optimizer, WARMUP_START, total_iters=warmup_epochs)
        if kind == "plateau":
            self.parts["plateau"] = ReduceLROnPlateau(optimizer, factor=factor, patience=patience, threshold=0, eps=0)

    def step(self) -> None:
        """Count an optimiser step; the warm-up moves at the end of an epoch."""
        rate = self.optimizer.param_groups[0]["lr"]
        self.used = rate.clone() if isinstance(rate, Tensor) else rate
        self.done += 1
        if "cycle" in self.parts:
            self.parts["cycle"].step()
        elif "warmup" in self.parts and self.done % self.steps_per_epoch == 0:
            self.parts["warmup"].step()

    def observe(self, dev_loss: float) -> None:
        """Count an epoch; during the warm-up only the best loss is kept."""
        plateau = self.parts.get("plateau")
        if plateau is None:
            return
        if self.done // self.steps_per_epoch <= self.warmup_epochs:
            plateau.best = min(plateau.best, dev_loss)
        else:
            plateau.step(dev_loss)

    def state_dict(self) -> dict[str, Any]:
        return {"done": self.done, "used": float(self.used),
                **{name: part.state_dict() for name, part in self.parts.items()}}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.done, self.used = state_dict["done"], state_dict["used"]
        for name, part in self.parts.items():
            part.load_state_dict(state_dict[name])


def one_cycle(optimizer: Optimizer, steps: int) -> OneCycleLR:
    """Cosine up to the optimiser's rate over the first 30 % of the steps, cosine down to zero over the rest.

    Torch reaches zero one step before its `total_steps` and counts the turning point from one; both are allowed for.
    """
    rise = max(CYCLE_RISE * steps, 1.0)
    return OneCycleLR(optimizer, [group["lr"] for group in optimizer.param_groups], total_steps=steps + 1,
                      pct_start=(rise + 1) / (steps + 1), div_factor=CYCLE_DIVISOR, final_div_factor=math.inf,
                      cycle_momentum=False)


def rates(base: float, dev_losses: Sequence[float], warmup_epochs: int = 5, patience: int = 5,
          factor: float = 0.5) -> list[float]:
    """Rate in each epoch for given dev losses: as trained here."""
    optimiser = _toy(base)
    schedule = Schedule(optimiser, "plateau", 1, len(dev_losses), warmup_epochs, patience, factor)

    def after(loss: float) -> None:
        schedule.step()
        schedule.observe(loss)

    return _played(optimiser, dev_losses, after)


def rates_as_in_reference(base: float, dev_losses: Sequence[float], warmup_epochs: int = 5, patience: int = 5,
                          factor: float = 0.5) -> list[float]:
    """Rate in each epoch when a LambdaLR and a ReduceLROnPlateau are stepped on one optimiser, as published."""
    optimiser = _toy(base)
    warmup = LambdaLR(optimiser, lambda e: 0.1 + 0.9 * e / warmup_epochs if e < warmup_epochs else 1.0)
    plateau = ReduceLROnPlateau(optimiser, factor=factor, patience=patience)

    def after(loss: float) -> None:
        warmup.step()
        plateau.step(loss)

    return _played(optimiser, dev_losses, after)


def _toy(base: float) -> Optimizer:
    return SGD([torch.nn.Parameter(torch.zeros(()))], lr=base)


def _played(optimiser: Optimizer, dev_losses: Sequence[float], after: Callable[[float], None]) -> list[float]:
    """Rate of each epoch of a training of one step an epoch."""
    used = []
    for loss in dev_losses:
        used.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        after(loss)
    return used
