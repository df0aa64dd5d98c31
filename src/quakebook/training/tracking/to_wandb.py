"""Weights & Biases, offline unless ``$WANDB_MODE`` says otherwise: ``wandb sync`` uploads later."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
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

    def series(self, rows: list[tuple[int, float, Mapping[str, float]]]) -> None:
        """W&B drops rows whose step lies before the last one: here the step is a value of its own."""
        for step, _, values in rows:
            self._run.log({**values, "tracked.step": step})

    def keep(self, files: list[Path], root: Path) -> None:
        for path in files:
            self._run.save(str(path), base_path=str(root), policy="now")

    def close(self, metrics: Mapping[str, float], status: str) -> None:
        self._run.summary.update({**metrics, "status": status})
        self._run.finish(exit_code=0 if status == "finished" else 1)
