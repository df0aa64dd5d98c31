"""Hand out a stream's batches, and remember how many, so that a training goes on after the last one it saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from torch.utils.data import DataLoader, IterableDataset

from quakebook.data.archive.streaming.sampler import Place
from quakebook.data.archive.streaming.stream import WindowStream
from quakebook.data.errors import DataError


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
        for batch in self._batches(stream.shares.batches):
            stream.place = replace(stream.place, position=stream.place.position + each)
            yield batch
        stream.place = Place(stream.place.seed, stream.place.epoch + 1)

    def endless(self) -> Iterator[dict[str, Any]]:
        """Epoch after epoch, with the same worker processes."""
        stream, each = self.stream, self.stream.shares.batch_size * self.stream.shares.world
        whole = stream.shares.batches * each
        for batch in self._batches(None):
            epoch, position = divmod(stream.place.epoch * whole + stream.place.position + each, whole)
            stream.place = Place(stream.place.seed, epoch, position)
            yield batch

    def _batches(self, stop: int | None) -> Iterator[dict[str, Any]]:
        """Batches from the current place, up to batch `stop` of the epoch, or without end."""
        dataset = _Batches(self.stream, stop)
        return iter(DataLoader(dataset, batch_size=None, num_workers=self.workers, **self.options))

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


class _Batches(IterableDataset):
    """Whole batches of a stream: cheaper than samples that are put together one by one."""

    def __init__(self, stream: WindowStream, stop: int | None) -> None:
        self.stream, self.stop = stream, stop

    def __iter__(self) -> Iterator[dict[str, Any]]:
        last = None if self.stop is None else self.stream.place.epoch * self.stream.shares.batches + self.stop
        for step in self.stream.steps():
            if last is not None and step >= last:
                return
            yield self.stream.batch(step)
