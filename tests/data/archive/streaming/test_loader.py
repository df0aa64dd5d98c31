"""Going on after a kill, and sources on a network."""

import multiprocessing
import os
import random
import signal
import time

import pytest
import torch
from tests.data.archive.servers import objects, serving
from tests.data.archive.shards.test_reader import served
from torch.utils.data import DataLoader

from quakebook.data import DataError
from quakebook.data.archive import ShardCache, ShardSet, StreamLoader, WindowStream, publish
from quakebook.data.archive.files import whole


def waveforms(loader):
    return [batch["waveform"] for batch in loader]


def equal(first, second):
    return len(first) == len(second) and all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("workers", [0, 2])
def test_going_on_from_a_state(shards, workers):
    whole = StreamLoader(WindowStream(shards, 8, seed=2)).endless()
    batches = [next(whole)["waveform"] for _ in range(27)]  # into the third epoch
    for stop in (0, 4, 10, 11, 12, 21):
        loader = StreamLoader(WindowStream(shards, 8, seed=2))
        head = loader.endless()
        for _ in range(stop):
            next(head)
        again = StreamLoader(WindowStream(shards, 8, seed=2), workers=workers)
        again.load_state_dict(loader.state_dict())
        tail = again.endless()
        assert torch.equal(next(tail)["waveform"], batches[stop]), stop
        assert torch.equal(next(tail)["waveform"], batches[stop + 1]), stop
        tail.close()


def test_the_state_belongs_to_its_data(shards):
    loader = StreamLoader(WindowStream(shards, 8))
    with pytest.raises(DataError, match="the checkpoint belongs to data other"):
        loader.load_state_dict(loader.state_dict() | {"fingerprint": "other"})
    with pytest.raises(DataError, match="no whole number of batches"):
        loader.load_state_dict(loader.state_dict() | {"position": 3})


def training(shards, checkpoint, workers):
    """Forty steps with a checkpoint after each; goes on where a checkpoint ends."""
    torch.manual_seed(0)
    model = torch.nn.Conv1d(3, 2, 5)
    optimiser = torch.optim.Adam(model.parameters())
    loader, step = StreamLoader(WindowStream(shards, 4, seed=9), workers=workers), 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        loader.load_state_dict(state["loader"])
        step = state["step"]
    for batch in loader.endless():
        if step == 40:
            return
        optimiser.zero_grad()
        model(batch["waveform"]).square().mean().backward()
        optimiser.step()
        step += 1
        with whole(checkpoint) as part:
            torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step,
                        "loader": loader.state_dict(), "last": batch["waveform"]}, part)


def test_a_training_that_is_killed_at_random_ends_as_one_that_is_not(shards, tmp_path):
    training(shards, tmp_path / "whole.pt", 0)
    killed, dice = tmp_path / "killed.pt", random.Random(4)
    for _ in range(3):
        before = killed.stat().st_mtime_ns if killed.exists() else 0
        child = multiprocessing.get_context("fork").Process(target=training, args=(shards, killed, 0))
        child.start()
        while not killed.exists() or killed.stat().st_mtime_ns == before:
            time.sleep(0.002)
        time.sleep(dice.uniform(0.0, 0.05))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    assert torch.load(killed, weights_only=True)["step"] < 40
    training(shards, killed, 2)
    first, second = (torch.load(tmp_path / name, weights_only=True) for name in ("whole.pt", "killed.pt"))
    assert torch.equal(first["last"], second["last"]) and first["loader"] == second["loader"]
    for name, value in first["model"].items():
        assert torch.equal(value, second["model"][name])


def test_from_an_http_server_with_workers(shards, tmp_path):
    alone = waveforms(DataLoader(WindowStream(shards, 16, seed=5), batch_size=16))
    with serving(objects(served(shards), {})) as address:
        remote = ShardSet(f"{address}/s", cache=ShardCache(tmp_path))
        loader = StreamLoader(WindowStream(remote, 16, seed=5), workers=1)
        assert loader.options["multiprocessing_context"] == "spawn"
        assert equal(alone, waveforms(loader))


def test_from_s3(shards, signed, private, tmp_path):
    store = signed(f"{private}/stream")
    publish(shards, store)
    alone = waveforms(DataLoader(WindowStream(shards, 16, seed=5), batch_size=16))
    remote = WindowStream(ShardSet(store, cache=ShardCache(tmp_path)), 16, seed=5)
    assert equal(alone, waveforms(StreamLoader(remote)))
