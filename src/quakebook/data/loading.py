"""Read a whole data set, or one split of it, and refuse what cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import torch

from .catalogue import SYNTHETIC, make_synthetic
from .errors import DataError
from .inspection import chunk_files
from .pick_tables import checked_picks
from .records import Records
from .selection import Selection, select

if TYPE_CHECKING:
    from seisbench.data import WaveformDataset

    from .archive.paged import PagedWaveforms

READ_TRACES = 256
#: So many zeros in a row, in all components at the end of a trace, are filling and no quiet ground.
FILLING_SAMPLES = 100
#: Smaller sets are read from their own files each time, within seconds.
COPIED_BYTES = 32e6


def load_records(name_or_path: str | Path, split: str | None = None, limit: int | None = None,
                 require: Sequence[str] = ("P", "S"), memory_bytes: float | None = None, seed: int = 0,
               **kwargs: Any) -> Records:
    """Read a data set as `Records` at 100 Hz, components Z, N, E; one that is too big for memory stays on disk.

    A set on disk is copied once into a float32 file of the cache ($QUAKEBOOK_CACHE, `quakebook.data.archive.bigsets`):
    from it the set is read whole the next time, several times as fast as from compressed HDF5. Sets of less than
    `COPIED_BYTES` are not copied, nor those for which the cache has no room.

    Parameters
    ----------
    name_or_path : str or Path
        As for `open_dataset`; "synthetic:PRESET:N:SEED" goes straight to memory.
    split : str, optional
        train, dev or test.
    limit : int, optional
        At most so many records, drawn at random by `seed`; of synthetic ones the first.
    require : sequence of str
        Phases for which there must be a pick column.
    memory_bytes : float, optional
        Of a bigger set windows are cut from the file as they are needed. Default: $QUAKEBOOK_RECORDS_BYTES, or 40 % of
        the machine's memory.
    seed : int
        Of the draw. A smaller limit with the same seed draws some of the same records.
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
    chosen = select(name_or_path, split, limit, seed, require, **kwargs)
    blocks = _blocks(chosen.dataset, chosen.rows, chosen.table, text)
    waveforms = _waveforms(blocks, chosen, _memory_bytes() if memory_bytes is None else memory_bytes)
    return Records(waveforms, chosen.table, chosen.rate_hz, text, chosen.fingerprint)


def _waveforms(blocks: Iterator[np.ndarray], chosen: Selection, limit_bytes: float) -> torch.Tensor | PagedWaveforms:
    """From the file in the cache, which is written first where it is not there; else straight into memory."""
    from quakebook.data.archive import bigsets

    needed = _expected_bytes(chosen.dataset, chosen.table)
    if needed > limit_bytes:
        return bigsets.stored(chosen.fingerprint, blocks, needed_bytes=needed)
    if needed >= COPIED_BYTES and (bigsets.is_stored(chosen.fingerprint) or bigsets.has_room(needed)):
        return bigsets.stored(chosen.fingerprint, blocks, needed_bytes=needed).whole()
    return _joined(blocks, len(chosen.rows), _expected_samples(chosen.table))


def outline_records(name_or_path: str | Path, split: str | None = None, limit: int | None = None,
                    require: Sequence[str] = ("P", "S"), seed: int = 0, **kwargs: Any) -> Records:
    """What `load_records` would give, with waveforms of no samples (n, 3, 0): of a set on disk only tables are read.

    With it a finished run is found, and what is wrong with a table is said, before any waveform is read. Synthetic
    records are made.
    """
    if str(name_or_path).startswith(SYNTHETIC):
        made = load_records(name_or_path, split, limit, require, seed=seed)
        return replace(made, waveforms=made.waveforms[..., :0])
    chosen = select(name_or_path, split, limit, seed, require, **kwargs)
    return Records(torch.zeros(len(chosen.rows), 3, 0), chosen.table, chosen.rate_hz, chosen.source, chosen.fingerprint)


def fingerprint_of(name_or_path: str | Path, split: str | None = None, limit: int | None = None,
                   require: Sequence[str] = ("P", "S"), seed: int = 0, **kwargs: Any) -> str:
    """The fingerprint that `load_records` would give; see `outline_records`."""
    return outline_records(name_or_path, split, limit, require, seed, **kwargs).fingerprint


def _memory_bytes() -> float:
    import psutil

    return float(os.environ.get("QUAKEBOOK_RECORDS_BYTES", 0.4 * psutil.virtual_memory().total))


def _expected_samples(table: pd.DataFrame) -> int:
    """Samples of the longest trace, as far as the table says."""
    lengths = pd.to_numeric(table["trace_npts"], errors="coerce") if "trace_npts" in table else pd.Series(dtype=float)
    longest = lengths[np.isfinite(lengths)].max() if len(lengths) else 0
    return int(longest) if 0 < longest < 1e9 else 0


def _expected_bytes(dataset: WaveformDataset, table: pd.DataFrame) -> float:
    """Bytes of the waveforms in memory: from `trace_npts`, or from the size of the files where the table lacks it."""
    if "trace_npts" in table and table["trace_npts"].notna().all():
        return 12.0 * len(table) * float(table["trace_npts"].max() if len(table) else 0)
    folders = [Path(member.path) for member in getattr(dataset, "datasets", [dataset])]
    files = sum(file.stat().st_size for folder in folders for _, file in chunk_files(folder))
    return files * len(table) / max(len(dataset.metadata), 1)


def _blocks(dataset: WaveformDataset, rows: np.ndarray, table: pd.DataFrame, what: str) -> Iterator[np.ndarray]:
    """Waveforms (k, 3, samples), block by block, with every way of being unusable turned into one message."""
    longest = float(table["trace_npts"].max()) if "trace_npts" in table else np.inf
    for first in range(0, len(rows), READ_TRACES):
        part = rows[first : first + READ_TRACES]
        names = dataset.metadata["trace_name"].iloc[part]
        try:
            with np.errstate(over="ignore"):  # beyond single precision is infinite, which is refused below
                values = np.asarray(dataset.get_waveforms(idx=part.tolist()), dtype=np.float32)
        except Exception as error:  # damaged chunks, wrong trace names and wrong shapes all differ in kind
            raise DataError(f"{what}: cannot read the waveforms of {names.iloc[0]} and the {len(part) - 1} after it: "
                            f"{error}") from error
        if values.ndim != 3 or values.shape[1] != 3:
            raise DataError(f"{what}: waveforms must have shape (n, 3, samples); found {values.shape} at "
                            f"{names.iloc[0]}")
        bad = ~np.isfinite(values).all(axis=(1, 2))
        if bad.any():
            raise DataError(f"{what}: trace {names.iloc[int(bad.argmax())]} holds values that are not finite in single "
                            "precision")
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


def _joined(blocks: Iterator[np.ndarray], count: int, width: int) -> torch.Tensor:
    """All blocks in one tensor (count, 3, samples), filled in place; shorter ones are filled with zeros.

    `width` is the expected number of samples: only where a block is longer, all has to be copied once.
    """
    whole, first, longest = torch.zeros(count, 3, width), 0, 0
    for values in blocks:
        samples = values.shape[-1]
        if samples > whole.shape[-1]:
            whole = torch.nn.functional.pad(whole, (0, samples - whole.shape[-1]))
        whole[first : first + len(values), :, :samples] = torch.from_numpy(values)
        first, longest = first + len(values), max(longest, samples)
    return whole if longest == whole.shape[-1] else whole[..., :longest].contiguous()
