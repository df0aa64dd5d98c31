"""Losses of each epoch, the best weights and the decision to stop."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from torch import Tensor


class History:
    """Training loss (mean over the steps of an epoch), dev loss and learning rate."""

    def __init__(self, patience: int = 10) -> None:
        self.patience = patience
        self.train: list[float] = []
        self.dev: list[float] = []
        self.rate: list[float] = []
        self.step: list[int] = []
        self.best, self.waiting = math.inf, 0
        self.best_weights: dict[str, Tensor] = {}
        self._sum: Tensor | None = None
        self._count = 0

    def add(self, loss: Tensor) -> None:
        """Count one step without reading the loss back to the host."""
        self._sum = loss.double() if self._sum is None else self._sum + loss.double()
        self._count += 1

    def close(self, step: int, dev_loss: float, rate: float) -> bool:
        """End an epoch; True when the dev loss is the best so far."""
        self.train.append(float(self._sum) / self._count if self._count else math.nan)
        self.dev.append(dev_loss)
        self.rate.append(rate)
        self.step.append(int(step))
        self._sum, self._count = None, 0
        better = dev_loss < self.best
        self.best, self.waiting = (dev_loss, 0) if better else (self.best, self.waiting + 1)
        return better

    @property
    def exhausted(self) -> bool:
        """True when `patience` epochs have brought no better dev loss (patience 0: never)."""
        return 0 < self.patience <= self.waiting

    def record(self, model_type: str) -> dict[str, Any]:
        """Plain content of a ``training_history`` file."""
        return {"format": "quakebook.magnitude.history", "model_type": model_type, "train_loss": self.train,
                "val_loss": self.dev, "learning_rate": self.rate, "step": self.step}

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed training needs."""
        return {**self.record(""), "best": self.best, "waiting": self.waiting, "best_weights": self.best_weights,
                "sum": self._sum, "count": self._count}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue where `state_dict` was taken."""
        self.train, self.dev = list(state["train_loss"]), list(state["val_loss"])
        self.rate, self.step = list(state["learning_rate"]), list(state["step"])
        self.best, self.waiting, self.best_weights = state["best"], state["waiting"], dict(state["best_weights"])
        self._sum, self._count = state["sum"], state["count"]
