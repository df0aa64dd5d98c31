"""Time of one training step of each network, alone and with windows and labels cut; whole preset extrapolated.

    python benchmarks/magnitude.py [--batch 32] [--repeats 5] [--device cuda] [--threads 1]

"bare" is forward, loss and backward on ready tensors; "whole" adds cutting windows, scaling, labels and the optimiser,
as a training does. CPU figures are processor time. On a GPU the last line sets the time of the preset `paper` for all
six networks beside the target of 15 minutes; exit status 1 when it is missed.
"""

from __future__ import annotations

import argparse
import sys
import time

import torch

from quakebook.magnitude import settings
from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.experiment import MagnitudeExperiment
from quakebook.magnitude.model_types import types_of

TARGET_S = 15 * 60


def clock(device: str) -> float:
    """Processor time on a CPU; wall time, after the queue has run empty, on a GPU."""
    if device == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def mean_seconds(work, repeats: int, device: str) -> float:
    """Mean of `repeats` calls after two to warm up."""
    for _ in range(2):
        work()
    began = clock(device)
    for _ in range(repeats):
        work()
    return (clock(device) - began) / repeats


def measure(model_type: str, batch: int, repeats: int, device: str) -> tuple[float, float]:
    """Seconds of a bare and of a whole step."""
    config = settings.config(f"network.type={model_type}", "data.records=300", f"data.batch_size={batch}",
                             preset="quick")
    experiment = MagnitudeExperiment(config, load_splits(config.data))
    experiment.networks = {"model": experiment.model.to(device).train()}
    experiment.configure()
    experiment.prepare(torch.device(device))
    inputs, labels = experiment.batch(0)
    network = experiment.networks["model"]
    bare = mean_seconds(lambda: experiment.loss(network(inputs), labels).backward(), repeats, device)
    whole = mean_seconds(lambda: experiment.step(experiment.batch(1)), repeats, device)
    return bare, whole


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch", type=int, default=0, help="default: 32 on a CPU, the README's on a GPU")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    total = 0.0
    print(f"{'network':20s} {'batch':>5s} {'bare':>9s} {'whole':>9s} {'ratio':>6s}")
    for name in [*types_of("phase"), *types_of("magnitude")]:
        paper = settings.config(f"network.type={name}")
        batch = args.batch or (32 if args.device == "cpu" else paper.data.batch_size)
        bare, whole = measure(name, batch, args.repeats, args.device)
        total += whole * paper.training.steps
        print(f"{name:20s} {batch:5d} {1e3 * bare:6.1f} ms {1e3 * whole:6.1f} ms {whole / bare:6.2f}")
    print(f"preset paper, all six, {paper.training.steps} steps each: {total / 60:.1f} min (target on one H200: 15)")
    return int(args.device != "cpu" and total > TARGET_S)


if __name__ == "__main__":
    sys.exit(main())
