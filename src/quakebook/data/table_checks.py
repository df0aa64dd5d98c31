"""What is odd in a metadata table: names that are empty or stand twice, lengths, S before P, splits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from .records import PICK_COLUMN, SPLITS, pick_columns

CHUNK = "trace_chunk"  # as SeisBench calls it: trace names are unique within a chunk only


def nameless(metadata: pd.DataFrame) -> str | None:
    """Rows without a trace name; SeisBench would read the trace called "nan" for each of them.

    Examples
    --------
    >>> nameless(pd.DataFrame({"trace_name": ["a", None]}))
    'column trace_name must hold a name in every row; found nothing, NA, null or nan in row 1 (1 such rows)'
    """
    rows = np.flatnonzero(metadata["trace_name"].isna())
    if not len(rows):
        return None
    return (f"column trace_name must hold a name in every row; found nothing, NA, null or nan in row {rows[0]} "
            f"({len(rows)} such rows)")


def wrong_lengths(metadata: pd.DataFrame) -> str | None:
    """Rows whose number of samples is text or infinite; an empty one means that the table does not say.

    Examples
    --------
    >>> wrong_lengths(pd.DataFrame({"trace_npts": [6000, "long", None]}))
    'column trace_npts must hold numbers of samples; found long in row 1 (1 such rows)'
    """
    if "trace_npts" not in metadata:
        return None
    column = metadata["trace_npts"]
    rows = np.flatnonzero(column.notna() & ~np.isfinite(pd.to_numeric(column, errors="coerce").to_numpy(float)))
    if not len(rows):
        return None
    return (f"column trace_npts must hold numbers of samples; found {column.iloc[rows[0]]} in row {rows[0]} "
            f"({len(rows)} such rows)")


def oddities(metadata: pd.DataFrame) -> Iterator[str]:
    """One line for each kind of rows that can be read, but may not be meant.

    Parameters
    ----------
    metadata : DataFrame
        SeisBench column names; sample numbers may still be text.
    """
    key = [name for name in ("trace_name", CHUNK) if name in metadata]
    twice = metadata.duplicated(key).to_numpy()
    if twice.any():
        yield (f"trace name {metadata['trace_name'].iloc[int(twice.argmax())]!r} stands twice, the second time in row "
               f"{int(twice.argmax())} ({int(twice.sum())} such rows)")
    yield from _s_before_p(metadata)
    yield from _misspelt_splits(metadata)
    if {"source_id", "split"} <= set(metadata):
        shared = metadata.dropna(subset=["source_id"]).groupby("source_id")["split"].nunique()
        if (shared > 1).any():
            yield (f"event {shared.index[shared > 1][0]} lies in more than one split ({int((shared > 1).sum())} such "
                   "events)")


def _misspelt_splits(metadata: pd.DataFrame) -> Iterator[str]:
    """Names of splits that differ from the known ones by case or blanks only: their records belong to none."""
    if "split" not in metadata:
        return
    words = metadata["split"].astype(str)
    rows = np.flatnonzero(~words.isin(SPLITS) & words.str.strip().str.lower().isin(SPLITS))
    if len(rows):
        yield (f"split {words.iloc[rows[0]]!r} in row {rows[0]} is none of {', '.join(SPLITS)}, and its records are "
               f"left out ({len(rows)} such rows)")


def _s_before_p(metadata: pd.DataFrame) -> Iterator[str]:
    """Columns of one arrival, such as trace_Pg and trace_Sg, of which S has the smaller number."""
    columns = list(metadata.columns)
    for p_column in pick_columns(columns, "P"):
        s_column = _partner(p_column)
        if s_column not in columns:
            continue
        p, s = (pd.to_numeric(metadata[name], errors="coerce").to_numpy(float) for name in (p_column, s_column))
        early = (s >= 0) & (s < p)  # NaN compares false, and a negative number means no pick
        if early.any():
            row = int(early.argmax())
            yield (f"{s_column} comes before {p_column} in row {row}: {s[row]:g} and {p[row]:g} ({int(early.sum())} "
                   "such rows)")


def _partner(p_column: str) -> str:
    """``trace_Pg_arrival_sample`` -> ``trace_Sg_arrival_sample``."""
    match = PICK_COLUMN.fullmatch(p_column)
    name = match.group(1) if match else ""
    swapped = re.sub("[pP]", lambda found: "s" if found.group() == "p" else "S", name, count=1)
    return f"trace_{swapped}_arrival_sample"
