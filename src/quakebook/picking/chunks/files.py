"""Files that are whole or absent, and tables in three formats."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd


@contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """A temporary path in the same folder; it becomes `path` when the block ends well and is removed when not."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_picks(path: str | Path) -> pd.DataFrame:
    """A table of picks from Parquet or CSV, with the kinds of `table.COLUMNS`."""
    from quakebook.picking.continuous.table import COLUMNS

    path = Path(path)
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, keep_default_na=False,
                                                                                na_values=[""], dtype={"channel": str})
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise ValueError(f"{path} is no table of picks: it lacks the columns {', '.join(missing)}")
    for name, kind in COLUMNS.items():
        if kind.startswith("datetime"):
            table[name] = pd.to_datetime(table[name], format="ISO8601").astype(kind)
        elif kind == "str":
            table[name] = table[name].fillna("").astype(str)
        else:
            table[name] = table[name].astype(kind)
    return table
