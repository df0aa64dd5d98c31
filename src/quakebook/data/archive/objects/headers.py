"""miniSEED record headers: what an object holds and how many samples it must give, without decoding it.

Fixed header of data records, SEED 2.4 manual, chapter 8; the blockette 1000 gives the record length.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from quakebook.data.archive.errors import DamagedError

#: The first request of an object; the header of its first record lies inside.
HEAD_BYTES = 4096
_FIELDS = [("sequence", "S6"), ("quality", "S1"), ("reserved", "S1"), ("station", "S5"), ("location", "S2"),
           ("channel", "S3"), ("network", "S2"), ("year", ">u2"), ("doy", ">u2"), ("hour", "u1"), ("minute", "u1"),
           ("second", "u1"), ("unused", "u1"), ("fraction", ">u2"), ("samples", ">u2"), ("factor", ">i2"),
           ("multiplier", ">i2"), ("activity", "u1"), ("io", "u1"), ("data_quality", "u1"), ("blockettes", "u1"),
           ("correction", ">i4"), ("data_offset", ">u2"), ("blockette_offset", ">u2")]
_HEADER = np.dtype(_FIELDS)
_CODES = ("network", "station", "location", "channel")


@dataclass(frozen=True)
class Span:
    """One channel's part of an object: codes, first and last sample (ns since 1970), rate, samples in its records."""

    network: str
    station: str
    location: str
    channel: str
    start_ns: int
    end_ns: int
    sampling_rate_hz: float
    samples: int
    record_length: int


def information(head: bytes, name: str) -> dict:
    """ObsPy's reading of the first record in `head`; refuses what is not miniSEED."""
    from obspy.io.mseed import ObsPyMSEEDError
    from obspy.io.mseed.util import get_record_information

    try:
        return get_record_information(io.BytesIO(head))
    except (ObsPyMSEEDError, ValueError, TypeError, IndexError, KeyError, OSError, ArithmeticError) as error:
        raise DamagedError(f"{name}: its first {len(head)} bytes are no miniSEED record ({error or 'unknown form'})"
                           ) from error
    except Exception as error:  # struct.error and others of a short head
        raise DamagedError(f"{name}: its first {len(head)} bytes are no miniSEED record ({error})") from error


def ends(head: bytes, tail: bytes, name: str) -> Span:
    """The span of a one-channel object from its first and its last record."""
    first = information(head, name)
    last = information(tail[-first["record_length"]:], name)
    for code in _CODES:
        if first[code] != last[code]:
            raise DamagedError(f"{name} begins with {code} {first[code]!r} and ends with {last[code]!r}: it holds "
                               "several channels; list it with --layout generic")
    start, end = first["starttime"].ns, last["endtime"].ns
    rate = float(first["samp_rate"])
    return Span(*(first[code] for code in _CODES), start, end, rate, round((end - start) * 1e-9 * rate) + 1,
                first["record_length"])


def _headers(content: bytes, name: str) -> tuple[np.ndarray, int]:
    """The fixed header of each record, and the length of a record; a last record that is cut off is refused."""
    length = information(content[:HEAD_BYTES], name)["record_length"]
    whole, rest = divmod(len(content), length)
    if rest:
        raise DamagedError(f"{name} is cut off: {len(content)} bytes are {whole} records of {length} bytes and {rest} "
                           "bytes more; fetch it again")
    strided = np.frombuffer(content, np.uint8).reshape(whole, length)[:, : _HEADER.itemsize]
    header = np.ascontiguousarray(strided).view(_HEADER)[:, 0]
    little = header.view(_HEADER.newbyteorder("<"))
    swapped = (header["year"] < 1900) | (header["year"] > 2100)
    return (little if swapped.all() else np.where(swapped, little.astype(_HEADER), header)), length


def scan(content: bytes, name: str) -> pd.DataFrame:
    """Headers of all records: codes, start_ns, sampling_rate_hz, samples, one row a record.

    Raises
    ------
    DamagedError
        No miniSEED, or the last record is cut off.
    """
    header, length = _headers(content, name)
    number = {name: header[name].astype(np.int64) for name in (
        "year", "doy", "hour", "minute", "second", "fraction", "activity", "correction", "samples")}
    day = (number["year"] - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    seconds = ((day + number["doy"] - 1) * 24 + number["hour"]) * 3600 + number["minute"] * 60 + number["second"]
    tenths_ms = number["fraction"] + np.where(number["activity"] & 2, 0, number["correction"])
    start = seconds * 10**9 + tenths_ms * 10**5
    table = pd.DataFrame({code: _words(header[code]) for code in _CODES})
    return table.assign(start_ns=start, samples=number["samples"], record_length=length,
                        sampling_rate_hz=_rate(header["factor"].astype(float), header["multiplier"].astype(float)))


def _words(codes: np.ndarray) -> np.ndarray:
    """Byte strings as stripped text."""
    different, number = np.unique(codes, return_inverse=True)
    return np.array([code.decode("ascii", errors="replace").strip() for code in different], object)[number]


def _rate(factor: np.ndarray, multiplier: np.ndarray) -> np.ndarray:
    """Sampling rate in Hz of SEED's two numbers: positive ones multiply, negative ones divide."""
    with np.errstate(divide="ignore"):
        rate = np.where(factor > 0, factor, -1 / factor)
        return np.where(multiplier > 0, rate * multiplier, rate / -multiplier)


def spans(content: bytes, name: str) -> list[Span]:
    """One span for each channel of an object that was read whole."""
    table = scan(content, name)
    out = []
    for codes, rows in table[table["samples"] > 0].groupby(list(_CODES), sort=True):
        rate = float(rows["sampling_rate_hz"].iloc[0])
        end = int((rows["start_ns"] + ((rows["samples"] - 1) * (1e9 / rate)).round().astype("int64")).max())
        start = int(rows["start_ns"].min())
        out.append(Span(*codes, start, end, rate, round((end - start) * 1e-9 * rate) + 1,
                        int(rows["record_length"].iloc[0])))
    return out


def samples_expected(content: bytes, name: str) -> dict[str, int]:
    """Samples that the records of each channel (NET.STA.LOC.CHA) announce."""
    header, _ = _headers(content, name)
    codes, number = np.unique(header[list(_CODES)], return_inverse=True)
    counts = np.bincount(number, header["samples"].astype(np.int64))
    names = [".".join(_words(np.array(list(code)))) for code in codes.tolist()]
    return {name: int(count) for name, count in zip(names, counts, strict=True)}
