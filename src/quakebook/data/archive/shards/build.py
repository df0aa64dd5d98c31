"""Make shards of an archive: shared out among any number of workers, done once, finished only when all is on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from quakebook.data.archive.errors import StoreError
from quakebook.data.archive.files import digest, read_json, whole, write_json
from quakebook.data.archive.motion.splits import Split, assign, leaks
from quakebook.data.archive.motion.station_days import StationDay, plan_digest
from quakebook.data.archive.motion.windows import WindowMaker
from quakebook.data.archive.shards.reader import DESCRIPTION, INDEX, ShardSet
from quakebook.data.archive.shards.writer import ShardWriter
from quakebook.data.archive.stores.claims import Claims
from quakebook.data.archive.stores.local import LocalStore
from quakebook.data.errors import DataError

#: Bytes of a sample beside its waveform: two tar headers, the array's header, the facts.
_SAMPLE_OVERHEAD = 3072
#: Change when equal settings give other shards.
FORMAT = 1


@dataclass(frozen=True)
class Sharding:
    """How shards are cut.

    Attributes
    ----------
    shard_size : int
        Samples at most.
    max_shard_bytes : float
    dtype : {"float32", "float16"}
    split : Split
    seed : int
        Of the order in which station-days are laid into shards.
    """

    shard_size: int = 10_000
    max_shard_bytes: float = 2e9
    dtype: Literal["float32", "float16"] = "float32"
    split: Split = Split()
    seed: int = 0

    def __post_init__(self) -> None:
        if self.shard_size < 1:
            raise DataError(f"`shard_size` must be at least 1; found {self.shard_size}")
        if self.dtype not in ("float32", "float16"):
            raise DataError(f"`dtype` must be float32 or float16; found {self.dtype!r}")
        if not self.max_shard_bytes >= 1e4:
            raise DataError(f"`max_shard_bytes` must be at least 10 000; found {self.max_shard_bytes}")

    def samples(self, window_samples: int) -> int:
        """Samples of one shard, from both limits."""
        each = 3 * window_samples * np.dtype(self.dtype).itemsize + _SAMPLE_OVERHEAD
        return int(max(1, min(self.shard_size, self.max_shard_bytes // each)))


def name_of(days: Sequence[StationDay], maker: WindowMaker, sharding: Sharding) -> str:
    """The name under which these shards are kept: it changes with settings, stations and objects."""
    stations = maker.stations.table.to_csv(index=False) if maker.stations else ""
    response = sorted(maker.inventory.get_contents()["channels"]) if maker.inventory else []
    return plan_digest(days, FORMAT, maker.settings, sharding, digest(stations), response)


def build_shards(days: Sequence[StationDay], maker: WindowMaker, folder: str | Path, sharding: Sharding | None = None,
          tell: Callable[[str], None] = lambda line: None) -> ShardSet:
    """Write the shards of these station-days below `folder`, or open them where they are already.

    May be called by several processes at once (on one file system): each piece of work is claimed, done by one of them,
    and all return the finished set. A process that dies gives its piece back.

    Returns
    -------
    ShardSet
        In ``folder/NAME``, NAME following from everything that decides the content.
    """
    sharding = sharding or Sharding()
    place = Path(folder) / name_of(days, maker, sharding)
    if not (place / DESCRIPTION).is_file():
        tasks = _tasks(days, maker, sharding)
        claims = Claims(LocalStore(place))
        for wait_s in (0.0, -1.0):  # first what is free, then what others have not finished
            for task in tasks:
                if not _receipt(place, task).is_file():
                    with claims.take(task.name, wait_s) as ours:
                        if ours and not _receipt(place, task).is_file():
                            _work(place, task, maker, sharding)
                            tell(f"{task.split}: {len(task.days)} station-days")
        with claims.take("finish", -1.0):
            if not (place / DESCRIPTION).is_file():
                _finish(place, tasks, maker, sharding)
    return ShardSet(place)


@dataclass(frozen=True)
class _Task:
    name: str
    split: str
    days: tuple[StationDay, ...]


def _tasks(days: Sequence[StationDay], maker: WindowMaker, sharding: Sharding) -> list[_Task]:
    """Station-days of one split, in a shuffled order, in groups that fill about one shard."""
    splits = assign(days, sharding.split)
    settings = maker.settings
    limit = sharding.samples(settings.window_samples)
    hop_s = settings.hop_samples / settings.rate_hz
    order = sorted(range(len(days)), key=lambda k: digest(sharding.seed, days[k].code, days[k].day))
    out = []
    for split in sorted(set(splits)):
        group: list[StationDay] = []
        windows = 0.0
        for day in [days[k] for k in order if splits[k] == split]:
            expected = max((day.seconds - settings.window_s) / hop_s, 0) + 1
            if group and windows + expected > limit:
                out.append(_task(split, group))
                group, windows = [], 0.0
            group.append(day)
            windows += expected
        out.append(_task(split, group))
    return out


def _task(split: str, days: list[StationDay]) -> _Task:
    return _Task(digest(split, [day.identity() for day in days]), split, tuple(days))


def _receipt(place: Path, task: _Task) -> Path:
    return place / "tasks" / f"{task.name}.json"


def _work(place: Path, task: _Task, maker: WindowMaker, sharding: Sharding) -> None:
    """Write the shards of a task, then their index, then the receipt that says so."""
    limit, shards, tables = sharding.samples(maker.settings.window_samples), [], []
    rejected: Counter = Counter()
    damaged: list[str] = []
    writer: ShardWriter | None = None
    try:
        for day in task.days:
            result = maker(day)
            rejected.update({f"{day.code}|{reason}": count for reason, count in result.rejected.items()})
            damaged += result.damaged
            for waveform, facts in zip(result.waveforms, result.facts, strict=True):
                writer = writer or ShardWriter(place, task.split, sharding.dtype)
                writer.add(waveform, facts)
                if len(writer) == limit:
                    writer = _close(writer, shards, tables)
        if writer is not None:
            writer = _close(writer, shards, tables)
    finally:
        if writer is not None:
            writer.discard()
    if tables:
        with whole(place / "tasks" / f"{task.name}.parquet") as part:
            pd.concat(tables, ignore_index=True).to_parquet(part, index=False)
    write_json(_receipt(place, task), {"shards": shards, "rejected": dict(rejected), "damaged": damaged})


def _close(writer: ShardWriter, shards: list, tables: list) -> None:
    about, table = writer.close()
    shards.append(about)
    tables.append(table)


def _finish(place: Path, tasks: list[_Task], maker: WindowMaker, sharding: Sharding) -> None:
    """Join what the tasks wrote; the description comes last."""
    receipts = [read_json(_receipt(place, task)) for task in tasks]
    shards = [shard for receipt in receipts for shard in receipt["shards"]]
    rejected: Counter = Counter()
    for receipt in receipts:
        rejected.update(receipt["rejected"])
    damaged = sorted(line for receipt in receipts for line in receipt["damaged"])
    if not shards:
        reasons = ", ".join(f"{key.split('|')[1]} {count}" for key, count in rejected.most_common(5)) or "no data"
        first = f"; first damaged object: {damaged[0]}" if damaged else ""
        raise StoreError(f"no window passed the quality control ({reasons}){first}; nothing was written to {place}")
    index = pd.concat([pd.read_parquet(place / "tasks" / f"{task.name}.parquet")
                       for task, receipt in zip(tasks, receipts, strict=True) if receipt["shards"]], ignore_index=True)
    if overlaps := leaks(index, maker.settings.window_s):
        raise StoreError(f"{place}: {overlaps[0]}. The splits share data, so that nothing is finished")
    with whole(place / INDEX) as part:
        index.to_parquet(part, index=False)
    settings: dict[str, Any] = {"processing": repr(maker.settings), "sharding": repr(sharding),
                                "rate_hz": maker.settings.rate_hz, "window_samples": maker.settings.window_samples,
                                "archive": maker.store.url}
    write_json(place / DESCRIPTION, {
        "format": FORMAT, "shards": shards, "rejected": dict(rejected), "damaged": damaged, "settings": settings,
        "index_sha256": digest((place / INDEX).read_bytes()),
        "fingerprint": digest([shard["sha256"] for shard in shards])})
