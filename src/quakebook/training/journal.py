"""Losses summed on the device, read once every `log_every` steps, and handed to log, progress bar and tracker."""

from __future__ import annotations

import math
import time
from typing import Any

import torch
from torch import Tensor

from .config import TrainingConfig
from .log import MetricsLog
from .progress import Bar
from .run import Run
from .tracking import open_tracker


class Journal:
    """The only place where a training reads numbers from the device.

    A row of ``metrics.csv`` is the mean of each loss over the steps since the last row, with the learning rates.
    """

    def __init__(self, run: Run, config: TrainingConfig, start: int, state: dict[str, Any] | None) -> None:
        state = state or {}
        self.every = config.log_every
        self.log = MetricsLog(run.path / "metrics.csv", start, run.writable)
        self.bar = Bar(f"{run.paper} {run.id[:6]}", config.steps, start, config.progress and run.writable)
        self.tracker = open_tracker(config.tracker if run.writable else "none", run)
        self.names: list[str] | None = state.get("names")
        self.sums: Tensor | None = state.get("sums")
        self.count: int = state.get("count", 0)
        self._spent, self._began = state.get("seconds", 0.0), time.perf_counter()

    def add(self, step: int, losses: dict[str, Tensor], optimisers: dict[str, Any]) -> None:
        """Losses of the step that completed `step` steps. Nothing is read unless a row is due."""
        if losses:
            self._sum(losses)
        self.bar.update()
        if step % self.every == 0:
            self.flush(step, optimisers)

    def _sum(self, losses: dict[str, Tensor]) -> None:
        values = torch.stack(tuple(losses.values())).to(torch.float64)
        if self.sums is None:
            self.names, self.sums = list(losses), torch.zeros_like(values)
        if len(losses) != len(self.names):
            raise ValueError(f"step returned {', '.join(losses)}; it began with {', '.join(self.names)}")
        self.sums += values
        self.count += 1

    def flush(self, step: int, optimisers: dict[str, Any]) -> None:
        """Write the row that is due."""
        if not self.count:
            return
        means = (self.sums / self.count).tolist()
        row = dict(zip(self.names, means, strict=True))
        self.sums.zero_()
        self.count = 0
        bad = [name for name, value in row.items() if not math.isfinite(value)]
        self.record(step, row | {f"lr_{name}": _rate(each) for name, each in optimisers.items()} | {
            "seconds": round(self._spent + time.perf_counter() - self._began, 3)})
        self.bar.show(row)
        if bad:
            raise FloatingPointError(f"{', '.join(bad)} became NaN or infinite between steps {step - self.every} and "
                                     f"{step}; try a smaller learning rate, training.clip_norm or 32-true")

    def record(self, step: int, values: dict[str, float]) -> None:
        """Values read elsewhere (validation) into the same row."""
        self.log.add(step, values)
        self.tracker.log(step, values)

    def state_dict(self) -> dict[str, Any]:
        return {"names": self.names, "sums": self.sums, "count": self.count,
                "seconds": self._spent + time.perf_counter() - self._began}

    def sync(self) -> None:
        """The log on the disk, before a checkpoint that relies on it."""
        self.log.rewrite()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Final metrics stand in the run's record by now: the tracker gets them, and how the training ended."""
        self.bar.close()
        failed = "failed" if kind and issubclass(kind, Exception) else "interrupted"
        self.tracker.close("finished" if kind is None else failed)


def _rate(optimiser: Any) -> float:
    return float(optimiser.param_groups[0]["lr"])
