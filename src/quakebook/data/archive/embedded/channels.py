"""From ground motion to a channel's file: the instrument, and miniSEED."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from quakebook.data.archive.embedded import instrument
from quakebook.data.archive.embedded.presets import Site

_RECORD_BYTES = 512


def to_counts(velocity: NDArray[np.float64], site: Site, factor: float = 1.0) -> NDArray[np.int32]:
    """Counts (3, n) that the station's instrument makes of a ground velocity."""
    n = velocity.shape[1]
    nfft = next_fast_len(n + int(60 * site.rate_hz), real=True)
    transfer = instrument.response(site.response, np.fft.rfftfreq(nfft, 1 / site.rate_hz), factor)
    return np.round(irfft(rfft(velocity, nfft, axis=1) * transfer, n=nfft, axis=1)[:, :n]).astype(np.int32)


def write_channel(place: Path, site: Site, component: str, start: np.datetime64, pieces: list) -> str:
    """Write the pieces (first sample, counts) of a channel's day; returns the name below `place`."""
    from obspy import Stream, Trace, UTCDateTime

    begin = UTCDateTime(str(start))
    header = {"network": site.network, "station": site.station, "location": site.location,
              "channel": site.band + component, "sampling_rate": site.rate_hz}
    stream = Stream([Trace(np.ascontiguousarray(data), header | {"starttime": begin + first / site.rate_hz})
                     for first, data in pieces])
    code = f"{site.network}{site.station:_<5}{site.band}{component}{site.location or '':_<2}"
    name = f"continuous_waveforms/{begin.year}/{begin.year}_{begin.julday:03d}/{code}_{begin.year}{begin.julday:03d}.ms"
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    stream.write(str(place / name), format="MSEED", encoding="STEIM2", reclen=_RECORD_BYTES)
    return name
