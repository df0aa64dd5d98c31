"""Weights & Biases, offline unless ``$WANDB_MODE`` says otherwise: ``wandb sync`` uploads later."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

NEEDS = ("wandb",)


class Backend:
    """One W&B run a training, in the project ``quakebook``, files below ``tracking/`` of the run."""

    def __init__(self, run: Any) -> None:
        import wandb

        folder = run.path / "tracking"
        folder.mkdir(parents=True, exist_ok=True)
        self._run = wandb.init(project="quakebook", group=run.paper, name=run.id, dir=str(folder), config=run.config,
                               mode=os.environ.get("WANDB_MODE", "offline"))

    def write(self, rows: list[tuple[int, float, Mapping[str, float]]]) -> None:
        for step, _, values in rows:
            self._run.log(dict(values), step=step)

    def close(self, metrics: Mapping[str, float]) -> None:
        self._run.summary.update(dict(metrics))
        self._run.finish()
