"""Look into a data folder: whether it is whole, and its tables."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from .checksums import damaged_files
from .components import WANTED, settled
from .errors import DataError
from .pick_tables import ends, numbers
from .rates import COLUMN, wrong_rates
from .records import pick_columns
from .shapes import axes_of, wrong_shapes
from .table_checks import CHUNK, nameless, oddities, wrong_lengths

_LOCATION = re.compile(r"(?P<block>[^$]+)\$(?P<position>\d+)(,.*)?")


def chunk_files(folder: Path) -> list[tuple[Path, Path]]:
    """Pairs (metadata, waveforms) of a folder; both names carry the same chunk ending."""
    found = sorted(folder.glob("metadata*.csv"))
    return [(path, folder / f"waveforms{path.stem.removeprefix('metadata')}.hdf5") for path in found]


def check_files(folder: Path) -> list[tuple[Path, Path]]:
    """The same pairs, each checked to exist and to open.

    Raises
    ------
    DataError
        Names the first file that is missing or unreadable.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder")
    pairs = chunk_files(folder)
    if not pairs:
        raise DataError(f"{folder} holds no metadata*.csv; a SeisBench data set has metadata.csv and waveforms.hdf5")
    for _, waveforms in pairs:
        if not waveforms.is_file():
            raise DataError(f"{waveforms} is missing")
        try:
            with h5py.File(waveforms, "r") as file:
                present = "data" in file
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK) and "lock" in str(error):
                raise DataError(f"{waveforms} is locked by another process that writes to it; wait for it, or set "
                                "HDF5_USE_FILE_LOCKING=FALSE to read it all the same") from error
            raise DataError(f"{waveforms} is not a readable HDF5 file, perhaps cut off: {error}") from error
        if not present:
            raise DataError(f"{waveforms} has no group `data`")
    return pairs


def read_metadata(folder: Path) -> pd.DataFrame:
    """All metadata of a folder in one table."""
    parts = []
    for path, _ in chunk_files(folder):
        try:
            part = pd.read_csv(path, low_memory=False)
        except (ValueError, OSError) as error:
            raise DataError(f"{path} is not a readable table: {error}") from error
        if "trace_name" not in part:
            raise DataError(f"{path} has no column `trace_name`; its columns are {', '.join(map(str, part.columns))}")
        parts.append(part.assign(**{CHUNK: path.stem.removeprefix("metadata")}))
    return pd.concat(parts, ignore_index=True)


def verify(folder: str | Path) -> list[str]:
    """Everything that is wrong with a data folder, one line each; empty when it is whole.

    Reads every sample: checksums of the files, the checksum of every chunk, shapes, finite values, picks inside their
    trace, and that no event lies in two splits.
    """
    folder = Path(folder)
    try:
        problems = damaged_files(folder)
        pairs = check_files(folder)
        metadata = read_metadata(folder)
    except DataError as error:
        return [str(error)]
    problems += _unlisted_chunks(folder, [path for path, _ in pairs])
    for path, waveforms in pairs:
        rows = pd.read_csv(path, low_memory=False)
        problems += [*_waveform_problems(waveforms, rows), *wrong_shapes(waveforms, rows)]
    return problems + list(_metadata_problems(metadata))


def _unlisted_chunks(folder: Path, tables: list[Path]) -> Iterator[str]:
    """Where the file ``chunks``, by which SeisBench goes, and the tables of the folder differ."""
    path = folder / "chunks"
    if not path.is_file():
        return
    listed = {f"metadata{line.strip()}.csv" for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}
    present = {table.name for table in tables}
    for name in sorted(listed - present):
        yield f"{path} lists a chunk whose table {name} is missing"
    for name in sorted(present - listed):
        yield f"{path} does not list the chunk of {name}: SeisBench leaves it out"


def _waveform_problems(path: Path, metadata: pd.DataFrame) -> list[str]:
    problems = []
    with h5py.File(path, "r") as file:
        blocks, axes = file["data"], axes_of(file)
        for name, rows in metadata.groupby(metadata["trace_name"].astype(str).str.split("$").str[0]):
            if name not in blocks:
                problems.append(f"{path}: block {name!r} of {len(rows)} traces is missing")
                continue
            try:
                values = blocks[name][()]
            except OSError as error:
                problems.append(f"{path}: block {name!r} cannot be read ({error})")
                continue
            positions = [int(m["position"]) for m in map(_LOCATION.fullmatch, rows["trace_name"].astype(str)) if m]
            if positions and max(positions) >= len(values):
                problems.append(f"{path}: block {name!r} has {len(values)} traces; the metadata names number "
                                f"{max(positions)}")
            with np.errstate(over="ignore"):
                if not np.isfinite(values.astype(np.float32)).all():
                    problems.append(f"{path}: block {name!r} holds values that are not finite in single precision")
            problems += _too_long(f"{path}: block {name!r}", values.shape, axes, rows)
    return problems


def _too_long(block: str, shape: tuple[int, ...], axes: str, rows: pd.DataFrame) -> Iterator[str]:
    """Traces that have more samples by their table than in their array; shorter ones are filled up in a block."""
    if "trace_npts" not in rows or "W" not in axes or len(shape) < 2:
        return
    stored, told = shape[axes.index("W") - 2], pd.to_numeric(rows["trace_npts"], errors="coerce").max()
    if told > stored:
        yield f"{block} has traces of {stored} samples; trace_npts says {told:g}"


def _metadata_problems(metadata: pd.DataFrame) -> Iterator[str]:
    columns = list(metadata.columns)
    if not len(metadata):
        yield "the tables hold no trace"
    for phase in ("P", "S"):
        if not pick_columns(columns, phase):
            yield f"no column trace_..._arrival_sample for {phase} picks"
    if "trace_component_order" in columns:
        for order, count in metadata["trace_component_order"].fillna("").astype(str).value_counts().items():
            if lacking := [letter for letter in WANTED if letter not in settled(order)]:
                yield f"{count} traces with the components {order or 'none'} lack {', '.join(lacking)}"
    if COLUMN in columns and (problem := wrong_rates(metadata)):
        yield problem
    yield from filter(None, (nameless(metadata), wrong_lengths(metadata)))
    yield from oddities(metadata.dropna(subset=["trace_name"]))
    if "trace_npts" in metadata:
        behind_last = ends(metadata)
        for column in pick_columns(columns, "P") + pick_columns(columns, "S"):
            try:
                values = numbers(metadata[column], "metadata")
            except DataError as error:
                yield str(error)
                continue
            outside = (values < 0) | (values >= behind_last)
            if outside.any():
                row = int(outside.argmax())
                yield (f"{int(outside.sum())} values of {column} lie outside their trace, the first in row {row}: "
                       f"{values[row]:g} of {behind_last[row]:g} samples")
