"""From pieces to one array a channel, in which missing samples are NaN; short gaps are bridged, long ones kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakebook.data.archive.errors import DamagedError

if TYPE_CHECKING:
    from obspy import Stream


@dataclass(frozen=True)
class Channel:
    """Samples of one channel on an even grid.

    Attributes
    ----------
    code : str
        NET.STA.LOC.CHA.
    start_ns : int
        Time of the first sample, ns since 1970.
    rate_hz : float
    samples : ndarray, shape (n,), float64
        NaN where there is none.
    missing : float
        Share of samples that were missing before short gaps were bridged.
    """

    code: str
    start_ns: int
    rate_hz: float
    samples: NDArray[np.float64]
    missing: float = 0.0

    @property
    def end_ns(self) -> int:
        """Time of the last sample."""
        return self.start_ns + round((len(self.samples) - 1) * 1e9 / self.rate_hz)


def assemble(stream: Stream, start_ns: int, stop_ns: int, max_gap_s: float = 1.0) -> list[Channel]:
    """Merge the pieces of each channel and keep the samples in [start, stop).

    Overlapping pieces that disagree count as missing. Gaps up to `max_gap_s` are bridged by straight lines.

    Raises
    ------
    DamagedError
        A channel changes its sampling rate, so that there is no common grid.
    """
    from obspy import UTCDateTime

    merged = stream.copy()
    try:
        merged.merge(method=0, fill_value=None)
    except Exception as error:  # ObsPy raises plain Exception here
        codes = ", ".join(sorted({trace.id for trace in stream}))
        raise DamagedError(f"pieces of {codes} do not fit together: {error}") from error
    # half a microsecond: ends are exclusive, and sample times are rounded to it
    merged.trim(UTCDateTime(ns=start_ns), UTCDateTime(ns=stop_ns - 500), nearest_sample=False)
    out = []
    for trace in sorted(merged, key=lambda trace: trace.id):
        masked = np.ma.asarray(trace.data).astype(np.float64)
        samples = masked.filled(np.nan)
        if not np.isfinite(samples).any():
            continue
        rate, missing = float(trace.stats.sampling_rate), float(np.isnan(samples).mean())
        out.append(Channel(trace.id, trace.stats.starttime.ns, rate, bridge(samples, round(max_gap_s * rate)), missing))
    return out


def bridge(samples: NDArray[np.float64], longest: int) -> NDArray[np.float64]:
    """Fill inner runs of at most `longest` NaN by straight lines; longer runs and open ends stay."""
    out = samples.copy()
    for begin, stop in runs(np.isnan(samples)):
        if begin > 0 and stop < len(samples) and stop - begin <= longest:
            out[begin:stop] = np.interp(np.arange(begin, stop), [begin - 1, stop], samples[[begin - 1, stop]])
    return out


def runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Begin and end (exclusive) of each run of True, shape (k, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return edges.reshape(-1, 2)
