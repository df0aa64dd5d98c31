"""Windows straight from miniSEED."""


import numpy as np
import torch
from torch.utils.data import DataLoader

from quakebook.data.archive import MiniSeedSource, StreamLoader, WindowStream


def waveforms(loader):
    return [batch["waveform"] for batch in loader]


def equal(first, second):
    return len(first) == len(second) and all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


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
