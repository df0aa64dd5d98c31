"""From a station-day to windows: read, process, judge, cut; every rejected window is counted with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from quakebook.data.archive.errors import DamagedError
from quakebook.data.archive.motion.merging import Channel, assemble
from quakebook.data.archive.motion.orientation import turned
from quakebook.data.archive.motion.processing import Processing, process
from quakebook.data.archive.motion.quality import assess
from quakebook.data.archive.motion.reading import read_object
from quakebook.data.archive.motion.station_days import COMPONENTS, DAY_NS, StationDay
from quakebook.data.archive.stations.table import Stations
from quakebook.data.archive.stores.contract import Store

if TYPE_CHECKING:
    from obspy import Inventory, Stream

#: Numbers of the station table that go with a window.
STATION_NUMBERS = ("latitude", "longitude", "elevation", "depth", "azimuth", "dip", "gain")


@dataclass
class DayWindows:
    """The windows of a station-day.

    Attributes
    ----------
    waveforms : ndarray, shape (n, 3, samples), float32
        Z, N, E, each without its mean; counts, or m/s after response removal.
    start_ns : ndarray, shape (n,)
    facts : list of dict
        One flat dictionary a window: codes, start time, numbers of the station, `log_rms_z/n/e`, `present_z/n/e`.
    rejected : Counter
        Windows that were not taken, by reason (`quality.REASONS`).
    damaged : list of str
        Objects that could not be used, one line each.
    """

    waveforms: NDArray[np.float32]
    start_ns: NDArray[np.int64]
    facts: list[dict[str, Any]]
    rejected: Counter = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)


class WindowMaker:
    """Cuts station-days of one archive with one set of settings.

    Parameters
    ----------
    store : Store
    settings : Processing
    stations : Stations, optional
        For the numbers that go with a window, and for turning horizontals.
    inventory : Inventory, optional
        For response removal.
    damaged : {"refuse", "count"}
        An object that is cut off or unreadable stops the work, or is left out and named in `DayWindows.damaged`.
    """

    def __init__(self, store: Store, settings: Processing, stations: Stations | None = None,
                 inventory: Inventory | None = None, damaged: Literal["refuse", "count"] = "refuse") -> None:
        self.store, self.settings, self.stations, self.inventory = store, settings, stations, inventory
        self.damaged = damaged

    def __call__(self, day: StationDay) -> DayWindows:
        """All good windows of a station-day, in the order of time."""
        damaged: list[str] = []
        stream = self._read(day, damaged)
        settings = self.settings
        channels = assemble(stream, day.start_ns, day.start_ns + DAY_NS, settings.max_gap_s) if stream else []
        channels = [channel for channel in channels if channel.missing <= settings.max_gap_fraction] or channels
        starts = self._candidates(day, channels)
        chosen = by_component(channels)
        reasons = np.full(len(starts), "" if len(chosen) >= settings.require else "missing", dtype="U8")
        for channel in chosen.values():
            if channel.missing > settings.max_gap_fraction:
                reasons[reasons == ""] = "gap"
            found = assess(channel, day.start_ns + _ns(starts, settings.rate_hz), settings.window_s, settings.limits)
            reasons = np.where(reasons == "", found, reasons)
        out = self._cut(day, chosen, starts, reasons)
        out.damaged = damaged
        return out

    def _read(self, day: StationDay, damaged: list[str]) -> Stream | None:
        stream = None
        for _, rows in day.rows.groupby("key", sort=True):
            try:
                part = read_object(self.store, rows)
            except DamagedError as error:
                if self.damaged == "refuse":
                    raise
                damaged.append(str(error))
                continue
            stream = part if stream is None else stream + part
        return stream

    def _candidates(self, day: StationDay, channels: list[Channel]) -> NDArray[np.int64]:
        """First samples, on the grid of the day, of windows inside the span of the data."""
        if not channels:
            return np.zeros(0, np.int64)
        rate, hop, n = self.settings.rate_hz, self.settings.hop_samples, self.settings.window_samples
        first = (min(channel.start_ns for channel in channels) - day.start_ns) * 1e-9 * rate
        stop = max(channel.end_ns + 1e9 / channel.rate_hz for channel in channels)
        last = (stop - day.start_ns) * 1e-9 * rate
        begin = int(np.ceil((first - 0.5) / hop)) * hop
        return np.arange(max(begin, 0), int(last + 0.5) - n + 1, hop, dtype=np.int64)

    def _cut(self, day: StationDay, chosen: dict[int, Channel], starts: NDArray[np.int64], reasons: NDArray[np.str_]
             ) -> DayWindows:
        n = self.settings.window_samples
        if not (reasons == "").any():
            return DayWindows(np.zeros((0, 3, n), np.float32), np.zeros(0, np.int64), [], Counter(reasons.tolist()))
        length = int(starts.max()) + n
        motion = np.zeros((3, length))
        for position, channel in chosen.items():
            motion[position] = process(channel, self.settings, day.start_ns, length, self.inventory)
        motion, rotated = turned(motion, chosen, self.stations)
        index = starts[reasons == ""][:, None] + np.arange(n)
        bad = np.isnan(motion).any(axis=0)
        reasons = reasons.copy()
        reasons[reasons == ""] = np.where(bad[index].any(axis=1), "edge", "")
        good = starts[reasons == ""]
        waveforms = np.empty((len(good), 3, n), np.float32)
        for row, first in enumerate(good):
            part = motion[:, first : first + n]
            waveforms[row] = part - part.mean(axis=1, keepdims=True)
        start_ns = day.start_ns + _ns(good, self.settings.rate_hz)
        facts = [self._facts(day, chosen, int(when), waveforms[row], rotated) for row, when in enumerate(start_ns)]
        return DayWindows(waveforms, start_ns, facts, Counter(reason for reason in reasons.tolist() if reason))

    def _facts(self, day: StationDay, chosen: dict[int, Channel], start_ns: int, waveform: NDArray[np.float32],
               rotated: bool) -> dict[str, Any]:
        lead = chosen[min(chosen)]
        row = self.stations.lookup(*lead.code.split("."), start_ns) if self.stations else None
        out: dict[str, Any] = {"network": day.network, "station": day.station, "location": day.location,
                               "channel": day.band, "start_ns": start_ns, "sample_rate": lead.rate_hz,
                               "sensor": row["sensor"] if row else "", "datalogger": row["datalogger"] if row else "",
                               "rotated": int(rotated)}
        out |= {name: float(row[name]) if row else float("nan") for name in STATION_NUMBERS}
        std = waveform.std(axis=1, dtype=np.float64)
        for position, letter in enumerate("zne"):
            out[f"present_{letter}"] = int(position in chosen)
            out[f"log_rms_{letter}"] = float(np.log10(std[position])) if std[position] > 0 else float("nan")
        return out


def by_component(channels: list[Channel]) -> dict[int, Channel]:
    """Channels by position (0 Z, 1 N, 2 E); letters come before numbers where a station has both."""
    out: dict[int, Channel] = {}
    for position, letters in enumerate(COMPONENTS):
        for letter in letters:
            fits = [channel for channel in channels if channel.code[-1] == letter]
            if fits and position not in out:
                out[position] = fits[0]
    return out


def _ns(samples: NDArray[np.int64], rate_hz: float) -> NDArray[np.int64]:
    return np.round(samples * (1e9 / rate_hz)).astype(np.int64)
