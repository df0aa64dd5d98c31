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
    """The same records with numbers in their pick columns.

    Negative sample numbers are a widespread way to say "no pick": they become NaN, and a note says how many.

    Raises
    ------
    DataError
        A phase of `require` has no pick column, or a column holds text that is no number (column, row and text named).
    """
    columns = list(records.metadata.columns)
    for phase in require:
        if not pick_columns(columns, phase):
            held = [column for column in columns if column.endswith("_arrival_sample")]
            raise DataError(f"{records.source} has no column with {phase} picks (trace_..._arrival_sample); "
                            f"it has {', '.join(held) or 'no pick column at all'}")
    table = records.metadata.copy()
    for column in (column for phase in ("P", "S") for column in pick_columns(columns, phase)):
        values = numbers(table[column], records.source)
        negative = values < 0
        if negative.any():
            logging.getLogger("quakebook").warning(
                f"{records.source}: {int(negative.sum())} negative values of {column} are read as no pick")
        table[column] = np.where(negative, np.nan, values)
    return replace(records, metadata=table)


def numbers(column: pd.Series, source: str) -> np.ndarray:
    """A column as floats; raises DataError naming the first text that is no number."""
    values = pd.to_numeric(column, errors="coerce")
    text = values.isna() & column.notna() & ~column.astype(str).str.strip().str.lower().isin(("", "nan", "none"))
    if text.any():
        row = int(np.flatnonzero(text)[0])
        raise DataError(f"{source}: column {column.name} must hold sample numbers; found {column.iloc[row]!r} in row "
                        f"{row} ({int(text.sum())} such rows)")
    return values.to_numpy(float)
