"""A set of shards: its index in memory, any sample by its number, wherever the shards lie."""

from __future__ import annotations

import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quakebook.data.archive.errors import DamagedError
from quakebook.data.archive.shards import members
from quakebook.data.archive.shards.cache import ShardCache
from quakebook.data.archive.stores.contract import Store
from quakebook.data.archive.stores.local import LocalStore
from quakebook.data.archive.stores.opening import open_store
from quakebook.data.errors import DataError

DESCRIPTION, INDEX = "shards.json", "index.parquet"
#: Columns that say where a sample lies; all others are facts about it.
_PLACES = ("key", "shard", "waveform_offset", "waveform_bytes", "waveform_crc32", "facts_offset", "facts_bytes",
           "facts_crc32")


class ShardSet:
    """Windows in tar shards.

    Parameters
    ----------
    place : str, Path or Store
        Folder, ``s3://...`` or ``http://...`` with ``shards.json`` and ``index.parquet``.
    split : str, optional
        Only this one.
    cache : ShardCache, optional
        For remote shards; without it each sample is one ranged request.
    **options
        For `open_store`.

    Attributes
    ----------
    table : DataFrame
        One row a sample: codes, times, numbers of the station, amplitudes.
    units : ndarray, shape (n,)
        Number of the shard of each sample.
    """

    def __init__(self, place: Any, split: str | None = None, cache: ShardCache | None = None, **options: Any) -> None:
        self.store: Store = open_store(place, **options)
        self.cache = cache
        self.about = self._description()
        index = self._index()
        if split is not None:
            known = sorted(index["split"].unique())
            if split not in known:
                raise DataError(f"{self.store.url} has no split {split!r}; it has {', '.join(known)}")
            index = index[index["split"] == split].reset_index(drop=True)
        self.split = split
        self._shards = {shard["name"]: shard for shard in self.about["shards"]}
        unknown = sorted(set(index["shard"]) - set(self._shards))
        if unknown:
            raise DamagedError(f"{self.store.url}: the index names {unknown[0]}, which {DESCRIPTION} does not know")
        names = list(self._shards)
        self.units = index["shard"].map({name: number for number, name in enumerate(names)}).to_numpy(np.int64)
        self._place = {name: index[name].to_numpy() for name in _PLACES}
        self.table = index.drop(columns=list(_PLACES))
        self._scale = self.table["scale"].to_numpy(np.float32) if "scale" in self.table else None
        self._files: dict[str, int] = {}
        self._process = os.getpid()

    def __len__(self) -> int:
        return len(self.table)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_files": {}, "_process": 0}

    def __del__(self) -> None:
        if getattr(self, "_process", 0) == os.getpid():
            for handle in self._files.values():
                os.close(handle)

    @property
    def fingerprint(self) -> str:
        """Changes with the content."""
        return self.about["fingerprint"] + (f"-{self.split}" if self.split else "")

    @property
    def rejected(self) -> pd.DataFrame:
        """Rejected windows: code (NET.STA.LOC.BAND), reason, count."""
        rows = [(*key.split("|"), count) for key, count in self.about["rejected"].items()]
        return pd.DataFrame(rows, columns=["code", "reason", "count"])

    def waveform(self, row: int) -> NDArray[np.float32]:
        """One window, shape (3, samples), float32; its checksum is compared with the index."""
        content = self._bytes(row, "waveform")
        values = members.array(content, self._name(row), int(self._place["waveform_crc32"][row]))
        if values.ndim != 2 or values.shape[0] != 3:
            raise DamagedError(f"{self._name(row)}: a window must have shape (3, samples); found {values.shape}")
        out = values.astype(np.float32, copy=False)
        return out * self._scale[row] if self._scale is not None else out

    def facts(self, row: int) -> dict[str, Any]:
        """The JSON beside a window, as it stands in the shard."""
        return members.facts(self._bytes(row, "facts"), self._name(row))

    def _name(self, row: int) -> str:
        return f"{self.store.url}/{self._place['shard'][row]}, sample {self._place['key'][row]}"

    def _bytes(self, row: int, part: str) -> bytes:
        name = self._place["shard"][row]
        first, size = int(self._place[f"{part}_offset"][row]), int(self._place[f"{part}_bytes"][row])
        if isinstance(self.store, LocalStore) or self.cache is not None:
            content = os.pread(self._handle(name), size, first)
        else:
            content = self.store.read(name, first, first + size)
        if len(content) != size:
            raise DamagedError(f"{self._name(row)}: {size} bytes expected at {first}; found {len(content)}. The shard "
                               "is cut off: fetch or make it again")
        return content

    def _handle(self, name: str) -> int:
        """An open file of a shard; each process has its own."""
        if self._process != os.getpid():
            self._files, self._process = {}, os.getpid()
        if name not in self._files:
            if len(self._files) >= 64:
                os.close(self._files.pop(next(iter(self._files))))
            if isinstance(self.store, LocalStore):
                path = self.store.path(name)
                self._check_size(path, self._shards[name])
            else:
                path = self.cache.fetch(self.store, self._shards[name])
            self._files[name] = os.open(path, os.O_RDONLY)
        return self._files[name]

    def _check_size(self, path: Path, shard: dict) -> None:
        if not path.is_file() or path.stat().st_size != shard["bytes"]:
            size = path.stat().st_size if path.is_file() else "no file"
            raise DamagedError(f"{path}: {shard['bytes']} bytes expected; found {size}. Make the shards again")

    def verify(self) -> list[str]:
        """Every shard against its SHA-256, one line for each that differs; empty when all is as written."""
        wrong = []
        for name, shard in self._shards.items():
            if hashlib.sha256(self.store.read(name)).hexdigest() != shard["sha256"]:
                wrong.append(f"{self.store.url}/{name} is damaged: its SHA-256 differs from {DESCRIPTION}")
        return wrong

    def _description(self) -> dict[str, Any]:
        name = f"{self.store.url}/{DESCRIPTION}"
        try:
            about = json.loads(self.store.read(DESCRIPTION))
            missing = {"shards", "fingerprint", "index_sha256", "rejected"} - set(about)
        except (ValueError, TypeError, RecursionError) as error:
            if isinstance(error, DataError):
                raise
            raise DamagedError(f"{name} is damaged ({error}); make or fetch it again") from error
        if missing:
            raise DamagedError(f"{name} lacks {', '.join(sorted(missing))}")
        for shard in about["shards"]:
            members.split_name(shard["name"], name)
            if "/" in shard["name"]:
                raise DamagedError(f"{name}: shard name {shard['name']!r} must be a plain file name")
        return about

    def _index(self) -> pd.DataFrame:
        from quakebook.data.archive.files import digest

        content, name = self.store.read(INDEX), f"{self.store.url}/{INDEX}"
        if digest(content) != self.about["index_sha256"]:
            raise DamagedError(f"{name} is damaged: its checksum differs from {DESCRIPTION}; fetch or make it again")
        index = pd.read_parquet(io.BytesIO(content))
        missing = [column for column in (*_PLACES, "split", "start_ns") if column not in index]
        if missing:
            raise DamagedError(f"{name} lacks the columns {', '.join(missing)}")
        return index
