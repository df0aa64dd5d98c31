"""Two processes on one CPU: DDP is one training on both their batches."""

import os
import subprocess
import sys
from pathlib import Path

import torch
from torch.nn import functional as F

from quakebook.training.loop import BUILDING
from quakebook.training.seeding import mix

SCRIPT = Path(__file__).with_name("toys.py")
STEPS = 6


def by_hand(toys):
    """The same training in one process: the mean of the gradients of two ranks, each with its own seed."""
    torch.manual_seed(mix(42, BUILDING))
    toy = toys.Plain(toys.ToyConfig())
    toy.build()
    toy.total_steps = STEPS
    toy.configure()
    generator = torch.Generator().manual_seed(mix(42, BUILDING))
    x = torch.randn(256, 4, generator=generator)
    y = x.square().sum(1, keepdim=True)
    for step in range(STEPS):
        toy.optimisers["m"].zero_grad()
        for rank in range(2):
            torch.manual_seed(mix(42, step, rank))
            rows = torch.randint(256, (32,), generator=generator.manual_seed(mix(42, step, rank)))
            (F.mse_loss(toy.networks["m"](x[rows]), y[rows]) / 2).backward()
        toy.optimisers["m"].step()
        toy.schedulers["m"].step()
    return dict(toy.networks["m"].named_parameters())


def test_ddp_on_two_processes(toys, tmp_path):
    env = {key: value for key, value in os.environ.items() if key not in ("RANK", "WORLD_SIZE", "LOCAL_RANK")}
    result = subprocess.run([sys.executable, "-W", "error", SCRIPT, "plain", tmp_path, "training.strategy=ddp",
                             "training.devices=2", f"training.steps={STEPS}"],
                            env=env | {"OMP_NUM_THREADS": "1", "QUAKEBOOK_BATCH": "1"}, capture_output=True, text=True,
                            timeout=120)
    assert result.returncode == 0, result.stderr
    run = toys.runs.Run(next(tmp_path.glob("plain/*/record.json")).parent)
    assert run.finished and run.record["devices"] == 2
    ours = run.load_checkpoint("last")["networks"]["m"]
    for name, value in by_hand(toys).items():
        torch.testing.assert_close(ours[name], value.detach(), rtol=1e-4, atol=1e-6)
