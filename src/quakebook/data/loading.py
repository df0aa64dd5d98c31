"""Read a whole data set, or one split of it, and refuse what cannot be used."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import torch
from pandas.api.types import is_numeric_dtype

from .catalogue import SYNTHETIC, make_synthetic, open_dataset
from .content import content_hash
from .errors import DataError
from .inspection import chunk_files
from .pick_tables import checked_picks
from .records import Records
from .shapes import check_shapes

if TYPE_CHECKING:
    from seisbench.data import WaveformDataset

READ_TRACES = 256
#: So many zeros in a row, in all components at the end of a trace, are filling and no quiet ground.
FILLING_SAMPLES = 100


def load_records(name_or_path: str | Path, split: str | None = None, limit: int | None = None,
                 require: Sequence[str] = ("P", "S"), memory_bytes: float | None = None, **kwargs: Any) -> Records:
    """Read a data set as `Records` at 100 Hz, components Z, N, E; one that is too big for memory stays on disk.

    Parameters
    ----------
    name_or_path : str or Path
        As for `open_dataset`; "synthetic:PRESET:N:SEED" goes straight to memory.
    split : str, optional
        train, dev or test.
    limit : int, optional
        Only the first records.
    require : sequence of str
        Phases for which there must be a pick column.
    memory_bytes : float, optional
        A bigger set is copied once into a file of the cache ($QUAKEBOOK_CACHE), from which windows are cut as they are
        needed (`quakebook.data.archive.bigsets`). Default: $QUAKEBOOK_RECORDS_BYTES, or 40 % of the machine's memory.
    **kwargs
        For `open_dataset`.

    Raises
    ------
    DataError
        A missing pick column, a value that is not finite, a wrong shape, or anything `open_dataset` raises.
    """
    text = str(name_or_path)
    if text.startswith(SYNTHETIC):
        records = make_synthetic(text)
        records = records if split is None else records.split(split)
        return checked_picks(records if limit is None else records.subset(slice(limit)), require)
    dataset = open_dataset(name_or_path, **{"sampling_rate": 100, "component_order": "ZNE", "dimension_order": "NCW",
                                            **kwargs})
    metadata = dataset.metadata
    if split is not None:
        if "split" not in metadata or split not in set(metadata["split"]):
            found = sorted(set(metadata["split"].dropna())) if "split" in metadata else []
            raise DataError(f"{text} has no split {split!r}; it has {', '.join(found) or 'none'}")
        metadata = metadata[metadata["split"] == split]
    metadata = metadata.iloc[:limit]
    rows = np.flatnonzero(dataset.metadata.index.isin(metadata.index))
    for member in getattr(dataset, "datasets", [dataset]):
        check_shapes(Path(member.path), member.metadata)
    identity = hashlib.sha256(f"{_identity(dataset)}|{split}|{limit}|{sorted(kwargs.items())}".encode())
    fingerprint = identity.hexdigest()[:16]
    rate_hz = float(dataset.sampling_rate or metadata["trace_sampling_rate_hz"].iloc[0])
    table = _at_rate(metadata.reset_index(drop=True), rate_hz)
    limit_bytes = _memory_bytes() if memory_bytes is None else memory_bytes
    blocks = _blocks(dataset, rows, table, text)
    if _expected_bytes(dataset, table) > limit_bytes:
        from quakebook.data.archive.bigsets import stored

        waveforms = stored(fingerprint, blocks)
    else:
        waveforms = _joined(blocks)
    return checked_picks(Records(waveforms, table, rate_hz, text, fingerprint), require)


def _memory_bytes() -> float:
    import psutil

    return float(os.environ.get("QUAKEBOOK_RECORDS_BYTES", 0.4 * psutil.virtual_memory().total))


def _expected_bytes(dataset: WaveformDataset, table: pd.DataFrame) -> float:
    """Bytes of the waveforms in memory: from `trace_npts`, or from the size of the files where the table lacks it."""
    if "trace_npts" in table and table["trace_npts"].notna().all():
        return 12.0 * len(table) * float(table["trace_npts"].max() if len(table) else 0)
    folders = [Path(member.path) for member in getattr(dataset, "datasets", [dataset])]
    files = sum(file.stat().st_size for folder in folders for _, file in chunk_files(folder))
    return files * len(table) / max(len(dataset.metadata), 1)


def _at_rate(metadata: pd.DataFrame, rate_hz: float) -> pd.DataFrame:
    """Sample numbers at the rate of the waveforms: SeisBench resamples those, but leaves its table as it was."""
    factor = rate_hz / metadata["trace_sampling_rate_hz"].to_numpy(float)
    if (factor == 1).all():
        return metadata
    numbers = [column for column in metadata if column.endswith("_sample") and is_numeric_dtype(metadata[column])]
    scaled = metadata.assign(**{column: metadata[column] * factor for column in numbers})
    scaled["trace_sampling_rate_hz"] = rate_hz
    if "trace_npts" in scaled:
        scaled["trace_npts"] = np.round(scaled["trace_npts"].to_numpy() * factor)
    return scaled


def _blocks(dataset: WaveformDataset, rows: np.ndarray, table: pd.DataFrame, what: str) -> Iterator[np.ndarray]:
    """Waveforms (k, 3, samples), block by block, with every way of being unusable turned into one message."""
    if not len(rows):
        raise DataError(f"{what} holds no record with these settings")
    longest = float(table["trace_npts"].max()) if "trace_npts" in table else np.inf
    for first in range(0, len(rows), READ_TRACES):
        part = rows[first : first + READ_TRACES]
        names = dataset.metadata["trace_name"].iloc[part]
        try:
            values = np.asarray(dataset.get_waveforms(idx=part.tolist()), dtype=np.float32)
        except Exception as error:  # damaged chunks, wrong trace names and wrong shapes all differ in kind
            raise DataError(f"{what}: cannot read the waveforms of {names.iloc[0]} and the {len(part) - 1} after it: "
                            f"{error}") from error
        if values.ndim != 3 or values.shape[1] != 3:
            raise DataError(f"{what}: waveforms must have shape (n, 3, samples); found {values.shape} at "
                            f"{names.iloc[0]}")
        bad = ~np.isfinite(values).all(axis=(1, 2))
        if bad.any():
            raise DataError(f"{what}: trace {names.iloc[int(bad.argmax())]} holds values that are not finite")
        yield _without_mean(values, table.iloc[first : first + READ_TRACES], longest)


def _without_mean(values: np.ndarray, rows: pd.DataFrame, longest: float) -> np.ndarray:
    """Traces (k, 3, samples) shorter than the longest of the set, without their mean; SeisBench's filling stays zero.

    Raw counts carry an offset of thousands: left in, it would make a step where shorter traces are filled with zeros.
    Where the table does not say how long traces are, or too long, zeros at their end tell.
    """
    width = values.shape[-1]
    lengths = rows["trace_npts"].to_numpy(float) if "trace_npts" in rows else np.full(len(rows), float(width))
    filled = np.flip((values != 0).any(axis=1), axis=-1).argmax(axis=-1)  # zeros at the end, in all components
    filled = np.where(filled >= FILLING_SAMPLES, filled, 0)
    lengths = np.minimum(np.where(lengths >= 1, lengths, width), width - filled)[:, None, None].clip(1)
    inside = np.arange(width) < lengths
    mean = (values * inside).sum(axis=-1, keepdims=True, dtype=np.float64) / lengths
    return np.where(inside & (lengths < longest), values - mean, values * inside).astype(np.float32)


def _joined(blocks: Iterator[np.ndarray]) -> torch.Tensor:
    """All blocks in one tensor; shorter ones are filled with zeros."""
    parts = [torch.from_numpy(values) for values in blocks]
    longest = max(part.shape[-1] for part in parts)
    return torch.cat([torch.nn.functional.pad(part, (0, longest - part.shape[-1])) for part in parts])


def _identity(dataset: WaveformDataset) -> str:
    """Fingerprint of what is on disk: the contents of all files of the set."""
    folders = [Path(member.path) for member in getattr(dataset, "datasets", [dataset])]
    return "|".join(content_hash([path for pair in chunk_files(folder) for path in pair]) for folder in folders)


