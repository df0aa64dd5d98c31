"""A BlueDisc training: networks, batches, one step, tracked windows, scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from quakebook.data.records import Records
from quakebook.training.allocator import keep_freed_memory
from quakebook.training.batches import shuffled
from quakebook.training.experiment import Experiment
from quakebook.training.files import write_atomic

from .data.windows import Samples
from .networks.discriminator import Discriminator
from .networks.generator import (
    SHARED_FORWARD_MOMENTUM,
    Generator,
    save_generator,
    set_batchnorm_momentum,
    start_at_base_rate,
)
from .objective.losses import Weights
from .objective.steps import adversarial_step, data_step
from .scoring.followed import Recorder
from .scoring.followed_losses import TrackedScores
from .scoring.predict import Evaluation, evaluate_generator, logits
from .settings import BlueDiscConfig

#: File of the trained generator in a run's folder.
GENERATOR_FILE = "generator.safetensors"
#: Losses of the tracked windows at each kept step, under the published names.
TRACKED_FILE = "tracked.csv"


class PickerExperiment(Experiment):
    """PhaseNet trained point-wise (bce), with the discriminator (hybrid), or by the discriminator alone (gan).

    Parameters
    ----------
    settings : BlueDiscConfig
    train, dev : Records
        Moved to the device once; windows and labels are made there.
    """

    def __init__(self, settings: BlueDiscConfig, train: Records, dev: Records) -> None:
        self.settings, self._records = settings, {"train": train, "dev": dev}
        objective = settings.objective
        self.weights = Weights.of_mode(objective.mode, objective.data_weight, objective.gan_weight)
        self.history: list[dict[str, float]] = []
        self.last: Evaluation | None = None

    def build(self) -> None:
        """Generator and, with an adversary, discriminator; the same start weights in all modes of a seed.

        They are those that SeisBench's PhaseNet has after ``torch.manual_seed(seed)``, except
        for the head's biases with ``network.start=base_rate``.
        """
        torch.manual_seed(self.settings.training.seed)
        self.networks = {"generator": Generator(label=self.settings.objective.label)}
        if self.settings.network.start == "base_rate":
            start_at_base_rate(self.networks["generator"])
        if self.weights.adversarial:
            set_batchnorm_momentum(self.networks["generator"], SHARED_FORWARD_MOMENTUM)
            self.networks["discriminator"] = Discriminator()

    def configure(self) -> None:
        """Adam with the published settings, fused; capturable by a CUDA graph."""
        adam = self.settings.optimiser
        rates = {"generator": adam.lr, "discriminator": adam.discriminator_lr}
        cuda = self.device.type == "cuda"
        self.optimisers = {
            name: torch.optim.Adam(network.parameters(), lr=rates[name], betas=(adam.beta1, adam.beta2),
                                   fused=self.device.type in ("cpu", "cuda"), capturable=cuda)
            for name, network in self.networks.items()}

    @property
    def picker(self) -> Generator:
        """The bare generator (its moving average where one is kept)."""
        return self.averaged("generator")

    def prepare(self, device: torch.device) -> None:
        """Move the records to the device and choose the tracked windows."""
        if torch.device(device).type == "cpu":
            keep_freed_memory()
        label = self.settings.objective.label
        self.train_samples, self.dev_samples = (
            Samples(self._records[name].to(device), label) for name in ("train", "dev"))
        follow = self.settings.evaluation
        self.recorder = Recorder(self.dev_samples, follow.followed, self.settings.training.steps, follow.follow_every)
        self.scores = TrackedScores(self.recorder.steps, self.recorder.windows.x, self.recorder.windows.y)
        self._kept = set(self.recorder.steps)

    def batch(self, step: int) -> dict[str, Tensor]:
        """Windows and labels of a step; they depend on (seed, step) only."""
        seed, device = self.settings.training.seed, self.train_samples.picks["P"].device
        place = step * self.world_size + self.rank
        record = shuffled(len(self.train_samples), self.settings.data.batch_size, place, seed, device)
        windows = self.train_samples.draw(record, self.generator)
        return {"x": windows.x, "y": windows.y}

    def step(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """One update of the generator and, with an adversary, of the discriminator before it."""
        if not self.weights.adversarial:
            return data_step(self.networks["generator"], self.optimisers["generator"], self.backward,
                             batch["x"], batch["y"], self.clip)
        return adversarial_step(self.networks["generator"], self.networks["discriminator"], self.optimisers,
                                self.backward, batch["x"], batch["y"], self.weights,
                                self.settings.objective.published_statistics, self.clip)

    def observe(self, step: int) -> None:
        """Keep predictions and losses of the tracked windows after `step` updates, on the device."""
        if step in self._kept:
            found = logits(self.picker, self.recorder.windows.x)
            self.recorder.keep(step, found.sigmoid(), self.picker.out)
            self.scores.keep(step, found, self.averaged("discriminator") if self.weights.adversarial else None)

    def validate(self, step: int) -> dict[str, float]:
        """Score the fixed dev windows: all of them in the last validations, a part before."""
        settings, training = self.settings.evaluation, self.settings.training
        near_end = step > training.steps - settings.last * max(training.validate_every, 1)
        self.last = evaluate_generator(self.picker, self.dev_samples, settings,
                                       0 if near_end else settings.windows_before)
        metrics = self.last.metrics()
        self.history.append({"step": float(step), "whole": float(near_end), **metrics})
        return metrics

    def finish(self, run: Any) -> None:
        """Write generator, tracked windows, history and peaks; report the mean over the last validations."""
        if run.writable:  # one process of several writes
            save_generator(self.picker, run.path / GENERATOR_FILE)
            write_atomic(run.path / TRACKED_FILE, self.scores.table().to_csv(index=False))
        run.write_arrays("track", self.recorder.track().arrays())
        run.write_arrays("history", {key: np.array([row[key] for row in self.history]) for key in self.history[0]})
        run.write_arrays("evaluation", evaluation_arrays(self.last))
        rows = self.history[-self.settings.evaluation.last:]
        means = {key: float(np.mean([row[key] for row in rows])) for key in self.last.metrics()}
        final = {f"final.{key}": value for key, value in self.last.metrics().items()}
        run.report({**means, **final, "validations": float(len(rows))})

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs besides weights and optimisers."""
        return {"history": self.history, "track": self.recorder.state_dict(), "scores": self.scores.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Inverse of `state_dict`."""
        self.history = [dict(row) for row in state["history"]]
        self.recorder.load_state_dict(state["track"])
        self.scores.load_state_dict(state["scores"])


def evaluation_arrays(evaluation: Evaluation) -> dict[str, np.ndarray]:
    """Peaks and reliability of both phases under flat names."""
    arrays: dict[str, np.ndarray] = {}
    for phase, peaks in evaluation.peaks.items():
        arrays |= peaks.arrays(phase)
        reliable = evaluation.reliability[phase]
        arrays |= {f"{phase}_reliability_{name}": getattr(reliable, name) for name in ("count", "predicted", "label")}
    return arrays
