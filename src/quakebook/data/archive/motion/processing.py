"""How a channel's day becomes ground motion on a common grid: one frozen set of settings, and the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from quakebook.data.archive.errors import DamagedError
from quakebook.data.archive.motion.merging import Channel, runs
from quakebook.data.archive.motion.quality import Limits
from quakebook.data.archive.motion.resample import METHODS, resample
from quakebook.data.errors import DataError

if TYPE_CHECKING:
    from obspy import Inventory

#: Corners of the pre-filter of the response removal: two in Hz, two as shares of the channel's sampling rate.
PRE_FILTER = (0.05, 0.1, 0.40, 0.45)
#: The upper corner of the band-pass lies at most at this share of the channel's rate.
HIGHEST_CORNER = 0.45


@dataclass(frozen=True)
class Processing:
    """Settings between miniSEED and windows.

    Attributes
    ----------
    rate_hz : float
        Of the windows.
    window_s, overlap : float
        Length, and share of it that neighbours have in common (0 to below 1).
    band_hz : (float, float) or None
        Zero-phase Butterworth band-pass of four corners.
    remove_response : bool
        To ground velocity in m/s; needs an inventory.
    max_gap_s, max_gap_fraction : float
        Gaps up to this length are bridged; a channel-day that lacks more than this share is left out.
    taper_fraction, taper_s : float
        Cosine taper at both ends of a stretch without gaps, as share of it, but not longer than `taper_s`; the tapered
        part gives no windows.
    require : int
        Components that must be there (1 to 3); a missing one becomes zeros.
    resampler : {"soxr", "kaiser"}
    limits : Limits
        Of the quality control.
    """

    rate_hz: float = 100.0
    window_s: float = 30.0
    overlap: float = 0.5
    band_hz: tuple[float, float] | None = (0.1, 20.0)
    remove_response: bool = False
    max_gap_s: float = 1.0
    max_gap_fraction: float = 0.1
    taper_fraction: float = 0.05
    taper_s: float = 10.0
    require: int = 3
    resampler: Literal["soxr", "kaiser"] = "soxr"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        _range("rate_hz", self.rate_hz, 1.0, 1000.0)
        _range("window_s", self.window_s, 1.0, 3600.0)
        _range("overlap", self.overlap, 0.0, 0.99)
        _range("max_gap_s", self.max_gap_s, 0.0, 60.0)
        _range("max_gap_fraction", self.max_gap_fraction, 0.0, 1.0)
        _range("taper_fraction", self.taper_fraction, 0.0, 0.5)
        _range("taper_s", self.taper_s, 0.0, 3600.0)
        _range("require", self.require, 1, 3)
        if self.resampler not in METHODS:
            raise DataError(f"`resampler` must be one of {', '.join(METHODS)}; found {self.resampler!r}")
        if self.band_hz is not None and not 0 < self.band_hz[0] < self.band_hz[1] < self.rate_hz / 2:
            raise DataError(f"`band_hz` must rise from above 0 to below {self.rate_hz / 2:g} Hz; found {self.band_hz}")

    @property
    def window_samples(self) -> int:
        return round(self.window_s * self.rate_hz)

    @property
    def hop_samples(self) -> int:
        return max(round(self.window_samples * (1 - self.overlap)), 1)


def _range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise DataError(f"`{name}` must lie between {low:g} and {high:g}; found {value}")


def process(channel: Channel, settings: Processing, grid_ns: int, length: int, inventory: Inventory | None = None
            ) -> NDArray[np.float64]:
    """A channel on the grid that begins at `grid_ns`, shape (length,): detrended, without response if asked, filtered,
    resampled; NaN where there is nothing or where it is tapered.

    Each stretch without gaps is treated on its own and shifted by less than half a sample.
    """
    out = np.full(length, np.nan)
    for begin, stop in runs(np.isfinite(channel.samples)):
        edge = int(min(settings.taper_fraction * (stop - begin), settings.taper_s * channel.rate_hz))
        if stop - begin < max(2 * edge + 2, 2 * channel.rate_hz):  # under 2 s: the filters have nothing to work with
            continue
        start_ns = channel.start_ns + round(begin * 1e9 / channel.rate_hz)
        part = _clean(channel, channel.samples[begin:stop], start_ns, edge, settings, inventory)
        part = resample(part, channel.rate_hz, settings.rate_hz, settings.resampler)
        hidden = int(np.ceil(edge * settings.rate_hz / channel.rate_hz))
        part = part[hidden : len(part) - hidden]
        first = round((start_ns - grid_ns) * 1e-9 * settings.rate_hz) + hidden
        low, high = max(first, 0), min(first + len(part), length)
        if high > low:
            out[low:high] = part[low - first : high - first]
    return out


def _clean(channel: Channel, samples: NDArray[np.float64], start_ns: int, edge: int, settings: Processing,
           inventory: Inventory | None) -> NDArray[np.float64]:
    """Detrend, taper, remove the response, band-pass."""
    out = signal.detrend(samples, type="linear")
    if edge:
        out *= signal.windows.tukey(len(out), 2 * edge / len(out))
    if settings.remove_response:
        out = without_response(channel, out, start_ns, inventory)
    if settings.band_hz is not None:
        high = min(settings.band_hz[1], HIGHEST_CORNER * channel.rate_hz)
        band = signal.butter(4, (settings.band_hz[0], high), "bandpass", fs=channel.rate_hz, output="sos")
        out = signal.sosfiltfilt(band, out, padlen=min(len(out) - 1, int(10 * channel.rate_hz)))
    return out


def without_response(channel: Channel, samples: NDArray[np.float64], start_ns: int, inventory: Inventory | None
                     ) -> NDArray[np.float64]:
    """Ground velocity in m/s, by ObsPy, with the response of the epoch that holds the middle of the samples."""
    from obspy import Trace, UTCDateTime

    if inventory is None:
        raise DataError("removing the response needs an inventory: give StationXML files")
    start = UTCDateTime(ns=int(start_ns))
    rate = channel.rate_hz
    corners = (PRE_FILTER[0], PRE_FILTER[1], PRE_FILTER[2] * rate, PRE_FILTER[3] * rate)
    trace = Trace(samples, {"sampling_rate": rate, "starttime": start})
    try:
        # not at an end: there, two epochs match
        trace.stats.response = inventory.get_response(channel.code, start + 0.5 * len(samples) / rate)
        trace.remove_response(output="VEL", pre_filt=corners, water_level=60.0, taper=False, zero_mean=False)
    except Exception as error:  # ObsPy raises ValueError, Exception and evalresp's own errors
        raise DamagedError(f"no usable response of {channel.code} at {start}: {error}; fetch its "
                           "StationXML at level response") from error
    return trace.data
