"""Training windows that are streamed from shards of a continuous archive; memory does not grow with the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from quakebook.data.errors import DataError

from .metadata import BUCKETS, CONTINUOUS, bucket
from .windows import bandpass

#: ``shards:FOLDER`` (or an address): windows cut by the archive room.
SHARDS = "shards:"


def is_shards(name: str) -> bool:
    """Whether a data set name means shards."""
    return name.startswith(SHARDS)


def open_shards(name: str, split: str) -> Any:
    """The shards of a split, checked for 100 Hz windows by whoever reads them."""
    from quakebook.data.archive import ShardSet

    return ShardSet(name.removeprefix(SHARDS), split=split)


class Stream:
    """Windows of shards, by step.

    Parameters
    ----------
    source : ShardSet or other source of a `WindowStream`
    samples : int
        Expected length of a window.
    low_hz, high_hz : float
        Band-pass on top of what the shards have been through.
    seed : int
        Of the order.
    device : torch.device
    """

    def __init__(self, source: Any, samples: int, low_hz: float, high_hz: float, seed: int = 0,
                 device: torch.device | str = "cpu") -> None:
        found = source.waveform(0).shape if len(source.table) else (3, 0)
        if found != (3, samples):
            raise DataError(f"the shards hold windows of shape {found}; `data.window_s` asks for (3, {samples})")
        self.source, self.samples, self.band, self.seed = source, samples, (low_hz, high_hz), seed
        self.device = torch.device(device)
        self._streams: dict[tuple[int, int, int], Any] = {}

    def __len__(self) -> int:
        return len(self.source.table)

    def to(self, device: torch.device | str) -> Stream:
        """The same stream for another device."""
        return Stream(self.source, self.samples, *self.band, self.seed, device)

    def draw(self, step: int, batch: int, samples: int, seed: int, generator: torch.Generator | None, rank: int = 0,
             world: int = 1) -> tuple[Tensor, dict[str, Tensor]]:
        """Filtered windows (b, 3, N) of a step and their station metadata; ranks see disjoint windows."""
        from quakebook.data.archive import WindowStream

        key = (batch, rank, world)
        if key not in self._streams:
            self._streams[key] = WindowStream(self.source, batch, seed=seed, rank=rank, world=world, scaling="none")
        return self._ready(self._streams[key].batch(step))

    def first(self, count: int, samples: int) -> Tensor:
        """The first windows, filtered."""
        rows = range(min(count, len(self)))
        waves = torch.stack([torch.from_numpy(self.source.waveform(row)) for row in rows])
        return bandpass(waves.to(self.device), *self.band)

    def _ready(self, batch: Mapping[str, Any]) -> tuple[Tensor, dict[str, Tensor]]:
        waves = batch["waveform"].to(self.device, non_blocking=True)
        rows = batch["row"].tolist()
        metadata = {name: torch.as_tensor(batch["metadata"][name]).to(self.device) for name in CONTINUOUS
                    if name in batch["metadata"]}
        table = self.source.table.iloc[rows]
        metadata |= {name: torch.tensor([bucket(str(text), name) for text in table[name]], device=self.device)
                     for name in BUCKETS if name in table}
        return bandpass(waves, *self.band), metadata
