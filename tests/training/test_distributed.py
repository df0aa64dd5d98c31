"""Two processes on one CPU: DDP is one training on both their batches."""

import multiprocessing
import os
import socket

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


def rank_process(toys, root, rank, port):
    """One of two processes, with the environment that torchrun gives it."""
    os.environ.update(RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE="2", LOCAL_WORLD_SIZE="2", MASTER_PORT=str(port),
                      MASTER_ADDR="127.0.0.1", QUAKEBOOK_BATCH="1")
    toys.train("plain", root, "training.strategy=ddp", "training.devices=2", f"training.steps={STEPS}")


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_ddp_on_two_processes(toys, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    context = multiprocessing.get_context("fork")  # a fresh interpreter would import for ten seconds
    ranks = [context.Process(target=rank_process, args=(toys, tmp_path, rank, port)) for rank in range(2)]
    for process in ranks:
        process.start()
    for process in ranks:
        process.join(100)
    assert [process.exitcode for process in ranks] == [0, 0]
    run = toys.runs.Run(next(tmp_path.glob("plain/*/record.json")).parent)
    assert run.finished and run.record["devices"] == 2
    ours = run.load_checkpoint("last")["networks"]["m"]
    for name, value in by_hand(toys).items():
        torch.testing.assert_close(ours[name], value.detach(), rtol=1e-4, atol=1e-6)
