"""TensorBoard event files in the run's folder: ``tensorboard --logdir runs``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NEEDS = ("tensorboard",)


class Backend:
    """Scalars below ``tracking/tensorboard`` of the run."""

    def __init__(self, run: Any) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(log_dir=str(run.path / "tracking" / "tensorboard"))

    def write(self, rows: list[tuple[int, float, Mapping[str, float]]]) -> None:
        for step, at, values in rows:
            for key, value in values.items():
                self._writer.add_scalar(key, value, global_step=step, walltime=at)

    def close(self, metrics: Mapping[str, float], status: str) -> None:
        for key, value in metrics.items():
            if isinstance(value, (int, float)):
                self._writer.add_scalar(f"final/{key}", value)
        self._writer.close()
