"""One training step of UVCGAN-S: ours beside the published one, turn by turn in one run, printed as ratios.

    python benchmarks/uvcgan_s.py [--steps 3] [--threads 1 2] [--reference PATH] [--device cpu] [--tiny]

The published configuration: calorimeter images of 24 x 64, batches of 4. The published step is written out in
`uvcgan_s_published.py`; with ``--reference`` a checkout of the published code (the folder that holds ``uvcgan_s``) does
its own steps instead. Each side runs in a process of its own with its own allocator, and the two take turns, so that a
busy machine slows both: of every turn the ratio is printed, and of all turns the median and the range. Ours ends with
the moving averages and the losses read, as theirs does.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from quakebook.uvcgan_s.networks.build import TASKS, build_networks
from quakebook.uvcgan_s.settings import NetworkConfig, ObjectiveConfig

#: Scales of made-up images: backgrounds, signals, mixtures.
SCALES = (1.0, 0.3, 1.3)


def network(tiny: bool) -> NetworkConfig:
    """The published networks; `tiny` keeps their depth at a few channels."""
    narrow = {"features": 12, "feed_forward": 16, "embed": 8, "levels": (4, 6, 8), "critic_levels": (4, 4, 4, 4)}
    return replace(TASKS["sphenix"][0], **narrow) if tiny else TASKS["sphenix"][0]


def images(batch: int, device: str) -> list[Tensor]:
    """A batch of each domain."""
    generator = torch.Generator().manual_seed(0)
    return [scale * torch.rand(batch, 1, 24, 64, generator=generator).to(device) for scale in SCALES]


def ours(args: argparse.Namespace) -> Callable[[], object]:
    """The step as the chapter's trainings do it."""
    from quakebook.training.allocator import keep_freed_memory
    from quakebook.training.averages import Averages
    from quakebook.uvcgan_s.data.norms import Log
    from quakebook.uvcgan_s.objective.losses import alphas
    from quakebook.uvcgan_s.objective.step import Trainer

    if args.device == "cpu":
        keep_freed_memory()
    made = build_networks(network(args.tiny), ((1, 24, 64),) * 3).to(args.device)
    sides = {side: [p for name, each in made.items() if name.startswith(side) for p in each.parameters()]
             for side in ("gen", "disc")}
    optimisers = {side: torch.optim.Adam(weights, lr=5e-5, betas=(0.5, 0.99), fused=True)
                  for side, weights in sides.items()}
    trainer = Trainer(ObjectiveConfig(), Log(bias=0.1), made, optimisers, clip_norm=0.5)
    averages = Averages({name: made[name] for name in ("gen_ab", "gen_ba")}, 0.9999)
    a0, a1, b = images(args.batch, args.device)
    batch = {"a0": a0, "a1": a1, "b": b, "alpha": alphas(3).to(args.device), "recompute": True}

    def step() -> list[float]:
        parts = trainer.full(batch)
        averages.update()
        return torch.stack(list(parts.values())).tolist()

    return step


def published(args: argparse.Namespace) -> Callable[[], object]:
    """The same step in the published order, with PyTorch's own layers."""
    import copy

    from uvcgan_s_published import PublishedStep, plain

    made = plain(build_networks(network(args.tiny), ((1, 24, 64),) * 3)).to(args.device)
    step = PublishedStep(made, [copy.deepcopy(made.gen_ab), copy.deepcopy(made.gen_ba)])
    given = images(args.batch, args.device)
    return lambda: step(*given)


def reference(args: argparse.Namespace) -> Callable[[], object]:
    """The step of a checkout of the published code."""
    from uvcgan_s_reference import reference_step

    return reference_step(args.reference, network(args.tiny), images(args.batch, args.device), args.device)


SIDES = {"ours": ours, "published": published, "reference": reference}


def serve(args: argparse.Namespace) -> None:
    """One side: for every line read, a step, and its CPU and wall seconds."""
    torch.manual_seed(0)
    step = SIDES[args.side](args)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        torch.set_num_threads(int(line))
        wait(args.device)
        cpu, wall = time.process_time(), time.perf_counter()
        step()
        wait(args.device)
        print(json.dumps([time.process_time() - cpu, time.perf_counter() - wall]), flush=True)


def wait(device: str) -> None:
    """Let the device finish."""
    if device == "cuda":
        torch.cuda.synchronize()


class Side:
    """A process that does the steps of one side."""

    def __init__(self, name: str, args: argparse.Namespace) -> None:
        words = [sys.executable, __file__, "--side", name, "--batch", str(args.batch), "--device", args.device]
        words += ["--tiny"] * args.tiny + (["--reference", args.reference] if args.reference else [])
        self.name = name
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._read()

    def step(self, threads: int) -> list[float]:
        """CPU and wall seconds of one step."""
        self._process.stdin.write(f"{threads}\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _read(self) -> list[float]:
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait()  # 1: it has said why
            sys.exit(1 if status == 1 else f"the side {self.name!r} ended early, with status {status}")
        return json.loads(line)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--reference", help="checkout of the published code")
    parser.add_argument("--tiny", action="store_true", help="narrow networks: whether the program runs, not how fast")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.side:
        return serve(args)
    sides = [Side("reference" if args.reference else "published", args), Side("ours", args)]
    try:
        compare(sides, args)
    finally:
        for side in sides:
            side.close()


def compare(sides: list[Side], args: argparse.Namespace) -> None:
    """Steps of both in turn, the first of each not counted."""
    print(f"seconds per step, batch {args.batch}, {args.device}{', narrow networks' if args.tiny else ''}")
    for threads in args.threads:
        turns = []
        for turn in range(args.steps + 1):
            seconds = [side.step(threads) for side in sides]
            turns += [seconds] if turn else []
            ratios = [other / own for other, own in zip(*seconds, strict=True)]
            print(f"{threads} thread(s), turn {turn or '0, not counted'}: ratio of CPU time {ratios[0]:.2f}, of wall "
                  f"time {ratios[1]:.2f}", flush=True)
        for k, kind in enumerate(("CPU", "wall")):
            theirs, mine = ([turn[side][k] for turn in turns] for side in range(2))
            ratios = [other / own for other, own in zip(theirs, mine, strict=True)]
            print(f"{threads} thread(s), {kind:4} time: {sides[0].name} {statistics.median(theirs):8.3f}   ours "
                  f"{statistics.median(mine):8.3f}   ratio {statistics.median(ratios):5.2f} "
                  f"({min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} turns)", flush=True)


if __name__ == "__main__":
    main()
