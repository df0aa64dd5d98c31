"""What the shared loop costs a step: ours beside a bare PyTorch loop, interleaved in one run.

    python benchmarks/training.py [--steps 2000] [--width 64] [--device cpu]

The network is small on purpose: the smaller the step, the more the loop shows.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
import warnings

import torch
from torch import nn
from torch.nn import functional as F

from quakebook.training import config, loop, runs
from quakebook.training.experiment import Experiment

OVERHEAD_LIMIT_MS = 1.0


def network(width: int) -> nn.Module:
    return nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))


class Small(Experiment):
    """A three-layer network on random numbers that lie on the device."""

    def __init__(self, width: int) -> None:
        self.width = width

    def build(self) -> None:
        self.networks = {"m": network(self.width)}

    def configure(self) -> None:
        self.optimisers = {"m": torch.optim.Adam(self.networks["m"].parameters(), fused=True)}

    def prepare(self, device: torch.device) -> None:
        self.x = torch.randn(4096, self.width, device=device)
        self.marks: list[float] = []

    def batch(self, step: int) -> torch.Tensor:
        return self.x[torch.randint(4096, (32,), device=self.device, generator=self.generator)]

    def step(self, batch: torch.Tensor) -> dict[str, torch.Tensor]:
        self.optimisers["m"].zero_grad(set_to_none=True)
        loss = F.mse_loss(self.networks["m"](batch), batch[:, :1])
        self.backward(loss)
        self.optimisers["m"].step()
        return {"loss": loss.detach()}

    def observe(self, step: int) -> None:
        if step % 100 == 0:
            self.marks.append(now(self.device))


def now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def bare(steps: int, width: int, device: torch.device) -> list[float]:
    """The same steps without a loop around them."""
    net = network(width).to(device)
    optimiser = torch.optim.Adam(net.parameters(), fused=True)
    x = torch.randn(4096, width, device=device)
    marks = []
    for step in range(steps):
        batch = x[torch.randint(4096, (32,), device=device)]
        optimiser.zero_grad(set_to_none=True)
        F.mse_loss(net(batch), batch[:, :1]).backward()
        optimiser.step()
        if (step + 1) % 100 == 0:
            marks.append(now(device))
    return marks


def ours(steps: int, width: int, device: torch.device, *options: str) -> list[float]:
    settings = config.compose(config.TrainingConfig, {}, [f"steps={steps}", "progress=false", f"device={device.type}",
                                                          *options])
    experiment = Small(width)
    with tempfile.TemporaryDirectory() as folder:
        runs.obtain("benchmark", settings, "random", [], lambda run: loop.fit(experiment, settings, run), root=folder)
    return experiment.marks


def per_step_ms(marks: list[float]) -> float:
    """Median over stretches of 100 steps, so that a busy machine disturbs little."""
    return statistics.median(10 * (b - a) for a, b in zip(marks, marks[1:], strict=False))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    logging.getLogger("lightning.fabric").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    device = torch.device(args.device)
    variants = {"bare PyTorch": lambda: bare(args.steps, args.width, device),
                "quakebook loop": lambda: ours(args.steps, args.width, device),
                "with averages": lambda: ours(args.steps, args.width, device, "ema_decay=0.99"),
                "captured": lambda: ours(args.steps, args.width, device, "capture=true")}
    times = {name: [] for name in variants}
    for _ in range(args.rounds):
        for name, run in variants.items():
            times[name].append(per_step_ms(run()))
    best = {name: min(values) for name, values in times.items()}
    base = best["bare PyTorch"]
    print(f"{args.steps} steps, 3 layers of {args.width}, batch 32, {device}, 1 thread")
    for name, value in best.items():
        print(f"{name:16s} {value:8.3f} ms/step   ratio {value / base:5.2f}   overhead {value - base:+.3f} ms")
    return 0 if best["quakebook loop"] - base < OVERHEAD_LIMIT_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
