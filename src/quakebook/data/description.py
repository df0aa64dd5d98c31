"""What a data folder holds, fact by fact; no waveform is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from .checksums import read_checksums
from .inspection import check_files, read_metadata
from .pick_tables import ends
from .records import SPLITS, pick_columns


def info(folder: str | Path) -> dict[str, Any]:
    """What a data folder holds: traces, splits, picks, magnitudes, channels, size in bytes, origin.

    Only numbers count: picks are those that lie inside their trace, and the range of magnitudes is that of the numbers;
    text that stands in their column is listed apart.
    """
    folder = Path(folder)
    pairs = check_files(folder)
    metadata = read_metadata(folder)
    content = read_checksums(folder) or {}
    out: dict[str, Any] = {
        "folder": str(folder), "source": content.get("source", "not written by quakebook"),
        "traces": len(metadata), "bytes": sum(path.stat().st_size for pair in pairs for path in pair)}
    out["splits"] = {name: int((metadata.get("split") == name).sum()) for name in SPLITS} if "split" in metadata else {}
    out["picks"] = {phase: sum(_picks(metadata, column) for column in pick_columns(list(metadata.columns), phase))
                    for phase in ("P", "S")}
    for column in ("trace_category", "trace_channel", "source_magnitude_type"):
        if column in metadata:
            out[column] = {str(key): int(value) for key, value in metadata[column].value_counts().items()}
    return out | _magnitudes(metadata) | {"checksums": bool(content)}


def _picks(metadata: pd.DataFrame, column: str) -> int:
    """How many values of a column are read as picks."""
    values = pd.to_numeric(metadata[column], errors="coerce")
    return int(((values >= 0) & (values < ends(metadata))).sum())


def _magnitudes(metadata: pd.DataFrame) -> dict[str, Any]:
    """Smallest and largest number in the column of magnitudes, and the text in it."""
    if "source_magnitude" not in metadata:
        return {}
    column = metadata["source_magnitude"]
    values = pd.to_numeric(column, errors="coerce")
    text = column[column.notna() & values.isna()]
    out: dict[str, Any] = {}
    if values.notna().any():
        out["source_magnitude"] = [float(values.min()), float(values.max())]
    if len(text):
        out["source_magnitude (text)"] = {str(key): int(count) for key, count in text.value_counts().items()}
    return out
