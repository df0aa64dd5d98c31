"""Read miniSEED and count: what the record headers announce must be what the decoder gives."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import pandas as pd

from quakebook.data.archive.errors import DamagedError
from quakebook.data.archive.objects.headers import samples_expected
from quakebook.data.archive.stores.contract import Store

if TYPE_CHECKING:
    from obspy import Stream


def decode(content: bytes, name: str, size_bytes: int | None = None) -> Stream:
    """Decode miniSEED.

    Parameters
    ----------
    content : bytes
    name : str
        For messages.
    size_bytes : int, optional
        What the manifest says; another length is refused.

    Raises
    ------
    DamagedError
        Cut off, not miniSEED, or fewer samples than its records announce (ObsPy warns, at most, and reads on).
    """
    from obspy import read

    if size_bytes is not None and len(content) != size_bytes:
        raise DamagedError(f"{name} holds {len(content)} bytes; the manifest says {size_bytes}. It was cut off or has "
                           "changed: fetch it again, or list the archive anew")
    expected = samples_expected(content, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # libmseed warns of damaged records and goes on
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            stream = read(io.BytesIO(content), format="MSEED")
    except Exception as error:  # libmseed's, ObsPy's and struct's errors
        raise DamagedError(f"{name} cannot be decoded: {str(error).splitlines()[0]}; fetch it again") from error
    found: dict[str, int] = {}
    for trace in stream:
        found[trace.id] = found.get(trace.id, 0) + trace.stats.npts
    for channel, samples in expected.items():
        if found.get(channel, 0) != samples:
            raise DamagedError(f"{name}: channel {channel} must have {samples} samples by its record headers; found "
                               f"{found.get(channel, 0)}. Fetch it again")
    return stream


def read_object(store: Store, rows: pd.DataFrame) -> Stream:
    """One object of a manifest, the channels of `rows` (rows with the same key) only.

    The first and last sample of each channel must be those of the manifest.
    """
    key, name = rows["key"].iloc[0], f"{store.url}/{rows['key'].iloc[0]}"
    stream = decode(store.read(key), name, int(rows["size_bytes"].iloc[0]))
    out = stream.__class__()
    for row in rows.itertuples():
        part = stream.select(row.network, row.station, row.location, row.channel)
        last = max((trace.stats.endtime.ns for trace in part), default=0)
        late_s = (row.end_time.value - last) * 1e-9
        if abs(late_s) > 0.5 / row.sampling_rate:
            channel = f"{row.network}.{row.station}.{row.location}.{row.channel}"
            what = "has no such channel" if not last else f"ends {late_s:+.3f} s from where the manifest says"
            raise DamagedError(f"{name}: {channel} {what}; list the archive anew")
        out += part
    return out
