"""Bring a set of shards elsewhere, or take in tar files that others wrote."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from quakebook.data.archive.errors import DamagedError, StoreError
from quakebook.data.archive.files import digest, whole, write_json
from quakebook.data.archive.shards import members
from quakebook.data.archive.shards.reader import DESCRIPTION, INDEX, ShardSet
from quakebook.data.archive.stores.contract import Store
from quakebook.data.checksums import sha256


def publish(shards: ShardSet, store: Store) -> int:
    """Copy a set to another store: shards first, then the index, the description last; returns the objects written.

    Shards that are there already, by name and size, are not sent again.
    """
    present = {item.key: item.size_bytes for item in store.list("")}
    count = 0
    for shard in shards.about["shards"]:
        if present.get(shard["name"]) != shard["bytes"]:
            store.write(shard["name"], shards.store.read(shard["name"]))
            count += 1
    for name in (INDEX, DESCRIPTION):
        store.write(name, shards.store.read(name))
        count += 1
    return count


def adopt(folder: str | Path, split: str = "train", paths: Sequence[str | Path] = ()) -> ShardSet:
    """Make an index for tar shards of WebDataset's layout that lie in a folder, so that they open like ours.

    Parameters
    ----------
    folder : str or Path
        Gets ``index.parquet`` and ``shards.json``; the tar files stay as they are.
    split : str
        That the samples are said to belong to.
    paths : sequence
        The tar files; default: all in the folder.

    Raises
    ------
    DamagedError
        An unsafe name, a pickle, or a file that is cut off: nothing is written.
    """
    folder = Path(folder)
    files = [Path(path) for path in paths] or sorted(folder.glob("*.tar"))
    if not files:
        raise StoreError(f"there is no .tar file in {folder}")
    tables, about = [], []
    for file in files:
        table = _with_facts(file, members.index_tar(file)).assign(shard=file.name, split=split)
        tables.append(table)
        about.append({"name": file.name, "sha256": sha256(file), "bytes": file.stat().st_size, "samples": len(table),
                      "split": split})
    with whole(folder / INDEX) as part:
        pd.concat(tables, ignore_index=True).to_parquet(part, index=False)
    write_json(folder / DESCRIPTION, {
        "format": 0, "shards": about, "rejected": {}, "damaged": [], "settings": {},
        "index_sha256": digest((folder / INDEX).read_bytes()),
        "fingerprint": digest([shard["sha256"] for shard in about])})
    return ShardSet(folder)


def _with_facts(file: Path, table: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    with file.open("rb") as handle:
        for row in table.to_dict("records"):
            parts = {}
            for name in ("waveform", "facts"):
                handle.seek(row[f"{name}_offset"])
                parts[name] = handle.read(row[f"{name}_bytes"]) if row[f"{name}_bytes"] else b""
            values = members.array(parts["waveform"], f"{file}, {row['key']}")
            if values.ndim != 2 or values.shape[0] != 3 or values.dtype.kind not in "fiu":
                raise DamagedError(f"{file}, {row['key']}: a window must be numbers of shape (3, samples); found "
                                   f"{values.dtype} {values.shape}")
            facts = members.facts(parts["facts"], f"{file}, {row['key']}") if parts["facts"] else {}
            crc = {f"{name}_crc32": zlib.crc32(content) for name, content in parts.items()}
            rows.append({"start_ns": 0} | {name: value for name, value in facts.items() if name not in row} | row | crc)
    return pd.DataFrame(rows)
