"""Two small chapters for the tests: a plain model with everything stateful in it, and a GAN.

Also a script, so that a test can kill it: ``python toys.py KIND ROOT [key=value ...]``; ``TOY_PAUSE_S`` slows a step.
"""

import os
import sys
import time
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from quakebook.training import config, loop, runs
from quakebook.training.experiment import Experiment


@dataclass(frozen=True)
class ToyConfig:
    lr: float = 1e-2
    training: config.TrainingConfig = config.TrainingConfig(steps=40, log_every=10, progress=False, device="cpu")


PRESETS = {"smoke": ["training.steps=5"], "quick": ["training.steps=20"], "paper": []}


class Plain(Experiment):
    """Dropout, BatchNorm, Adam with a schedule: all that can go wrong on resume."""

    monitor = "dev"
    #: Batch norm subtracts what this bias adds: its true gradient is zero, and only the running mean follows it.
    FREE = ("m.0.bias", "m.1.running_mean")

    def __init__(self, settings):
        self.settings, self.pause_s = settings, float(os.environ.get("TOY_PAUSE_S", 0))
        self.observed = torch.zeros(())

    def build(self):
        self.networks = {"m": nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.Dropout(0.3), nn.ReLU(),
                                            nn.Linear(16, 1))}

    def configure(self):
        adam = torch.optim.Adam(self.networks["m"].parameters(), lr=self.settings.lr)
        self.optimisers = {"m": adam}
        self.schedulers = {"m": torch.optim.lr_scheduler.CosineAnnealingLR(adam, self.total_steps)}

    def prepare(self, device):
        self.x = torch.randn(256, 4, generator=self.generator, device=device)
        self.y = self.x.square().sum(1, keepdim=True)
        self.observed = self.observed.to(device)

    def batch(self, step):
        time.sleep(self.pause_s)
        rows = torch.randint(256, (32,), generator=self.generator, device=self.device)
        return self.x[rows], {"y": self.y[rows]}

    def step(self, batch):
        x, y = batch
        self.optimisers["m"].zero_grad(set_to_none=True)
        loss = F.mse_loss(self.networks["m"](x), y["y"])
        self.backward(loss)
        self.clip("m")
        self.optimisers["m"].step()
        return {"loss": loss.detach()}

    def observe(self, step):
        weight = self.original("m")[0].weight.detach()
        self.observed += (weight.full_tensor() if hasattr(weight, "full_tensor") else weight)[0, 0]

    def state_dict(self):
        return {"observed": self.observed.clone()}

    def load_state_dict(self, state):
        self.observed.copy_(state["observed"])

    def validate(self, step):
        return {"dev": F.mse_loss(self.averaged("m")(self.x), self.y)}

    def finish(self, run):
        run.report({"dev": self.validate(0)["dev"]})
        run.save_checkpoint("model", {"m": self.weights("m"), "observed": self.observed.clone()})


class Gan(Experiment):
    """Two networks, two optimisers, one step."""

    FREE = ()

    def __init__(self, settings):
        self.settings, self.pause_s = settings, float(os.environ.get("TOY_PAUSE_S", 0))

    def build(self):
        self.networks = {"g": nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)),
                         "d": nn.Sequential(nn.Linear(2, 16), nn.Dropout(0.2), nn.LeakyReLU(0.2), nn.Linear(16, 1))}

    def configure(self):
        self.optimisers = {name: torch.optim.AdamW(net.parameters(), lr=self.settings.lr, betas=(0.5, 0.999))
                           for name, net in self.networks.items()}

    def batch(self, step):
        time.sleep(self.pause_s)
        return torch.randn(16, 2, generator=self.generator, device=self.device)

    def step(self, real):
        noise = torch.randn(len(real), 4, device=real.device, dtype=real.dtype)
        fake = self.networks["g"](noise)
        self.optimisers["d"].zero_grad(set_to_none=True)
        d_loss = (F.softplus(-self.networks["d"](real)) + F.softplus(self.networks["d"](fake.detach()))).mean()
        self.backward(d_loss)
        self.optimisers["d"].step()
        self.optimisers["g"].zero_grad(set_to_none=True)
        g_loss = F.softplus(-self.networks["d"](fake)).mean()
        self.backward(g_loss)
        self.optimisers["g"].step()
        return {"g_loss": g_loss.detach(), "d_loss": d_loss.detach()}

    def finish(self, run):
        run.save_checkpoint("model", {"g": self.weights("g"), "d": self.weights("d")})


KINDS = {"plain": Plain, "gan": Gan}


def train(kind, root, *overrides, experiment=None):
    """A finished run of a toy; `experiment` replaces the class."""
    settings = config.compose(ToyConfig, PRESETS, overrides)
    make = experiment or KINDS[kind]
    return runs.obtain(kind, settings, "toy data", ["quakebook.training.loop"],
                       lambda run: loop.fit(make(settings), settings.training, run), root=root)


if __name__ == "__main__":
    print(train(*sys.argv[1:]).id)
