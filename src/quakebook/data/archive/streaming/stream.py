"""Windows for a training: a PyTorch data set that shares out samples among ranks and workers, and goes on exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, IterableDataset, default_collate, get_worker_info

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
        """Samples from the current place to the end of the epoch; the place itself stays (see `StreamLoader`)."""
        info = get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        begin = self.shares.first_batch(self.place.position)
        for batch in range(begin + worker, self.shares.batches, workers):
            yield from self._samples(self.place.epoch, batch)

    def batch(self, step: int) -> dict[str, Any]:
        """The batch of a training step of this rank, counted from 0 over all epochs."""
        epoch, number = divmod(step, self.shares.batches)
        return default_collate(list(self._samples(epoch, number)))

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
        waveform = self.scaling(self.source.waveform(row), row)
        if self.transform is not None:
            generator = np.random.default_rng(np.random.SeedSequence((self.place.seed, epoch, position)))
            waveform = self.transform(waveform, generator)
        numbers = dict(zip(NUMBERS, self.numbers[row], strict=True)) | {"start_ns": self._times[row]}
        return {"waveform": torch.from_numpy(np.ascontiguousarray(waveform, np.float32)), "metadata": numbers,
                "row": row}


class StreamLoader:
    """A `DataLoader` over a stream that knows how many batches were handed out.

    Parameters
    ----------
    stream : WindowStream
    workers : int
        Processes that read. Sources on a network get fresh processes, because their connections do not survive a fork.
    **options
        For `DataLoader`.
    """

    def __init__(self, stream: WindowStream, workers: int = 0, **options: Any) -> None:
        self.stream, self.workers, self.options = stream, workers, options
        if workers and getattr(getattr(stream.source, "store", None), "remote", False):
            self.options.setdefault("multiprocessing_context", "spawn")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Batches up to the end of the epoch; then the place is the beginning of the next."""
        stream, each = self.stream, self.stream.shares.batch_size * self.stream.shares.world
        for batch in DataLoader(stream, stream.shares.batch_size, num_workers=self.workers, **self.options):
            stream.place = replace(stream.place, position=stream.place.position + each)
            yield batch
        stream.place = Place(stream.place.seed, stream.place.epoch + 1)

    def endless(self) -> Iterator[dict[str, Any]]:
        """Epoch after epoch."""
        while True:
            yield from self

    def state_dict(self) -> dict[str, Any]:
        """For a checkpoint: the place after the last batch that was handed out, and which data it belongs to."""
        return self.stream.place.state_dict() | {"fingerprint": self.stream.source.fingerprint}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on after the last batch of a checkpoint; other data are refused."""
        if state.get("fingerprint") != self.stream.source.fingerprint:
            raise DataError(f"the checkpoint belongs to data {state.get('fingerprint')}; these are "
                            f"{self.stream.source.fingerprint}. Resume with the same shards")
        place = Place.from_state(state)
        self.stream.shares.first_batch(place.position)
        self.stream.place = place


def _numbers(table: pd.DataFrame) -> NDArray[np.float32]:
    columns = [pd.to_numeric(table[name], errors="coerce").to_numpy(np.float32) if name in table
               else np.full(len(table), np.nan, np.float32) for name in NUMBERS]
    return np.stack(columns, axis=1)


def _distributed() -> tuple[int, int]:
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return 0, 1
