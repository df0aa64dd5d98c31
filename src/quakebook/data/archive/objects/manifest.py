"""The manifest: a table with one row for each object and channel of an archive.

Times come from the first and the last record of an object, by two ranged requests; only objects that hold several
channels are read whole. Work that is done is kept beside the output, so that a stopped listing goes on where it was,
and a second listing asks only for what is new or changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pandas as pd

from quakebook.data.archive.errors import DamagedError, StoreError
from quakebook.data.archive.files import digest
from quakebook.data.archive.objects.headers import HEAD_BYTES, Span, ends, information, spans
from quakebook.data.archive.objects.layouts import Layout
from quakebook.data.archive.objects.listing import Wish, listed
from quakebook.data.archive.stores.contract import Store, StoredObject
from quakebook.data.archive.tables import MANIFEST_SCHEMA, read_table, write_table

#: Objects whose rows are written together while a listing is under way.
PART_OBJECTS = 200
_SAME = ("key", "size_bytes", "etag")


@dataclass
class Listing:
    """What `build_manifest` did.

    Attributes
    ----------
    path : Path
        The manifest.
    objects, reused, rows : int
        Objects that match; those of them whose rows were known already; rows written.
    problems : list of str
        Objects that are no whole miniSEED, one line each; they are not in the manifest.
    """

    path: Path
    objects: int = 0
    reused: int = 0
    rows: int = 0
    problems: list[str] = field(default_factory=list)


def build_manifest(store: Store, output: str | Path, wish: Wish | None = None, *, workers: int = 8,
                   kind: str = "parquet", tell: Callable[[str], None] = lambda line: None) -> Listing:
    """List an archive into a manifest.

    Parameters
    ----------
    store : Store
    output : str or Path
        Written whole at the end. Where it exists, unchanged objects are taken from it.
    wish : Wish, optional
        Which objects.
    workers : int
        Requests at a time.
    kind : {"parquet", "csv", "json"}
    tell : callable
        Gets a line now and then.

    Raises
    ------
    StoreError
        Nothing matches (no file is written then), or an object cannot be fetched: run again to go on.
    """
    output, wish = Path(output), wish or Wish()
    layout, objects = listed(store, wish)
    parts = output.with_name(f".{output.name}.parts")
    known = _known(output, parts)
    out, tables = Listing(output), []
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for block in _blocks(objects, PART_OBJECTS):
            new = [item for item in block if _tag(item) not in known]
            tables += [known[_tag(item)] for item in block if _tag(item) in known]
            rows = [row for answer in pool.map(lambda item: _rows(store, item, layout), new) for row in
                    (answer if isinstance(answer, list) else out.problems.append(answer) or [])]
            out.objects, out.reused = out.objects + len(block), out.reused + len(block) - len(new)
            if rows:
                tables.append(pd.DataFrame(rows))
                write_table(tables[-1], parts / f"{digest([row['key'] for row in rows])}.parquet", MANIFEST_SCHEMA)
            tell(f"{out.objects} objects, {out.reused} of them known")
    table = wish.of_rows(pd.concat(tables, ignore_index=True)) if tables else pd.DataFrame()
    if table.empty:
        shutil.rmtree(parts, ignore_errors=True)
        why = f"; {len(out.problems)} objects are no whole miniSEED, first: {out.problems[0]}" if out.problems else ""
        raise StoreError(f"{store.url}: nothing matches {wish}{why}. No manifest was written")
    table = table.sort_values(["network", "station", "location", "channel", "start_time", "key"], ignore_index=True)
    write_table(table, output, MANIFEST_SCHEMA, kind)
    shutil.rmtree(parts, ignore_errors=True)
    out.rows = len(table)
    return out


def read_manifest(path: str | Path) -> pd.DataFrame:
    """A manifest as a table."""
    return read_table(path, MANIFEST_SCHEMA)


def _tag(item: StoredObject) -> tuple:
    return item.key, item.size_bytes, item.etag


def _known(output: Path, parts: Path) -> dict[tuple, pd.DataFrame]:
    """Rows of an earlier manifest and of a stopped listing, by key, size and tag."""
    tables = [read_table(output, MANIFEST_SCHEMA)] if output.is_file() else []
    tables += [read_table(part, MANIFEST_SCHEMA) for part in sorted(parts.glob("*.parquet"))]
    if not tables:
        return {}
    return dict(iter(pd.concat(tables, ignore_index=True).drop_duplicates([*_SAME, "channel", "location"]).groupby(
        list(_SAME), sort=False)))


def _blocks(items: Iterable[StoredObject], size: int) -> Iterator[list[StoredObject]]:
    iterator = iter(items)
    while block := list(islice(iterator, size)):
        yield block


def _rows(store: Store, item: StoredObject, layout: Layout) -> list[dict] | str:
    """Rows of one object, or the line that says why there are none."""
    name = f"{store.url}/{item.key}"
    try:
        if item.size_bytes == 0:
            raise DamagedError(f"{name} is empty")
        found = _spans(store, item, layout, name)
    except DamagedError as error:
        return str(error)
    return [_row(store, item, layout, span) for span in found]


def _spans(store: Store, item: StoredObject, layout: Layout, name: str) -> list[Span]:
    head = store.read(item.key, 0, HEAD_BYTES)
    if layout.many_channels and layout.name != "generic":
        return spans(store.read(item.key), name)
    length = information(head, name)["record_length"]
    if item.size_bytes % length:
        raise DamagedError(f"{name} is cut off: {item.size_bytes} bytes are not whole records of {length} bytes")
    try:
        return [ends(head, store.read(item.key, -length), name)]
    except DamagedError:
        if layout.name != "generic":
            raise
        return spans(store.read(item.key), name)  # several channels in one file


def _row(store: Store, item: StoredObject, layout: Layout, span: Span) -> dict:
    start, end = (pd.Timestamp(value, unit="ns", tz="UTC") for value in (span.start_ns, span.end_ns))
    return {"key": item.key, "bucket": store.url, "size_bytes": item.size_bytes, "etag": item.etag,
            "layout": layout.name, "network": span.network, "station": span.station, "location": span.location,
            "channel": span.channel, "year": start.year, "doy": start.day_of_year, "start_time": start, "end_time": end,
            "sampling_rate": span.sampling_rate_hz, "npts": span.samples, "record_length": span.record_length,
            "source": "header"}
