"""A training that leaves a published model folder behind, on the loop of this book."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from quakebook.training.files import write_atomic

from ..data.domains import Domains
from ..experiment import DecompositionExperiment
from ..settings import UvcganConfig
from .model_folder import HISTORY, save_part

#: Every loss that a method may record; one running sum each, on the device.
LOSSES = ("gen_ab", "gen_ba0", "gen_ba1", "cycle_a0", "cycle_a1", "cycle_b", "disc_a0", "disc_a1", "disc_b",
          "idt_aa_a0", "idt_aa_a1", "idt_bb", "gp_a0", "gp_a1", "gp_b", "gen_ba", "cycle_a", "disc_a", "idt_a",
          "idt_b", "gp_a")


class PublishedExperiment(DecompositionExperiment):
    """Writes mean losses to history.csv once an epoch, and weights, optimisers and schedulers every few epochs.

    Parameters
    ----------
    folder : Path
    epoch_steps, checkpoint : int
        Steps of an epoch, and epochs between checkpoints.
    """

    def __init__(self, settings: UvcganConfig, train: Domains, dev: Domains, folder: Path, epoch_steps: int,
                 checkpoint: int) -> None:
        super().__init__(settings, train, dev)
        self.folder, self.epoch_steps, self.checkpoint = folder, epoch_steps, checkpoint
        self.rows: list[dict[str, Any]] = []
        self.names: list[str] = []

    def prepare(self, device: torch.device) -> None:
        super().prepare(device)
        restored = getattr(self, "sums", None)
        self.sums = torch.zeros(len(LOSSES), device=device)
        if restored is not None:
            self.sums.copy_(restored)

    def step(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        parts = super().step(batch)
        self.names = sorted(parts, key=LOSSES.index)
        self.sums.add_(torch.stack([parts[name].float() if name in parts else self.sums.new_zeros(())
                                    for name in LOSSES]))
        return parts

    def observe(self, step: int) -> None:
        if step % self.epoch_steps:
            return
        epoch = step // self.epoch_steps
        means = dict(zip(LOSSES, (self.sums / self.epoch_steps).tolist(), strict=True))
        self.rows.append({**{name: means[name] for name in self.names}, "epoch": epoch,
                          "time": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")})
        self.sums.zero_()
        write_atomic(self.folder / HISTORY, _table(self.rows))
        if self.checkpoint and epoch % self.checkpoint == 0:
            self._write(epoch)

    def finish(self, run: Any) -> None:
        super().finish(run)
        self._write(None)

    def _write(self, epoch: int | None) -> None:
        baseline = self.settings.objective.method == "uvcgan2"
        averaged = "avg" if baseline else "ema"
        for name in self.networks:
            saved = name.replace("disc_a1", "disc_a") if baseline else name
            save_part(self.folder, "net", saved, self.weights(name, averaged=False), epoch)
            if name.startswith("gen") and self.settings.training.ema_decay:
                save_part(self.folder, "net", f"{averaged}_{name}", self.weights(name), epoch)
        for side, optimiser in self.optimisers.items():
            save_part(self.folder, "opt", side, optimiser.state_dict(), epoch)
        for side, scheduler in self.schedulers.items():
            save_part(self.folder, "sched", side, scheduler.state_dict(), epoch)

    def state_dict(self) -> dict[str, Any]:
        own = {"rows": self.rows, "names": self.names}
        return super().state_dict() | own | ({"sums": self.sums} if hasattr(self, "sums") else {})

    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        self.rows, self.names = [dict(row) for row in state["rows"]], list(state["names"])
        if hasattr(self, "sums"):
            self.sums.copy_(state["sums"])
        else:
            self.sums = state["sums"]


def _table(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[-1]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
