"""One training of one network, for the shared loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from quakebook.training.early_stopping import History
from quakebook.training.experiment import Experiment
from quakebook.training.seeding import generator

from .data.batches import network_input, targets, task_of, windows_of
from .data.learnable import learnable
from .data.splits import Splits
from .data.tensors import MagnitudeData
from .data.windows import jittered_starts, training_starts
from .model_types import lookup
from .networks import checkpoint
from .networks.build import build
from .networks.magnet import BEFORE_P_SAMPLES
from .objective.losses import loss_of
from .objective.optimiser import make_optimiser
from .objective.schedule import Schedule
from .settings import Config, model_options

#: MagNet's windows begin 1 s before P; this much scatter (own choice) keeps it from learning the position by heart.
MAGNET_JITTER_SAMPLES = 50
#: Random streams: order of the records, training windows, and dev windows (drawn once, then fixed).
ORDER_STREAM, WINDOW_STREAM, DEV_STREAM = 0, 1, 2


class MagnitudeExperiment(Experiment):
    """Network, optimiser, schedule and data of one training; the dev loss is taken on fixed windows."""

    def __init__(self, config: Config, splits: Splits) -> None:
        self.config, self.splits = config, splits
        self.entry = lookup(config.network.type)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.training.seed)
            self.model = build(config.network.type, **model_options(config.network))
        self.task = task_of(self.model, self.entry.family, self.entry.window_samples)
        self.loss = loss_of(self.entry.name, self.entry.family, config.objective.loss)
        self.train_data, self.dropped = self._select(splits.train, "train")
        self.dev_data, _ = self._select(splits.dev, "dev")
        self.batch_size = min(config.data.batch_size, len(self.train_data))
        one_pass = -(-len(self.train_data) // self.batch_size)
        self.steps_per_epoch = config.training.validate_every or one_pass
        self.by_epochs = config.optimiser.epochs > 0 and self.steps_per_epoch == one_pass
        self.networks = {"model": self.model}
        self.history = History(patience=config.optimiser.early_stopping_patience)
        self.run: Any = None
        self.progress: Callable[[str], None] | None = None
        self._order: tuple[int, Tensor] | None = None

    def _select(self, data: MagnitudeData, split: str) -> tuple[MagnitudeData, dict[str, int]]:
        kept, dropped = learnable(self.config, self.splits.label, data, split, self.task.offset)
        per_record = self.entry.family != "phase" and not self.task.per_sample
        return (kept.subset(kept.is_event) if per_record else kept), dropped

    def configure(self) -> None:
        wanted = self.config.optimiser
        optimiser = make_optimiser(self.networks["model"], wanted)
        self.optimisers = {"model": optimiser}
        self.schedulers = {"model": Schedule(
            optimiser, wanted.schedule, self.steps_per_epoch, self.config.training.steps, wanted.warmup_epochs,
            wanted.scheduler_patience, wanted.plateau_factor)}

    def prepare(self, device: torch.device) -> None:
        self.train_data, self.dev_data = self.train_data.to(device), self.dev_data.to(device)
        self.dev_record = torch.arange(len(self.dev_data), device=device)
        self.dev_start = self._starts(self.dev_data, self.dev_record, generator(device, DEV_STREAM))

    def _starts(self, data: MagnitudeData, record: Tensor, draw: torch.Generator) -> Tensor:
        if self.entry.name == "magnet":
            return jittered_starts(data.picks_p, data.picks_s, record, draw, BEFORE_P_SAMPLES, MAGNET_JITTER_SAMPLES)
        return training_starts(data.picks_p, data.picks_s, data.npts, record, draw, self.task.window)

    def _records(self, step: int) -> Tensor:
        """Rows of one batch: passes over a permutation that depends on (seed, pass) only.

        Counted in epochs, each epoch is one pass and its last batch may be smaller; counted in steps, batches are full.
        """
        n = len(self.train_data)
        if self.by_epochs:
            epoch, place = divmod(step, self.steps_per_epoch)
            rows = self._permutation(epoch)[place * self.batch_size:(place + 1) * self.batch_size]
            return rows.to(self.train_data.waveforms.device)
        place = torch.arange(step * self.batch_size, (step + 1) * self.batch_size)
        passes = place // n
        rows = torch.empty(self.batch_size, dtype=torch.long)
        for number in passes.unique().tolist():
            here = passes == number
            rows[here] = self._permutation(number)[place[here] % n]
        return rows.to(self.train_data.waveforms.device)

    def _permutation(self, number: int) -> Tensor:
        if self._order is None or self._order[0] != number:
            shuffle = generator("cpu", self.config.training.seed, ORDER_STREAM, number)
            self._order = (number, torch.randperm(len(self.train_data), generator=shuffle))
        return self._order[1]

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        record = self._records(step)
        draw = generator(record.device, self.config.training.seed, WINDOW_STREAM, step)
        return self._inputs(self.train_data, record, self._starts(self.train_data, record, draw))

    def _inputs(self, data: MagnitudeData, record: Tensor, start: Tensor) -> tuple[Tensor, Tensor]:
        windows = windows_of(data, record, start, self.task.window)
        return network_input(self.model, windows, data.sensitivity[record]), targets(self.task, data, record, start)

    def step(self, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        inputs, labels = batch
        network, optimiser = self.networks["model"], self.optimisers["model"]
        optimiser.zero_grad(set_to_none=True)
        loss = self.loss(network(inputs), labels)
        self.backward(loss)
        self.clip("model")
        optimiser.step()
        self._loss = loss.detach()
        return {"loss": self._loss}

    def observe(self, step: int) -> None:
        """Count the loss of the step; not in `step`, of which a recorded one runs only what is on the device."""
        self.history.add(self._loss)

    def validate(self, step: int) -> dict[str, float]:
        """Dev loss on fixed windows; tells the schedule, keeps the best weights, and counts for early stopping."""
        network = self.averaged("model")
        total = torch.zeros((), device=self.dev_start.device, dtype=torch.float64)
        for rows in self.dev_record.split(self.config.evaluation.batch_size):
            inputs, labels = self._inputs(self.dev_data, rows, self.dev_start[rows])
            total += self.loss(network(inputs), labels).double() * len(rows)
        dev_loss = float(total) / len(self.dev_data)
        self._after_epoch(step, dev_loss)
        return {"dev_loss": dev_loss}

    def _after_epoch(self, step: int, dev_loss: float) -> None:
        schedule = self.schedulers["model"]
        better = self.history.close(step, dev_loss, float(schedule.used))
        schedule.observe(dev_loss)
        if self.progress is not None and self.rank == 0:
            self.progress(f"epoch {len(self.history.dev)}: train loss {self.history.train[-1]:.5f}, dev loss "
                          f"{dev_loss:.5f}, rate {float(schedule.used):.3g}{' (best so far)' if better else ''}")
        if better:
            self.history.best_weights = {key: value.detach().clone() for key, value in
                                         self.averaged("model").state_dict().items()}
        every, epoch = self.config.optimiser.save_every, len(self.history.dev)
        if self.run is not None and every and epoch % every == 0:
            self._save(f"model_epoch_{epoch}.pt")

    def stop_early(self, step: int) -> bool:
        return self.history.exhausted

    def _save(self, name: str, last: bool = False) -> None:
        head = checkpoint.describe(self.model, self.entry.name, asdict(self.config),
                                   self.splits.facts(self.config.data))
        checkpoint.save(self.run.path / name, head, self.model, epoch=len(self.history.dev),
                        metrics={"dev_loss": self.history.best},
                        optimiser=self.optimisers["model"].state_dict() if last else None,
                        schedule=self.schedulers["model"].state_dict() if last else None)

    def finish(self, run: Any) -> None:
        """Write final and best weights, and the history."""
        self.run = run
        self._save("model_final.pt", last=True)
        if self.history.best_weights:
            self.model.load_state_dict(self.history.best_weights)
        self._save("model_best.pt")
        checkpoint.write_atomically(run.path / "training_history.pt", self.history.record(self.entry.name))
        run.note(dropped=self.dropped)
        run.report({"dev_loss": self.history.best, "epochs": float(len(self.history.dev)),
                    "dropped_records": float(sum(self.dropped.values())),
                    "stopped_early": float(self.history.exhausted)})

    def state_dict(self) -> dict[str, Any]:
        return self.history.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.history.load_state_dict(state)
