"""The order of samples: decided by (seed, epoch) alone, so that any place in a training can be found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakebook.data.errors import DataError


@dataclass(frozen=True)
class Place:
    """How far a training has come: `position` samples of `epoch`, counted over all ranks."""

    seed: int
    epoch: int = 0
    position: int = 0

    def state_dict(self) -> dict[str, int]:
        """Plain numbers for a checkpoint."""
        return {"seed": self.seed, "epoch": self.epoch, "position": self.position}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Place:
        """Inverse of `state_dict`."""
        try:
            return cls(*(int(state[name]) for name in ("seed", "epoch", "position")))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"a sampler's state must hold the numbers seed, epoch and position; found {state}"
                            ) from error


def order(units: NDArray[np.int64], seed: int, epoch: int, open_units: int, shuffle: bool = True) -> NDArray[np.int64]:
    """Row numbers in the order of an epoch.

    Units (shards or station-days) are shuffled; then rows are shuffled within groups of `open_units` of them, so that
    only so many are needed at a time. With at least as many open units as there are, it is a plain permutation.

    Parameters
    ----------
    units : ndarray, shape (n,)
        Unit of each row.
    """
    if not shuffle:
        return np.arange(len(units))
    generator = np.random.default_rng(np.random.SeedSequence((seed, epoch)))
    names = np.unique(units)
    if open_units >= len(names):
        return generator.permutation(len(units))
    rank = np.empty(len(names), np.int64)
    rank[generator.permutation(len(names))] = np.arange(len(names))
    group = rank[np.searchsorted(names, units)] // open_units
    return np.lexsort((generator.random(len(units)), group))


@dataclass(frozen=True)
class Shares:
    """Which rows belong to a batch of a rank.

    Batch b of rank r of R holds the positions (b R + r) B to (b R + r + 1) B of the order: ranks never share a row, and
    a place in the order means the same for any number of ranks. What does not fill a batch on every rank is left out
    (other rows in each epoch).
    """

    rows: int
    batch_size: int
    rank: int = 0
    world: int = 1

    def __post_init__(self) -> None:
        if self.batch_size < 1 or not 0 <= self.rank < self.world:
            raise DataError("the batch size must be positive and the rank below the number of ranks; found "
                            f"{self.batch_size}, rank {self.rank} of {self.world}")
        if self.rows < self.batch_size * self.world:
            raise DataError(f"{self.rows} samples do not fill one batch of {self.batch_size} on each of {self.world} "
                            "ranks; use a smaller batch or more data")

    @property
    def batches(self) -> int:
        """Batches of one epoch."""
        return self.rows // (self.batch_size * self.world)

    def first_batch(self, position: int) -> int:
        """The batch that begins at a place."""
        each = self.batch_size * self.world
        if position % each or not 0 <= position <= self.batches * each:
            raise DataError(f"position {position} is no whole number of batches ({each} samples) within the epoch "
                            f"({self.batches} batches); resume with the batch size and ranks of the checkpoint")
        return position // each

    def slice(self, batch: int) -> slice:
        """Part of the order that a batch of this rank takes."""
        begin = (batch * self.world + self.rank) * self.batch_size
        return slice(begin, begin + self.batch_size)
