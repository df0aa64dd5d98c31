"""BlueDisc's training step: ours beside the published order of operations, in one run, printed as a ratio.

    python benchmarks/bluedisc.py [--batch 100] [--steps 5] [--threads 2] [--reference PATH] [--device cpu]

The published order (three generator forwards, real curves judged twice, wasted discriminator gradients) is
written out here with plain layers. With ``--reference`` a checkout of the published code (its folder that holds
``module/gan_model.py``) does its own steps instead: anomaly detection off, nothing sent to a server, no file written,
no tracked windows, but its read-backs for the log kept. It is timed first, before ours sets the C library's allocator
(`keep_freed_memory`), so that this is part of the ratio on a CPU. On a CUDA device the step is also timed as part of
whole trainings (windows and labels cut on the device included): eager, captured as a graph, compiled, both.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from seisbench.models import PhaseNet
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from quakebook.bluedisc.networks.discriminator import Discriminator
from quakebook.bluedisc.networks.generator import SHARED_FORWARD_MOMENTUM, Generator, set_batchnorm_momentum
from quakebook.bluedisc.objective.losses import Weights
from quakebook.bluedisc.objective.steps import adversarial_step, data_step
from quakebook.training.allocator import keep_freed_memory


def plain_discriminator() -> nn.Module:
    """The published layers, one after another."""
    layers: list[nn.Module] = []
    for c_in, c_out, k in ((6, 64, 11), (64, 64, 11), (64, 128, 5)):
        layers += [nn.Conv1d(c_in, c_out, k, 2, 1, bias=False), nn.BatchNorm1d(c_out), nn.LeakyReLU(0.1)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(47_616, 1))


class Silent:
    """Stands where the published code wants a logger: takes every number and keeps none."""

    def log_metric(self, key: str, value: float, step: int | None = None) -> None:
        """Do nothing."""


def reference_work(path: str, x: torch.Tensor, y: torch.Tensor) -> Callable[[], object]:
    """One hybrid step as a checkout of the published code does it, label N, data weight 4000."""
    if not (Path(path) / "module" / "gan_model.py").is_file():
        sys.exit(f"no module/gan_model.py in {path}: --reference wants the folder of a checkout of the published code")
    sys.path.insert(0, path)
    g = importlib.import_module("module.generator").GBuilder().build("PN", "N", 1e-3).to(x.device)
    d = importlib.import_module("module.discriminator").DBuilder().build("BlueDisc", 1e-3).to(x.device)
    model = importlib.import_module("module.gan_model").GANModel("SGAN", g, d, 4000.0, 1.0, Silent())

    def work() -> None:
        g.train(), d.train()
        model.compute_d_loss({"X": x}, y)
        model.compute_g_loss({"X": x}, y)

    return work


def published_work(x: torch.Tensor, y: torch.Tensor) -> Callable[[], object]:
    """The same step with plain layers of our own, anomaly detection off."""
    g, d = PhaseNet(phases="PSN", norm="peak").to(x.device), plain_discriminator().to(x.device)
    g_opt, d_opt = adam(g), adam(d)
    return lambda: published_step(g, d, g_opt, d_opt, x, y)


def published_step(g: nn.Module, d: nn.Module, g_opt: torch.optim.Optimizer, d_opt: torch.optim.Optimizer,
                   x: torch.Tensor, y: torch.Tensor) -> None:
    """One hybrid step in the published order."""
    one, zero = torch.ones(len(x), 1, device=x.device), torch.zeros(len(x), 1, device=x.device)
    fake = torch.sigmoid(g(x, logits=True).detach())
    loss = 0.5 * (bce(d(torch.cat([y, x], 1)), one) + bce(d(torch.cat([fake, x], 1)), zero))
    d_opt.zero_grad()
    loss.backward()
    d_opt.step()
    fake = torch.sigmoid(g(x, logits=True))
    d(torch.cat([y, x], 1))
    loss = (bce(d(torch.cat([fake, x], 1)), one) + 4000 * bce(g(x, logits=True), y)) / 4001
    g_opt.zero_grad()
    loss.backward()
    g_opt.step()


def adam(network: nn.Module, **options: bool) -> torch.optim.Adam:
    """The published optimiser."""
    return torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.0, 0.999), **options)


def clock(work: Callable[[], object], steps: int, device: torch.device) -> float:
    """Milliseconds per call: CPU time of the process, or wall time on a GPU; the first call is not counted."""
    work()
    if device.type == "cuda":
        torch.cuda.synchronize()
    read = time.process_time if device.type == "cpu" else time.perf_counter
    began = read()
    for _ in range(steps):
        work()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return 1e3 * (read() - began) / steps


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--reference", help="checkout of the published code")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    device = torch.device(args.device)
    x, y = torch.randn(args.batch, 3, 3001, device=device), torch.rand(args.batch, 3, 3001, device=device)
    work = reference_work(args.reference, x, y) if args.reference else published_work(x, y)
    theirs = clock(work, args.steps, device)
    keep_freed_memory()
    lean_g, lean_d = Generator().to(device), Discriminator().to(device)
    set_batchnorm_momentum(lean_g, SHARED_FORWARD_MOMENTUM)
    optimisers = {"generator": adam(lean_g, fused=True), "discriminator": adam(lean_d, fused=True)}
    ours = clock(lambda: adversarial_step(lean_g, lean_d, optimisers, torch.Tensor.backward, x, y, Weights(1, 4000)),
                 args.steps, device)
    simple = clock(lambda: data_step(lean_g, optimisers["generator"], torch.Tensor.backward, x, y), args.steps, device)
    kind = "CPU time" if device.type == "cpu" else "wall time"
    print(f"{kind} per step, batch {args.batch}, {device}, {args.threads} thread(s)")
    print(f"{'published code: ' if args.reference else 'published order:'} {theirs:8.1f} ms")
    print(f"lean hybrid:      {ours:8.1f} ms   ratio {theirs / ours:.2f}")
    print(f"BCE only:         {simple:8.1f} ms")
    if device.type == "cuda":
        whole_trainings(args.batch)


def whole_trainings(batch: int) -> None:
    """Trainings on the GPU, windows and labels included, eager, captured and compiled."""
    import tempfile

    from quakebook.bluedisc.data.splits import load
    from quakebook.bluedisc.experiment import PickerExperiment
    from quakebook.bluedisc.settings import config
    from quakebook.training.loop import fit
    from quakebook.training.run import Run

    for capture in ("false", "true"):
        for compiled in ("false", "true"):
            settings = config(f"data.batch_size={batch}", "data.records=20000", "data.dev_records=200",
                              "training.steps=600", "training.validate_every=0", "training.checkpoint_every=0",
                              f"training.capture={capture}", f"training.compile={compiled}",
                              "evaluation.follow_every=600")
            with tempfile.TemporaryDirectory() as folder:
                run = Run(Path(folder))
                experiment = Timed(PickerExperiment, settings, *(load(settings.data, split, "cuda") for split in
                                                                  ("train", "dev")))
                fit(experiment.inner, settings.training, run)
                print(f"whole training, capture {capture}, compile {compiled}: "
                      f"{experiment.per_step_ms():.2f} ms a step")


class Timed:
    """Marks the time at steps 100 and 600 of a training."""

    def __init__(self, kind: type, *arguments: object) -> None:
        self.inner, self.marks = kind(*arguments), {}
        observe = self.inner.observe

        def marked(step: int) -> None:
            observe(step)
            if step in (100, 600):
                torch.cuda.synchronize()
                self.marks[step] = time.perf_counter()

        self.inner.observe = marked

    def per_step_ms(self) -> float:
        """Mean over the last 500 steps."""
        return 1e3 * (self.marks[600] - self.marks[100]) / 500


if __name__ == "__main__":
    main()
