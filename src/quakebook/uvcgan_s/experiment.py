"""A training of the chapter: networks, unpaired batches, one step of the chosen method, scores on known mixtures."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from quakebook.training.allocator import keep_freed_memory
from quakebook.training.experiment import Experiment

from .data.domains import Domains
from .data.normalise import norm_of
from .networks.build import build_networks, generator
from .networks.checkpoint import save_generators
from .networks.flow import decomposer
from .objective.channels import refuse_channels
from .objective.critics import ORDER
from .objective.flow import FlowTrainer
from .objective.losses import alphas
from .objective.schedule import rate_factor
from .objective.step import Trainer
from .objective.two_domain import DOMAINS, TwoDomainTrainer
from .scoring.part_errors import additivity, errors, trivial_errors
from .scoring.translate import decompose_all
from .settings import UvcganConfig

#: File of the trained generators in a run's folder.
GENERATORS_FILE = "generators.safetensors"
#: Known mixtures whose decomposition is kept at every validation.
SHOWN = 6


class DecompositionExperiment(Experiment):
    """Any method of the chapter on any three domains.

    Parameters
    ----------
    settings : UvcganConfig
    train, dev : Domains
        `dev` is scored where the parts of its mixtures are known.
    """

    def __init__(self, settings: UvcganConfig, train: Domains, dev: Domains) -> None:
        self.settings, self._domains = settings, {"train": train, "dev": dev}
        self.norm = norm_of(settings.objective)
        self.shapes = train.shapes
        refuse_channels(settings.objective, self.shapes)
        self.history: list[dict[str, float]] = []
        self.shown: list[Tensor] = []
        self._own: dict[str, Any] | None = None

    def build(self) -> None:
        """The networks that the method trains; the same start weights for all methods of a seed."""
        torch.manual_seed(self.settings.training.seed)
        method, network = self.settings.objective.method, self.settings.network
        if method == "uvcgan2":
            _, a1, b = self.shapes
            made = build_networks(network, (a1, a1, b))
            made = nn.ModuleDict({"gen_ab": generator(network, a1, b[0]), "gen_ba": generator(network, b, a1[0]),
                                  "disc_a1": made["disc_a1"], "disc_b": made["disc_b"]})
        else:
            made = build_networks(network, self.shapes)
        if method == "flow":
            made = {"gen_ba": decomposer(network, self.settings.objective, self.shapes[2], 2 * self.shapes[2][0])}
        elif method in ("identity", "regression", "paired"):
            made = {"gen_ba": made["gen_ba"]}
        elif method == "full":
            objective = self.settings.objective
            made = {name: each for name, each in made.items() if not name.startswith("disc") or getattr(
                objective, f"adversarial_{name.removeprefix('disc_')}")}
        self.networks = dict(made.items())

    def configure(self) -> None:
        """Adam of both generators and of all critics, and the rate's schedule."""
        settings = self.settings.optimiser
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings.name]
        self.optimisers, self.schedulers = {}, {}
        for side, rate in (("gen", settings.lr), ("disc", settings.critic_lr)):
            weights = [p for name, each in self.networks.items() if name.startswith(side) for p in each.parameters()]
            if not weights:
                continue
            self.optimisers[side] = kind(weights, lr=rate, betas=(settings.beta1, settings.beta2),
                                         weight_decay=settings.weight_decay, fused=self.device.type in ("cpu", "cuda"),
                                         capturable=self.device.type == "cuda")
            if settings.schedule == "linear":
                self.schedulers[side] = torch.optim.lr_scheduler.LambdaLR(
                    self.optimisers[side], lambda step: rate_factor(step, settings))

    def prepare(self, device: torch.device) -> None:
        """Held images to the device, the values checked, and the mixing weights of all penalties."""
        if torch.device(device).type == "cpu":
            keep_freed_memory()
        dtype, objective = torch.get_default_dtype(), self.settings.objective
        self._domains = {split: each.on(device, dtype) for split, each in self._domains.items()}
        for each in self._domains.values():
            each.check(self.norm)
        critics = DOMAINS if objective.method == "uvcgan2" else ORDER
        self._draws = len(critics)
        calls = self._draws * (self.total_steps // (objective.penalty_period + 1) + 1)
        self._alphas = alphas(calls).to(device, dtype)
        kind = {"uvcgan2": TwoDomainTrainer, "flow": FlowTrainer}.get(objective.method, Trainer)
        self.trainer = kind(objective, self.norm, self.networks, self.optimisers, self.backward, self.clip_norm,
                            together=self.settings.network.level_norm != "batch",
                            bare={name: self.original(name) for name in self.networks})
        if self._own is not None:
            self.trainer.load_state_dict(self._own)

    def batch(self, step: int) -> dict[str, Any]:
        """Images of a step and what the step must know of its number."""
        objective = self.settings.objective
        images = self._domains["train"].batch(step, self.settings.data.batch_size, self.settings.training.seed,
                                              self.norm, self.device, pairs=objective.method == "paired")
        first = self._draws * self.trainer.cache.draw(step)
        return images | {"alpha": self._alphas[first:first + self._draws],
                         "recompute": self.trainer.cache.recompute(step), "warm": step < objective.warm_steps}

    def step(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        """One update by the method; during the warm steps of `full` by the split of sums alone."""
        method = self.settings.objective.method
        if method in ("paired", "flow"):
            return getattr(self.trainer, method)(batch)
        if method in ("identity", "regression"):
            return self.trainer.identity(batch)
        if batch["warm"]:
            return self._all_names(self.trainer.identity(batch))
        return self.trainer.full(batch)

    def _all_names(self, parts: dict[str, Tensor]) -> dict[str, Tensor]:
        """The losses of a whole step, zero where the warm steps have none: the log needs one set of names."""
        objective, critics = self.settings.objective, self.trainer.critics
        names = {"b": ["gen_ab", "disc_b"], "a0": ["gen_ba0", "disc_a0"], "a1": ["gen_ba1", "disc_a1"]}
        wanted = [name for domain in critics for name in names[domain]]
        wanted += [f"gp_{domain}" for domain in critics] if objective.penalty else []
        wanted += ["cycle_a0", "cycle_a1", "cycle_b"] if objective.with_cycle else []
        wanted += ["idt_bb"] if objective.identity_bb else []
        zero = torch.zeros((), device=self.device)
        return parts | dict.fromkeys(wanted, zero)

    def decomposer(self) -> nn.Module:
        """The bare G_BA (its moving average where one is kept), in evaluation mode."""
        return self.averaged("gen_ba").eval()

    def validate(self, step: int) -> dict[str, float]:
        """Errors of both parts of the known mixtures."""
        dev = self._domains["dev"]
        if dev.truth is None:
            return {}
        channels = 0 if self.settings.objective.method == "uvcgan2" else self.shapes[0][0]
        a0, a1 = decompose_all(self.decomposer(), dev.b, self.norm, channels, self.settings.evaluation.batch_size,
                               self.device)
        truth = [part.read(torch.arange(len(dev.b))).cpu() for part in dev.truth]
        mixture = dev.b.read(torch.arange(len(dev.b))).cpu()
        a0 = mixture - a1 if not channels else a0
        scores = errors(a0, a1, *truth) | additivity(a0, a1, mixture)
        if mixture.shape == truth[0].shape == truth[1].shape:
            scores |= trivial_errors(mixture, *truth)
        self.history.append({"step": float(step), **scores})
        self.shown.append(torch.cat([a0[:SHOWN], a1[:SHOWN]], dim=1))
        return scores

    def finish(self, run: Any) -> None:
        """Write generators, history and a few decompositions through training; report the last scores."""
        names = [name for name in ("gen_ab", "gen_ba") if name in self.networks]
        if run.writable:
            save_generators({name: self.averaged(name) for name in names}, run.path / GENERATORS_FILE, self.settings,
                            self.shapes)
        if not self.history:
            return
        run.write_arrays("history", {key: np.array([row[key] for row in self.history]) for key in self.history[0]})
        dev = self._domains["dev"]
        rows = torch.arange(min(SHOWN, len(dev.b)))
        run.write_arrays("shown", {"mixture": dev.b.read(rows), "true_a0": dev.truth[0].read(rows),
                                   "true_a1": dev.truth[1].read(rows), "parts": torch.stack(self.shown),
                                   "step": np.array([row["step"] for row in self.history])})
        run.report({key: value for key, value in self.history[-1].items() if key != "step"})

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs besides weights and optimisers."""
        own = self.trainer.state_dict() if hasattr(self, "trainer") else {"cache": {}, "queues": {}}
        return {"history": self.history, "shown": self.shown, "trainer": own}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Inverse of `state_dict`."""
        self.history = [dict(row) for row in state["history"]]
        self.shown = [parts.cpu() for parts in state["shown"]]
        self._own = state["trainer"]
        if hasattr(self, "trainer"):
            self.trainer.load_state_dict(self._own)
