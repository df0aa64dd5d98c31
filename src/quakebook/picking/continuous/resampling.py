"""Bring traces to the model's sampling rate: a band-limited resampler, and SeisBench's for parity."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Largest denominator of a ratio of rates that is put on the common grid of samples; beyond it the start is kept.
LARGEST_RATIO = 2000
NANO = 1_000_000_000


def resample(data: NDArray, start_ns: int, rate_hz: float, wanted_hz: float) -> tuple[NDArray[np.float64], int]:
    """Band-limited resampling (soxr, linear phase, pass band to 0.9 of the lower Nyquist frequency).

    The samples that come out lie at whole multiples of ``1 / wanted_hz`` after 1970-01-01, whatever the start: two
    overlapping parts of one trace give the same samples, away from their ends. The straight line between first and last
    value is taken off before and put back after.

    Parameters
    ----------
    data : ndarray, shape (n,)
    start_ns : int
        Time of the first sample in nanoseconds since 1970.
    rate_hz, wanted_hz : float

    Returns
    -------
    ndarray, shape (m,), float64, and the time of its first sample in nanoseconds
        No sample lies before the first or after the last of `data`.
    """
    import soxr

    values = np.asarray(data, dtype=np.float64)
    if len(values) < 2 or rate_hz == wanted_hz:
        return values, start_ns
    ratio = Fraction(wanted_hz / rate_hz).limit_denominator(LARGEST_RATIO)
    exact = abs(float(ratio) * rate_hz / wanted_hz - 1) < 1e-9
    first = round(Fraction(start_ns) * Fraction(rate_hz).limit_denominator(10**6) / NANO) if exact else 0
    shift_ns = start_ns - round(first * NANO / Fraction(rate_hz).limit_denominator(10**6)) if exact else 0
    pad = first % ratio.denominator if exact else 0
    slope = (values[-1] - values[0]) / (len(values) - 1)
    flat = np.concatenate([np.zeros(pad), values - values[0] - slope * np.arange(len(values))])
    out = soxr.resample(flat, rate_hz, wanted_hz, quality="VHQ")
    begin = -(-pad * ratio.numerator // ratio.denominator) if exact else 0
    length = int(np.floor((len(values) - 1 + pad) * wanted_hz / rate_hz + 1e-6)) + 1 - begin
    out = _fit(out[begin:], length)
    position = (np.arange(length) + begin) * (rate_hz / wanted_hz) - pad
    if not exact:
        return out + values[0] + slope * position, start_ns
    number = (first - pad) // ratio.denominator * ratio.numerator + begin
    begin_ns = round(number * NANO / Fraction(wanted_hz).limit_denominator(10**6)) + shift_ns
    return out + values[0] + slope * position, begin_ns


def _fit(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Cut to `length`, or repeat the last value where soxr gave a sample less."""
    if len(values) >= length:
        return values[:length]
    return np.concatenate([values, np.repeat(values[-1:], length - len(values))])


def resample_stream(stream: Any, wanted_hz: float) -> None:
    """`resample` for every trace of an ObsPy stream, in place."""
    from obspy import UTCDateTime

    for trace in stream:
        if trace.stats.sampling_rate == wanted_hz:
            continue
        data, start_ns = resample(trace.data, trace.stats.starttime.ns, trace.stats.sampling_rate, wanted_hz)
        trace.data = data
        trace.stats.sampling_rate = wanted_hz
        trace.stats.starttime = UTCDateTime(ns=start_ns)


def gain(rate_hz: float, wanted_hz: float, frequencies_hz: NDArray[np.float64], method: str = "correct",
         seconds: float = 600.0) -> NDArray[np.float64]:
    """Measured gain for sine waves of some frequencies: 1 is right below both Nyquist frequencies.

    Parameters
    ----------
    method : {"correct", "seisbench"}
    """
    from obspy import Stream, Trace
    from seisbench.models import WaveformModel

    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    gains = []
    for frequency in frequencies_hz:
        trace = Trace(np.sin(2 * np.pi * frequency * time_s), {"sampling_rate": rate_hz})
        if method == "correct":
            resample_stream([trace], wanted_hz)
        else:
            WaveformModel.resample(Stream([trace]), wanted_hz)
        inner = trace.data[len(trace.data) // 10: -len(trace.data) // 10]
        gains.append(np.sqrt(2) * np.std(inner))
    return np.array(gains)
