"""What a chapter hands to the loop: networks, optimisers, a batch, and one whole step.

A plain model and a GAN differ only in what stands inside `step`. A complete chapter training, about 25 lines:

    from torch.nn import functional as F
    from quakebook.training import config, runs
    from quakebook.training.experiment import Experiment
    from quakebook.training.loop import fit

    class Picking(Experiment):
        monitor = "dev_loss"                                   # optional: keeps checkpoints/best.pt (smallest)

        def __init__(self, settings, records):
            self.settings, self.records = settings, records

        def build(self):                                       # on the CPU, torch seeded from training.seed
            self.networks = {"picker": Picker()}

        def configure(self):                                   # the networks are on the device now
            adam = torch.optim.AdamW(self.networks["picker"].parameters(), lr=self.settings.lr)
            self.optimisers = {"picker": adam}
            self.schedulers = {"picker": torch.optim.lr_scheduler.CosineAnnealingLR(adam, self.total_steps)}

        def prepare(self, device):                             # once: data to the device
            self.x, self.y = self.records.x.to(device), self.records.y.to(device)

        def batch(self, step):                                 # self.generator: seeded from (seed, step), on the device
            rows = torch.randint(len(self.x), (32,), generator=self.generator, device=self.device)
            return self.x[rows], self.y[rows]

        def step(self, batch):                                 # ONE whole step; nothing is read back to the host
            x, y = batch
            self.optimisers["picker"].zero_grad(set_to_none=True)
            loss = F.cross_entropy(self.networks["picker"](x), y)
            self.backward(loss)
            self.clip("picker")                                # training.clip_norm; nothing when that is 0
            self.optimisers["picker"].step()
            return {"loss": loss.detach()}

        def finish(self, run):
            run.report({"accuracy": self.accuracy()})
            run.save_checkpoint("model", {"picker": self.weights("picker")})

    def train(settings):
        records = load(settings.data)
        return runs.obtain("chapter", settings, records.fingerprint, ["quakebook.chapter.experiment"],
                           lambda run: fit(Picking(settings, records), settings.training, run))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler


class Experiment:
    """Base class of everything that `loop.fit` trains.

    Networks, optimisers and schedulers may be made in `__init__` (then seed them yourself) or, better, in `build` and
    `configure`, which the loop calls with torch seeded. The loop replaces `networks[name]` by Fabric's wrapper: call
    it through `self.networks[name](...)`. `original(name)` is the bare module.

    Attributes
    ----------
    networks, optimisers, schedulers : dict
        An optimiser has the key of the network that it drives; one that drives several lists their parameters.
        Schedulers advance once a step, `ReduceLROnPlateau` after each validation, with the value of `monitor`.
    monitor : str or None
        A key of `validate`'s result. Its best value so far decides about ``checkpoints/best.pt``.
    device, generator, seed, rank, world_size, total_steps
        Set by the loop. `generator` lives on the device and is seeded from (seed, step, rank) before each `batch`;
        so is torch's global generator, which dropout uses.
    """

    monitor: str | None = None
    monitor_mode: Literal["min", "max"] = "min"

    networks: dict[str, nn.Module]
    optimisers: dict[str, Optimizer]
    schedulers: Mapping[str, LRScheduler] = {}

    device: torch.device
    generator: torch.Generator
    seed: int
    rank: int = 0
    world_size: int = 1
    total_steps: int
    clip_norm: float = 0.0
    strategy: str = "auto"

    def build(self) -> None:
        """Make `networks` (on the CPU)."""

    def configure(self) -> None:
        """Make `optimisers` and `schedulers` for networks that are in place."""

    def prepare(self, device: torch.device) -> None:
        """Move data to the device. Called once, before the first batch."""

    def batch(self, step: int) -> Any:
        """Tensors on the device, in any nesting, that depend on (seed, step) only; steps count from 0."""
        raise TypeError(f"{type(self).__name__} must define batch(step)")

    def step(self, batch: Any) -> dict[str, Tensor]:
        """One whole optimisation step; returns detached tensors without dimensions, always under the same names."""
        raise TypeError(f"{type(self).__name__} must define step(batch)")

    def validate(self, step: int) -> dict[str, float]:
        """After `step` completed steps; networks are in evaluation mode, gradients off. Default: nothing."""
        return {}

    def observe(self, step: int) -> None:
        """After every step, with the number of completed steps, gradients off: keep predictions on the device, say."""

    def stop_early(self, step: int) -> bool:
        """Asked after each validation; true ends the training as if `steps` had been reached."""
        return False

    def finish(self, run: Any) -> None:
        """After the last step, in evaluation mode, gradients off: write arrays and weights, `run.report(...)`."""

    def state_dict(self) -> dict[str, Any]:
        """What else a resumed training needs: tensors, numbers, words and containers of them."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The inverse of `state_dict`. Copy into existing tensors, so that a captured step keeps its memory."""

    # ---- given by the loop

    def backward(self, loss: Tensor, **options: Any) -> None:
        """Fabric's backward (precision scaling, strategies). Replaced by the loop; outside it, the plain one."""
        loss.backward(**{key: value for key, value in options.items() if key != "model"})

    def clip(self, network: str, optimiser: str | None = None) -> None:
        """Scale the gradients of one network to at most `training.clip_norm`; nothing when that is 0."""
        if self.clip_norm:
            torch.nn.utils.clip_grad_norm_(self.networks[network].parameters(), self.clip_norm)

    def original(self, name: str) -> nn.Module:
        """The bare network, without wrappers."""
        network = self.networks[name]
        return getattr(network, "module", network) if hasattr(network, "_forward_module") else network

    def averaged(self, name: str) -> nn.Module:
        """The moving average of a network's weights where `ema_decay` is set, else the network itself."""
        return getattr(self, "averages", {}).get(name) or self.original(name)

    def weights(self, name: str, averaged: bool = True) -> dict[str, Tensor]:
        """State dict on the CPU, for saving. With strategy `fsdp` every process must call it."""
        if self.strategy == "fsdp":
            from .sharded import network_state

            return network_state(self.networks[name])
        network = self.averaged(name) if averaged else self.original(name)
        return {key: value.detach().cpu().clone() for key, value in network.state_dict().items()}
