"""Streams that are shorter than a window: said in one line, and padded where a caller asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quakebook.picking.windows import LENGTH as WINDOW_SAMPLES

if TYPE_CHECKING:
    from obspy import Stream, Trace

RATE_HZ = 100.0


def _missing(trace: Trace) -> int:
    """Samples at the trace's own rate that it lacks for one window; 0 = long enough."""
    rate_hz = float(trace.stats.sampling_rate)
    return max(int(np.ceil(WINDOW_SAMPLES * rate_hz / RATE_HZ - 1e-6)) - int(trace.stats.npts), 0)


def shortage(stream: Stream) -> str:
    """One line about the traces that no window fits into; empty where there is none."""
    short = [trace for trace in stream if _missing(trace)]
    if not short:
        return ""
    first = short[0]
    return (f"{len(short)} of {len(stream)} traces are shorter than a window of {WINDOW_SAMPLES} samples at "
            f"{RATE_HZ:g} Hz and get no picks; the first, {first.id}, holds {first.stats.npts} samples at "
            f"{first.stats.sampling_rate:g} Hz (quakebook.bluedisc.networks.streams.padded extends them)")


def padded(stream: Stream) -> Stream:
    """A copy in which every trace is long enough for a window: short ones go on with their mean, so without a step.

    Raises
    ------
    ValueError
        A trace without samples.
    """
    longer = stream.copy()
    for trace in longer:
        if not trace.stats.npts:
            raise ValueError(f"{trace.id} holds no samples")
        if missing := _missing(trace):
            values = np.asarray(trace.data, dtype=float)
            trace.data = np.pad(values, (0, missing), constant_values=float(values.mean()))
    return longer
