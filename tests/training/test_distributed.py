"""Two processes on one CPU: DDP is one training on both their batches."""

import os

import pytest
import torch
from torch.nn import functional as F

from quakebook.training.loop import BUILDING
from quakebook.training.seeding import mix

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


def train(toys, root, strategy, breaks_at=None):
    """One of two processes; it may break down at a step."""
    if breaks_at is not None:
        draw = toys.Plain.batch

        def breaking(self, step):
            if step == breaks_at:
                os._exit(7)
            return draw(self, step)

        toys.Plain.batch = breaking
    toys.train("plain", root, f"training.strategy={strategy}", "training.devices=2", f"training.steps={STEPS}",
               "training.checkpoint_every=2")


def run_in(toys, root):
    return toys.runs.Run(next(root.glob("plain/*/record.json")).parent)


pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_two_processes_are_one_training(toys, tmp_path, two_processes, strategy):
    assert two_processes(train, toys, tmp_path, strategy) == [0, 0]
    run = run_in(toys, tmp_path)
    assert run.finished and run.record["devices"] == 2
    ours, kept = run.load_checkpoint("last")["networks"]["m"], run.load_checkpoint("model")["m"]
    for name, value in by_hand(toys).items():
        torch.testing.assert_close(ours[name], value.detach(), rtol=1e-4, atol=1e-6)
        assert torch.equal(kept[name], ours[name])


def test_a_sharded_training_that_broke_down_goes_on_bit_by_bit(toys, tmp_path, two_processes):
    """Both processes end in step 5 of 6; the checkpoint after step 4 holds whole weights and optimiser states."""
    assert two_processes(train, toys, tmp_path / "whole", "fsdp") == [0, 0]
    assert two_processes(train, toys, tmp_path / "parts", "fsdp", 4) == [7, 7]
    broken = run_in(toys, tmp_path / "parts")
    state = broken.load_checkpoint("last")
    assert state["step"] == 4 and not broken.finished
    assert state["networks"]["m"]["0.weight"].shape == (16, 4)
    assert state["optimisers"]["m"]["state"]["0.weight"]["exp_avg"].shape == (16, 4)
    assert two_processes(train, toys, tmp_path / "parts", "fsdp") == [0, 0]
    runs = [run_in(toys, tmp_path / name) for name in ("whole", "parts")]
    assert runs[0].id == runs[1].id
    first, second = (run.load_checkpoint("last")["networks"]["m"] for run in runs)
    for name in ("0.weight", "0.bias", "1.weight", "1.bias", "4.weight", "4.bias"):  # running means are each one's own
        assert torch.equal(first[name], second[name])
