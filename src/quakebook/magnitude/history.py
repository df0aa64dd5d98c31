"""Losses epoch by epoch: kept for every model, early stopping, and the printed analysis of `plot_history`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

#: Thresholds of the published analysis.
CONVERGED, LARGE_GAP, SMALL_GAP = 1e-3, 0.1, 0.05


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


def load_history(pattern: str) -> tuple[dict[str, Any], str]:
    """History file (wildcards allowed, newest match) and its path."""
    from .checkpoint import CheckpointError, resolve_path

    path = resolve_path(pattern)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(f"{path} is not a readable training history: {type(error).__name__}") from error
    if not isinstance(content, Mapping) or "val_loss" not in content:
        raise CheckpointError(f"{path} is no training history (a file written as training_history_<stamp>.pt)")
    return dict(content), str(path)


def analyse(train: list[float], dev: list[float]) -> list[str]:
    """Trend, convergence and train-dev gap in words."""
    if not dev:
        return ["no finished epoch"]
    lines = [f"epochs: {len(dev)}; best dev loss {min(dev):.5f} in epoch {dev.index(min(dev)) + 1}"]
    if len(dev) >= 3:
        first, second = dev[-2] - dev[-3], dev[-1] - dev[-2]
        trend = "falling" if first < 0 and second < 0 else "rising" if first > 0 and second > 0 else "mixed"
        converged = abs(first) < CONVERGED and abs(second) < CONVERGED
        lines.append(f"trend of the last three dev losses: {trend}")
        lines.append("converged: both changes below 0.001" if converged else "not converged")
    gap = abs(dev[-1] - train[-1])
    size = "large" if gap > LARGE_GAP else "small" if gap < SMALL_GAP else "moderate"
    lines.append(f"train-dev gap: {gap:.4f} ({size})")
    return lines
