"""A pre-training that is handed to the loop."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from quakebook.training.allocator import keep_freed_memory
from quakebook.training.experiment import Experiment

from .data.augment import augment
from .data.masking import SpanMask
from .data.streaming import Stream
from .data.windows import Pool, standardise
from .networks import checkpoint
from .networks.build import architecture
from .networks.quantiser_ema import EMAQuantiser
from .objective.pretraining import GP2Vec, Objective
from .objective.step import draw, pretraining_step
from .objective.temperature import temperature
from .scoring.heldout import HeldOut, measure
from .settings import GP2VecConfig, ObjectiveConfig, OptimiserConfig

#: File of the trained network in a run's folder.
MODEL_FILE = "gp2vec.safetensors"
NAME = "gp2vec"
#: Windows whose features begin the averaged codebook.
START_WINDOWS = 64


def objective_of(settings: ObjectiveConfig) -> Objective:
    """The rule of the loss that the settings describe."""
    same = ("negatives", "cross_negatives", "negative_mode", "kappa", "diversity_weight", "penalty_weight",
            "commitment_weight", "multitask_weight")
    mask = SpanMask(settings.mask_start_prob, settings.mask_length, settings.min_masks)
    return Objective(mask, **{name: getattr(settings, name) for name in same})


def build(settings: GP2VecConfig) -> GP2Vec:
    """An untrained network; the caller seeds torch."""
    return GP2Vec(architecture(settings.network), objective_of(settings.objective))


def parameter_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Matrices with decay; biases, norms, the mask vector and the codebook without."""
    decayed, plain = [], []
    for name, parameter in model.named_parameters():
        matrix = parameter.ndim >= 2 and "book" not in name and "original0" not in name
        (decayed if matrix else plain).append(parameter)
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}]


def rate_share(step: int, steps: int, settings: OptimiserConfig) -> float:
    """Learning rate of update `step` as a share of `lr`: linear rise, then half a cosine down to `min_lr_share`."""
    if step < settings.warmup_steps:
        return (step + 1) / settings.warmup_steps
    if settings.schedule == "constant":
        return 1.0
    progress = min(1.0, (step - settings.warmup_steps) / max(1, steps - settings.warmup_steps))
    return settings.min_lr_share + (1 - settings.min_lr_share) * 0.5 * (1 + math.cos(math.pi * progress))


class Pretrain(Experiment):
    """Wav2vec-style pre-training on windows that are cut on the device at every step.

    Parameters
    ----------
    settings : GP2VecConfig
    train : Pool or Stream
    dev : Pool
    """

    monitor, monitor_mode = "dev_gap", "max"

    def __init__(self, settings: GP2VecConfig, train: Pool | Stream, dev: Pool) -> None:
        self.settings, self._train, self._dev = settings, train, dev
        self.held_out: HeldOut | None = None
        self.history: list[dict[str, float]] = []

    def build(self) -> None:
        """The network, from the training seed."""
        torch.manual_seed(self.settings.training.seed)
        self.networks = {NAME: build(self.settings)}

    def configure(self) -> None:
        """AdamW and the learning-rate schedule."""
        adam, device = self.settings.optimiser, self.device.type
        optimiser = torch.optim.AdamW(
            parameter_groups(self.networks[NAME], adam.weight_decay), lr=adam.lr, betas=(adam.beta1, adam.beta2),
            eps=adam.eps, fused=device in ("cpu", "cuda"), capturable=device == "cuda")
        steps = self.settings.training.steps
        self.optimisers = {NAME: optimiser}
        self.schedulers = {NAME: torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: rate_share(step, steps, adam))}

    def prepare(self, device: torch.device) -> None:
        """Move the records to the device."""
        if torch.device(device).type == "cpu":
            keep_freed_memory()
        self._train, self._dev = self._train.to(device), self._dev.to(device)
        model = self.original(NAME)
        self.frames = model.frames(self.settings.data.samples)
        if isinstance(model.quantiser, EMAQuantiser):
            self._start_book(model)

    @torch.no_grad()
    def _start_book(self, model: GP2Vec) -> None:
        """First codes from features of the untrained network, the same in every process."""
        windows = standardise(self._train.first(START_WINDOWS, self.settings.data.samples))
        model.quantiser.start(model.latents(windows)[1].flatten(0, 1))

    def batch(self, step: int) -> dict[str, Any]:
        """Windows, metadata, mask and distractors of a step; they depend on (seed, step, process) only."""
        data, model = self.settings.data, self.original(NAME)
        windows, metadata = self._train.draw(step, data.batch_size, data.samples, self.settings.training.seed,
                                             self.generator, self.rank, self.world_size)
        if data.augment:
            windows = augment(windows, data.augment, self.generator)
        self._advance(model, step)
        labelled = model.fusion is not None or model.multitask is not None
        return {"waveforms": standardise(windows), "metadata": metadata if labelled else None, "normalize": False,
                **draw(model.objective, len(windows), self.frames, self.generator, windows.device)}

    def _advance(self, model: GP2Vec, step: int) -> None:
        """Temperature of the noise, and strength of the reversed gradient, before update `step`."""
        rule, steps = self.settings.objective, self.settings.training.steps
        if hasattr(model.quantiser, "temperature"):
            model.quantiser.temperature.fill_(temperature(step, steps, rule.temperature_start, rule.temperature_end,
                                                          rule.temperature_schedule))
        if model.multitask is not None:
            from .networks.heads import REVERSAL

            model.multitask.strength.fill_(REVERSAL * (2 / (1 + math.exp(-10 * step / steps)) - 1))

    def step(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        """One update."""
        return pretraining_step(self.networks[NAME], self.optimisers[NAME], self.backward, lambda: self.clip(NAME),
                                batch)

    @property
    def model(self) -> GP2Vec:
        """The bare network (its moving average where one is kept)."""
        return self.averaged(NAME)

    def validate(self, step: int) -> dict[str, float]:
        """Gap, accuracy and code use on fixed held-out windows."""
        settings = self.settings
        self.held_out = measure(self.model, self._dev, settings.data.samples, settings.evaluation.windows,
                                settings.evaluation.batch_size)
        values = {f"dev_{name}": value for name, value in self.held_out.metrics.items()}
        self.history.append({"step": float(step), **values})
        return values

    def finish(self, run: Any) -> None:
        """Write the network and its held-out results; report probes of the frozen features where asked for."""
        from .scoring.evaluate import probe_metrics

        weights = self.weights(NAME)
        if run.writable:
            checkpoint.save(run.path / MODEL_FILE, self.original(NAME).plan, weights, run=run.id)
        run.write_arrays("history", {key: np.array([row[key] for row in self.history]) for key in self.history[0]})
        held = self.held_out
        run.write_arrays("held_out", {"usage": held.usage.numpy(), "rank": held.rank.numpy(),
                                      "depth": held.depth.numpy()})
        metrics = {f"dev_{name}": value for name, value in held.metrics.items()}
        if self.settings.evaluation.probe and self.strategy != "fsdp":
            metrics |= probe_metrics(self.model, self.settings, self.device)
        run.report(metrics)

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs besides weights and optimisers."""
        return {"history": self.history}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Inverse of `state_dict`."""
        self.history = [dict(row) for row in state["history"]]
