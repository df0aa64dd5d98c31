"""Picks as a table: one row a pick, units in the names of the columns, times in UTC."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from quakebook.picking.continuous.stream import Segment
from quakebook.picking.continuous.triggers import Peaks

#: Columns of a table of picks. `time` is the highest sample; amplitudes are NaN where no response was given.
COLUMNS = {"trace_id": "str", "channel": "str", "phase": "str", "time": "datetime64[ns]",
           "probability": "float64", "start_time": "datetime64[ns]", "end_time": "datetime64[ns]",
           "uncertainty_s": "float64", "snr_db": "float64", "velocity_m_per_s": "float64",
           "displacement_m": "float64"}


def empty() -> pd.DataFrame:
    """A table without picks, with all columns."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})


def rows(segment: Segment, phase: str, peaks: Peaks, start_ns: int, rate_hz: float,
         snr_db: np.ndarray) -> pd.DataFrame:
    """Table of the picks of one curve.

    Parameters
    ----------
    start_ns : int
        Time of the curve's first sample, nanoseconds since 1970.
    rate_hz : float
        Sampling rate of the curve.
    """
    n = len(peaks.peak)
    times = {name: (start_ns + np.round(at * (1e9 / rate_hz)).astype(np.int64)).view("datetime64[ns]")
             for name, at in (("time", peaks.peak), ("start_time", peaks.on), ("end_time", peaks.off))}
    nothing = np.full(n, np.nan)
    table = pd.DataFrame({"trace_id": segment.trace_id, "channel": segment.channel, "phase": phase, **times,
                          "probability": peaks.height.astype(float), "uncertainty_s": peaks.width / rate_hz,
                          "snr_db": snr_db, "velocity_m_per_s": nothing, "displacement_m": nothing}, index=range(n))
    return table[list(COLUMNS)]


def join(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """One table, sorted by time, station and phase."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return empty()
    table = pd.concat(filled, ignore_index=True)
    return table.sort_values(["time", "trace_id", "channel", "phase"], kind="stable", ignore_index=True)


def inside(table: pd.DataFrame, begin: Any = None, end: Any = None) -> pd.DataFrame:
    """Picks with ``begin <= time < end``: what a chunk owns of a stream that reaches farther on both sides."""
    keep = np.ones(len(table), bool)
    if begin is not None:
        keep &= table["time"].to_numpy() >= np.datetime64(begin, "ns")
    if end is not None:
        keep &= table["time"].to_numpy() < np.datetime64(end, "ns")
    return table[keep].reset_index(drop=True)


def pick_list(table: pd.DataFrame) -> Any:
    """The table as SeisBench's ``PickList``."""
    from obspy import UTCDateTime
    from seisbench.util import Pick, PickList

    def utc(value: pd.Timestamp) -> UTCDateTime:
        return UTCDateTime(ns=value.value)

    return PickList(Pick(trace_id=row.trace_id, start_time=utc(row.start_time), end_time=utc(row.end_time),
                         peak_time=utc(row.time), peak_value=row.probability, phase=row.phase)
                    for row in table.itertuples())
