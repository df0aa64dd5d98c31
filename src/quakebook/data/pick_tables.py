"""Checks of the pick columns of a metadata table: present, numeric, not negative."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from .errors import DataError
from .records import Records, pick_columns


def checked_picks(records: Records, require: Sequence[str]) -> Records:
    """The same records with numbers in their pick columns; see `checked_table`."""
    return replace(records, metadata=checked_table(records.metadata, records.source, require))


def checked_table(metadata: pd.DataFrame, source: str, require: Sequence[str]) -> pd.DataFrame:
    """The same table with numbers in its pick columns.

    Negative sample numbers are a widespread way to say "no pick", and there is no wave to a pick behind the end of its
    trace (`trace_npts`, where the table has it): both become NaN, and a note says how many.

    Raises
    ------
    DataError
        A phase of `require` has no pick column, or a column holds text that is no number (column, row and text named).
    """
    columns = list(metadata.columns)
    for phase in require:
        if not pick_columns(columns, phase):
            held = [column for column in columns if column.endswith("_arrival_sample")]
            raise DataError(f"{source} has no column with {phase} picks (trace_..._arrival_sample); "
                            f"it has {', '.join(held) or 'no pick column at all'}")
    table, behind_last = metadata.copy(), ends(metadata)
    for column in (column for phase in ("P", "S") for column in pick_columns(columns, phase)):
        values = numbers(table[column], source)
        negative, behind = values < 0, values >= behind_last
        for rows, kind in ((negative, "negative values"), (behind, "values behind the end of their trace")):
            if rows.any():
                logging.getLogger("quakebook").warning(
                    f"{source}: {int(rows.sum())} {kind} in {column} are read as no pick, the first in row "
                    f"{int(rows.argmax())}: {values[rows.argmax()]:g}")
        table[column] = np.where(negative | behind, np.nan, values)
    return table


def ends(metadata: pd.DataFrame) -> np.ndarray:
    """Samples of each trace; infinite where the table does not say."""
    if "trace_npts" not in metadata:
        return np.full(len(metadata), np.inf)
    npts = pd.to_numeric(metadata["trace_npts"], errors="coerce").to_numpy(float)
    return np.where(npts >= 1, npts, np.inf)


def numbers(column: pd.Series, source: str) -> np.ndarray:
    """A column as floats; raises DataError naming the first text that is no number."""
    values = pd.to_numeric(column, errors="coerce")
    text = values.isna() & column.notna() & ~column.astype(str).str.strip().str.lower().isin(("", "nan", "none"))
    if text.any():
        row = int(np.flatnonzero(text)[0])
        raise DataError(f"{source}: column {column.name} must hold sample numbers; found {column.iloc[row]!r} in row "
                        f"{row} ({int(text.sum())} such rows)")
    return values.to_numpy(float)
