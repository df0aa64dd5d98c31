"""Which records of a data set are asked for, and their identity; no waveform is read."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from .catalogue import open_dataset
from .content import content_hash
from .errors import DataError
from .inspection import chunk_files
from .pick_tables import checked_table
from .rates import wrong_rates
from .shapes import check_shapes
from .table_checks import nameless, oddities, wrong_lengths

if TYPE_CHECKING:
    from seisbench.data import WaveformDataset


@dataclass(frozen=True)
class Selection:
    """Records that are to be read.

    Attributes
    ----------
    dataset : WaveformDataset
    rows : ndarray
        Their positions in the data set, ascending.
    table : DataFrame
        Their metadata, sample numbers at the rate of the waveforms.
    rate_hz : float
    source, fingerprint : str
        As in `Records`.
    """

    dataset: WaveformDataset
    rows: NDArray[np.int64]
    table: pd.DataFrame
    rate_hz: float
    source: str
    fingerprint: str


def select(name_or_path: str | Path, split: str | None, limit: int | None, seed: int, require: Sequence[str],
           **kwargs: Any) -> Selection:
    """Open a data set, choose its records and check its tables; parameters as for `load_records`."""
    text = str(name_or_path)
    dataset = open_dataset(name_or_path, **{"sampling_rate": 100, "component_order": "ZNE", "dimension_order": "NCW",
                                            **kwargs})
    if problem := nameless(dataset.metadata) or wrong_lengths(dataset.metadata):
        raise DataError(f"{text}: {problem}")
    for oddity in oddities(dataset.metadata):
        logging.getLogger("quakebook").warning(f"{text}: {oddity}")
    rows = drawn(_rows_of(dataset.metadata, split, text), limit, seed)
    metadata = dataset.metadata.iloc[rows]
    if not len(rows):
        raise DataError(f"{text} holds no record with these settings")
    for member in getattr(dataset, "datasets", [dataset]):
        check_shapes(Path(member.path), member.metadata)
    if problem := wrong_rates(metadata):
        raise DataError(f"{text}: {problem}")
    rate_hz = float(dataset.sampling_rate or metadata["trace_sampling_rate_hz"].iloc[0])
    table = checked_table(_at_rate(metadata.reset_index(drop=True), rate_hz), text, require)
    parts = f"{_identity(dataset)}|{split}|{limit}|{seed if limit else 0}|{sorted(kwargs.items())}"
    return Selection(dataset, rows, table, rate_hz, text, hashlib.sha256(parts.encode()).hexdigest()[:16])


def drawn(rows: NDArray[np.int64], limit: int | None, seed: int) -> NDArray[np.int64]:
    """At most `limit` of the rows, drawn by `seed`, in their order; fewer ones are among more ones of the same seed.

    The first rows of a set would be the earliest events or the first stations, not a sample of it.
    """
    if limit is None or limit >= len(rows):
        return rows
    if limit < 0:
        raise DataError(f"the number of records must not be negative; found {limit}")
    return np.sort(np.random.default_rng(seed).permutation(rows)[:limit])


def _rows_of(metadata: pd.DataFrame, split: str | None, what: str) -> NDArray[np.int64]:
    if split is None:
        return np.arange(len(metadata))
    if "split" not in metadata or split not in set(metadata["split"]):
        names = sorted(set(metadata["split"].dropna())) if "split" in metadata else []
        raise DataError(f"{what} has no split {split!r}; it has {', '.join(names) or 'none'}")
    return np.flatnonzero(metadata["split"] == split)


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


def _identity(dataset: WaveformDataset) -> str:
    """Fingerprint of what is on disk: the contents of all files of the set."""
    folders = [Path(member.path) for member in getattr(dataset, "datasets", [dataset])]
    return "|".join(content_hash([path for pair in chunk_files(folder) for path in pair]) for folder in folders)
