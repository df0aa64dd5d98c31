"""Windows for a training: a PyTorch data set that shares out samples among ranks and workers, and goes on exactly."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from quakebook.data.archive.streaming.sampler import Place, Shares, order
from quakebook.data.archive.streaming.scaling import SCALINGS, Scaling
from quakebook.data.errors import DataError

#: Numbers that go with each window; NaN where unknown.
NUMBERS = ("latitude", "longitude", "elevation", "depth", "azimuth", "dip", "gain", "sample_rate", "log_rms_z",
           "log_rms_n", "log_rms_e", "present_z", "present_n", "present_e")
#: Shards or station-days whose samples are mixed with one another.
OPEN_UNITS = 8


class Source(Protocol):
    """Samples by number: shards, or miniSEED read on the spot."""

    table: pd.DataFrame
    units: NDArray[np.int64]
    fingerprint: str

    def waveform(self, row: int) -> NDArray[np.float32]:
        """One window, shape (3, samples)."""


class WindowStream(IterableDataset):
    """One epoch after another of a source's windows.

    Works in ``DataLoader(stream, batch_size=B, num_workers=W)`` with the same B: batches are then the same for any W.

    Parameters
    ----------
    source : Source
    batch_size : int
    seed : int
    shuffle : bool
    rank, world : int, optional
        Default: those of torch.distributed where it is in use.
    open_units : int, optional
        How many shards are mixed at a time.
    scaling : {"component", "window", "station", "none"}
        See `scaling.Scaling`.
    transform : callable, optional
        ``transform(waveform, generator)``, with a generator that depends on (seed, epoch, place in the order) only.

    Each sample is ``{"waveform": (3, n) float32, "metadata": {name: number}, "row": int}``.
    """

    def __init__(self, source: Source, batch_size: int = 32, *, seed: int = 0, shuffle: bool = True,
                 rank: int | None = None, world: int | None = None, open_units: int | None = None,
                 scaling: Literal["component", "window", "station", "none"] = "component",
                 transform: Callable[[NDArray, np.random.Generator], NDArray] | None = None) -> None:
        if scaling not in SCALINGS:
            raise DataError(f"`scaling` must be one of {', '.join(SCALINGS)}; found {scaling!r}")
        here = _distributed()
        self.source, self.shuffle, self.transform = source, shuffle, transform
        self.shares = Shares(len(source.table), batch_size, here[0] if rank is None else rank,
                             here[1] if world is None else world)
        self.open_units = open_units or getattr(source, "open_units", OPEN_UNITS)
        self.scaling = Scaling(scaling, source.table)
        self.numbers = _numbers(source.table)
        self._times = source.table["start_ns"].to_numpy(np.int64)
        self.place = Place(seed)
        self._order: tuple[int, NDArray[np.int64]] | None = None

    def __len__(self) -> int:
        """Samples of this rank that are left in the epoch."""
        return (self.shares.batches - self.shares.first_batch(self.place.position)) * self.shares.batch_size

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Samples from the current place to the end of the epoch; the place itself stays."""
        last = (self.place.epoch + 1) * self.shares.batches
        return self.samples(itertools.takewhile(lambda step: step < last, self.steps()))

    def steps(self) -> Iterator[int]:
        """Steps from the current place on that fall to this worker, without end."""
        info = get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        begin = self.place.epoch * self.shares.batches + self.shares.first_batch(self.place.position)
        return itertools.count(begin + worker, workers)

    def samples(self, steps: Iterable[int]) -> Iterator[dict[str, Any]]:
        """The samples of steps, counted over all epochs."""
        for step in steps:
            yield from self._samples(*divmod(step, self.shares.batches))

    def batch(self, step: int) -> dict[str, Any]:
        """The batch of a training step of this rank, counted from 0 over all epochs, as the DataLoader gives it."""
        epoch, number = divmod(step, self.shares.batches)
        part = self.shares.slice(number)
        rows = self.rows(epoch)[part]
        waveforms = [self._waveform(row, epoch, place) for place, row in enumerate(rows.tolist(), part.start)]
        numbers = torch.from_numpy(self.numbers[rows])
        metadata = {name: numbers[:, column].clone() for column, name in enumerate(NUMBERS)}
        metadata["start_ns"] = torch.from_numpy(self._times[rows])
        return {"waveform": torch.from_numpy(np.stack(waveforms)), "metadata": metadata, "row": torch.from_numpy(rows)}

    def rows(self, epoch: int) -> NDArray[np.int64]:
        """The order of an epoch, over all ranks."""
        if self._order is None or self._order[0] != epoch:
            self._order = epoch, order(self.source.units, self.place.seed, epoch, self.open_units, self.shuffle)
        return self._order[1]

    def _samples(self, epoch: int, batch: int) -> Iterator[dict[str, Any]]:
        part = self.shares.slice(batch)
        for position, row in enumerate(self.rows(epoch)[part].tolist(), part.start):
            yield self._sample(row, epoch, position)

    def _sample(self, row: int, epoch: int, position: int) -> dict[str, Any]:
        numbers = dict(zip(NUMBERS, self.numbers[row], strict=True)) | {"start_ns": self._times[row]}
        return {"waveform": torch.from_numpy(self._waveform(row, epoch, position)), "metadata": numbers, "row": row}

    def _waveform(self, row: int, epoch: int, position: int) -> NDArray[np.float32]:
        waveform = self.scaling(self.source.waveform(row), row)
        if self.transform is not None:
            generator = np.random.default_rng(np.random.SeedSequence((self.place.seed, epoch, position)))
            waveform = self.transform(waveform, generator)
        return np.ascontiguousarray(waveform, np.float32)


def _numbers(table: pd.DataFrame) -> NDArray[np.float32]:
    columns = [pd.to_numeric(table[name], errors="coerce").to_numpy(np.float32) if name in table
               else np.full(len(table), np.nan, np.float32) for name in NUMBERS]
    return np.stack(columns, axis=1)


def _distributed() -> tuple[int, int]:
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return 0, 1
