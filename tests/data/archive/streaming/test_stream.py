"""Streams: the same batches for any workers, disjoint ranks, and going on after a kill."""

import multiprocessing
import os
import random
import signal
import time

import numpy as np
import pytest
import torch
from tests.data.archive.servers import objects, serving
from tests.data.archive.shards.test_reader import served
from torch.utils.data import DataLoader

from quakebook.data import DataError
from quakebook.data.archive import MiniSeedSource, ShardCache, ShardSet, StreamLoader, WindowStream, publish
from quakebook.data.archive.files import whole


def waveforms(loader):
    return [batch["waveform"] for batch in loader]


def equal(first, second):
    return len(first) == len(second) and all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_batch_is_what_a_training_wants(shards):
    batch = next(iter(DataLoader(WindowStream(shards, 8), batch_size=8)))
    assert batch["waveform"].shape == (8, 3, 3000) and batch["waveform"].dtype == torch.float32
    assert {tuple(value.shape) for value in batch["metadata"].values()} == {(8,)}
    rows = batch["row"].numpy()
    np.testing.assert_array_equal(batch["metadata"]["start_ns"].numpy(), shards.table["start_ns"].to_numpy()[rows])
    latitude = shards.table["latitude"].to_numpy()[rows]
    np.testing.assert_allclose(batch["metadata"]["latitude"].numpy(), latitude, rtol=1e-6)
    np.testing.assert_allclose(batch["waveform"].std(dim=2, correction=0).numpy(), 1, rtol=1e-4)


def test_any_number_of_workers_gives_the_same_batches(shards):
    alone = waveforms(DataLoader(WindowStream(shards, 8, seed=3), batch_size=8))
    assert len(alone) == len(shards) // 8
    assert equal(alone, waveforms(StreamLoader(WindowStream(shards, 8, seed=3), workers=2)))
    stream = WindowStream(shards, 8, seed=3)
    assert equal(alone, [stream.batch(step)["waveform"] for step in range(len(alone))])
    assert len(stream) == 8 * len(alone)


def test_ranks_are_disjoint_and_together_the_order(shards):
    rows = [torch.cat([batch["row"] for batch in DataLoader(WindowStream(shards, 5, seed=1, rank=rank, world=3),
                                                            batch_size=5)]) for rank in range(3)]
    assert len({int(row) for part in rows for row in part}) == 3 * len(rows[0])
    assert len(rows[0]) == len(rows[1]) == len(rows[2]) == 5 * (len(shards) // 15)
    together = torch.stack([part.reshape(-1, 5) for part in rows], dim=1).flatten()
    assert together.tolist() == WindowStream(shards, 5, seed=1).rows(0)[: len(together)].tolist()


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


def test_augmentations_depend_on_the_place_only(shards):
    def noise(waveform, generator):
        return waveform + generator.normal(size=waveform.shape)

    alone = waveforms(DataLoader(WindowStream(shards, 8, transform=noise), batch_size=8))
    assert equal(alone, waveforms(StreamLoader(WindowStream(shards, 8, transform=noise), workers=2)))
    assert not torch.equal(alone[0], waveforms(DataLoader(WindowStream(shards, 8), batch_size=8))[0])
    assert alone[0].dtype == torch.float32


def test_wrong_wishes(shards):
    with pytest.raises(DataError, match="component, window, station, none; found 'peak'"):
        WindowStream(shards, scaling="peak")
    with pytest.raises(DataError, match="do not fill one batch"):
        WindowStream(shards, 1000)


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


def test_straight_from_miniseed(days, maker, shards, tmp_path):
    source = MiniSeedSource(days, maker, tmp_path, open_units=2)
    assert len(source) == len(shards)
    place = {(row.station, row.start_ns): number for number, row in enumerate(shards.table.itertuples())}
    for row in range(0, len(source), 9):
        key = source.table["station"][row], source.table["start_ns"][row]
        assert np.array_equal(source.waveform(row), shards.waveform(place[key]))
    stream = WindowStream(source, 8, seed=1)
    assert stream.open_units == 2
    batches = waveforms(DataLoader(stream, batch_size=8))
    loader = StreamLoader(WindowStream(MiniSeedSource(days, maker, tmp_path), 8, seed=1), workers=2)
    assert equal(batches, waveforms(loader))
    assert sum(source.rejected.values()) == shards.rejected["count"].sum()
