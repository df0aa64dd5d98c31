"""Put the picks of all chunks into one file, and write the summary last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from quakebook.picking.chunks.files import whole
from quakebook.picking.chunks.plan import FAILED, SUMMARY, Plan
from quakebook.picking.chunks.worker import output_of
from quakebook.picking.continuous.table import COLUMNS

SCHEMA = pa.schema([(name, {"str": pa.string(), "float64": pa.float64()}.get(kind, pa.timestamp("ns")))
                    for name, kind in COLUMNS.items()])


def missing(folder: str | Path) -> list[str]:
    """Names of chunks whose output is not there yet."""
    folder = Path(folder)
    return [name for name in Plan.load(folder).names() if not output_of(folder, name).is_file()]


def collect(folder: str | Path) -> dict[str, Any] | None:
    """Write ``picks.parquet`` and, after it, ``summary.json``; None while chunks are missing.

    Memory is bounded by the largest chunk. Several workers may come here at once: they write the same.

    Returns
    -------
    dict or None
        What the summary says: settings, chunks, picks of each phase, file.
    """
    folder = Path(folder)
    names = list(Plan.load(folder).names())
    if any(not output_of(folder, name).is_file() for name in names):
        return None
    counts: dict[str, int] = {}
    with whole(folder / "picks.parquet") as part, pq.ParquetWriter(part, SCHEMA, compression="zstd") as writer:
        for name in names:
            table = pq.read_table(output_of(folder, name))
            writer.write_table(table.select(list(COLUMNS)).cast(SCHEMA))
            for phase, count in table["phase"].to_pandas().value_counts().items():
                counts[phase] = counts.get(phase, 0) + int(count)
    summary = {"settings": Plan.load(folder).settings, "chunks": len(names), "picks": dict(sorted(counts.items())),
               "file": "picks.parquet"}
    with whole(folder / SUMMARY) as part:
        part.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def failures(folder: str | Path) -> dict[str, str]:
    """Chunks that failed, and why."""
    files = sorted((Path(folder) / FAILED).glob("*.txt"))
    return {path.stem: path.read_text(encoding="utf-8").strip() for path in files}
