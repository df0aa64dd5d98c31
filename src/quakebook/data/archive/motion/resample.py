"""Change the sampling rate without losing amplitude below the new corner.

ObsPy's `Trace.resample` multiplies the spectrum by a Hann window: from 40 to 100 Hz it leaves half of the amplitude at
10 Hz. Here soxr (a long linear-phase filter) does it, or SciPy's polyphase filter with a long Kaiser window.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from quakebook.data.errors import DataError

Method = Literal["soxr", "kaiser"]
METHODS = ("soxr", "kaiser")
#: Taps of the Kaiser filter on each side, in samples of the lower rate, and its shape (90 dB).
HALF_TAPS, BETA = 48, 9.0


def resample(samples: NDArray[np.float64], from_hz: float, to_hz: float, method: Method = "soxr"
             ) -> NDArray[np.float64]:
    """Samples (n,) at another rate; the first sample keeps its time.

    The gain lies within 1 % of one below 0.4 of the lower rate; above its Nyquist frequency hardly anything is left.
    """
    if method not in METHODS:
        raise DataError(f"resampling method must be one of {', '.join(METHODS)}; found {method!r}")
    if not (from_hz > 0 and to_hz > 0):
        raise DataError(f"sampling rates must be positive; found {from_hz} and {to_hz} Hz")
    if from_hz == to_hz:
        return samples
    if method == "soxr":
        import soxr

        return soxr.resample(np.ascontiguousarray(samples), from_hz, to_hz, quality="VHQ")
    ratio = Fraction(to_hz / from_hz).limit_denominator(1000)
    return signal.resample_poly(samples, ratio.numerator, ratio.denominator,
                                window=_filter(ratio.numerator, ratio.denominator))


@lru_cache(maxsize=16)
def _filter(up: int, down: int) -> NDArray[np.float64]:
    """Low-pass of the polyphase filter: corner in the middle between 0.4 and 0.5 of the lower rate."""
    longest = max(up, down)
    return signal.firwin(2 * HALF_TAPS * longest + 1, 0.9 / longest, window=("kaiser", BETA))


def gain(frequency_hz: NDArray[np.float64], from_hz: float, to_hz: float,
         work: Callable[[NDArray[np.float64]], NDArray[np.float64]], length_s: float = 60.0) -> NDArray[np.float64]:
    """Amplitude that sines keep, measured in the middle third of the output.

    Parameters
    ----------
    work : callable
        Samples at `from_hz` to samples at `to_hz`.
    """
    time = np.arange(int(length_s * from_hz)) / from_hz
    out = []
    for frequency in frequency_hz:
        result = work(np.sin(2 * np.pi * frequency * time))
        at = np.arange(len(result)) / to_hz
        middle = (at > length_s / 3) & (at < 2 * length_s / 3)
        basis = np.stack([np.sin(2 * np.pi * frequency * at[middle]), np.cos(2 * np.pi * frequency * at[middle])], 1)
        out.append(np.hypot(*np.linalg.lstsq(basis, result[middle], rcond=None)[0]))
    return np.array(out)


def rivals(from_hz: float, to_hz: float) -> dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]:
    """Ways to resample, by name, for a comparison."""
    from obspy import Trace

    def obspy(window: str | None) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        def work(samples: NDArray[np.float64]) -> NDArray[np.float64]:
            trace = Trace(samples.copy(), {"sampling_rate": from_hz})
            trace.resample(to_hz, window=window, no_filter=True)
            return trace.data
        return work

    return {"soxr": lambda x: resample(x, from_hz, to_hz, "soxr"),
            "long Kaiser": lambda x: resample(x, from_hz, to_hz, "kaiser"),
            "ObsPy, no window": obspy(None), "ObsPy, default (Hann)": obspy("hann")}
