"""Streams: the same batches for any workers, and disjoint ranks."""


import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from quakebook.data import DataError
from quakebook.data.archive import StreamLoader, WindowStream


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


def test_whole_batches_are_what_the_data_loader_puts_together(shards):
    stream = WindowStream(shards, 8, seed=3)
    for step, collated in enumerate(DataLoader(stream, batch_size=8)):
        batch = stream.batch(step)
        assert list(batch) == list(collated) and list(batch["metadata"]) == list(collated["metadata"])
        for name, value in (batch["metadata"] | {"row": batch["row"], "waveform": batch["waveform"]}).items():
            other = collated[name] if name in collated else collated["metadata"][name]
            assert value.dtype == other.dtype and torch.equal(value.nan_to_num(), other.nan_to_num()), name


def test_ranks_are_disjoint_and_together_the_order(shards):
    rows = [torch.cat([batch["row"] for batch in DataLoader(WindowStream(shards, 5, seed=1, rank=rank, world=3),
                                                            batch_size=5)]) for rank in range(3)]
    assert len({int(row) for part in rows for row in part}) == 3 * len(rows[0])
    assert len(rows[0]) == len(rows[1]) == len(rows[2]) == 5 * (len(shards) // 15)
    together = torch.stack([part.reshape(-1, 5) for part in rows], dim=1).flatten()
    assert together.tolist() == WindowStream(shards, 5, seed=1).rows(0)[: len(together)].tolist()


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
