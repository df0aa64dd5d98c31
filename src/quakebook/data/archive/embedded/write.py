"""Write the synthetic archive: miniSEED channel-days, StationXML, and tables of what happened."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import signal

from quakebook.data.archive.embedded import caldera, ground, instrument, quakes, tremor
from quakebook.data.archive.embedded.channels import to_counts, write_channel
from quakebook.data.archive.embedded.presets import CALDERA, OUTSIDE, PRESETS, SITES, START, Preset, Site, generator
from quakebook.data.archive.files import digest
from quakebook.data.checksums import whole_folder, write_checksums
from quakebook.data.errors import DataError

STATIONS, EVENTS, PICKS, TREMOR = "stations.xml", "events.parquet", "picks.parquet", "tremor.parquet"
DISPLACEMENT, COLLAPSES, NOTE = "displacement.parquet", "collapses.parquet", "SYNTHETIC.txt"
PARTS = ("network", "caldera")
#: Change when the content for a given seed changes.
VERSION = 1
GAP_S, GAP_AT, CLIP_S = 4.0, 0.4, 60.0


def make(folder: str | Path, preset: str | Preset = "default", seed: int = 42, parts: Sequence[str] = PARTS) -> Path:
    """Write the archive; the folder appears when everything is on disk.

    Parameters
    ----------
    folder : str or Path
        Must not exist or be empty.
    preset : {"test", "default", "large"}
    seed : int
    parts : sequence of {"network", "caldera"}
        The network with earthquakes and tremor, and the station at the caldera.

    Returns
    -------
    Path
        The folder: ``continuous_waveforms/YYYY/YYYY_DDD/...ms`` (names as in the Southern California open data),
        ``stations.xml``; network: ``events``, ``picks``, ``tremor``; caldera: ``displacement``, ``collapses``
        (``.parquet``); ``checksums.json``.
    """
    setting = _preset(preset)
    unknown = sorted(set(parts) - set(PARTS))
    if unknown or not parts:
        raise DataError(f"unknown parts {', '.join(unknown) or '(none given)'}; known: {', '.join(PARTS)}")
    folder = Path(folder).resolve()
    with whole_folder(folder) as place:
        names = [name for part in PARTS if part in parts for name in _MAKERS[part](place, setting, seed)]
        sites = [*SITES[: setting.stations], OUTSIDE] * ("network" in parts) + [CALDERA] * ("caldera" in parts)
        _inventory(sites).write(str(place / STATIONS), format="STATIONXML")
        (place / NOTE).write_text("Synthetic: computed by quakebook, recorded nowhere. Stations are invented.\n")
        write_checksums(place, [STATIONS, NOTE, *names], source="synthetic continuous archive", seed=seed)
    return folder


def cached(preset: str = "default", seed: int = 42, parts: Sequence[str] = PARTS) -> Path:
    """The archive in $QUAKEBOOK_CACHE (or ~/.cache/quakebook), made there when it is not yet."""
    from filelock import FileLock

    root = Path(os.environ.get("QUAKEBOOK_CACHE", Path.home() / ".cache" / "quakebook"))
    name = digest(repr(_preset(preset)), seed, sorted(parts), VERSION)
    folder = root / f"archive-{preset}-{seed}-{name}"
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / f".{folder.name}.lock"):
        return folder if folder.is_dir() else make(folder, preset, seed, parts)


def _preset(preset: str | Preset) -> Preset:
    if isinstance(preset, str) and preset not in PRESETS:
        raise DataError(f"unknown preset {preset!r}; known: {', '.join(PRESETS)}")
    return PRESETS[preset] if isinstance(preset, str) else preset


def _inventory(sites: list[Site]):
    from obspy import UTCDateTime

    change = UTCDateTime(str(START + np.timedelta64(1, "D")))
    return instrument.inventory(sites, {site.code: change for site in sites if "epoch" in site.faults})


def _network(place: Path, preset: Preset, seed: int) -> list[str]:
    events, intervals = quakes.catalogue(preset, seed), tremor.intervals(preset, seed)
    names, picks = [], []
    for number, site in enumerate(SITES[: preset.stations]):
        for day in range(preset.days):
            velocity, rows = _station_day(site, number, day, preset, seed, events, intervals)
            factor = 2.0 if "epoch" in site.faults and day >= 1 else 1.0
            counts = to_counts(velocity, site, factor)
            names += _write_day(place, site, day, counts, preset)
            picks += rows
    start = pd.Timestamp(START, tz="UTC")
    events["time"] = start + pd.to_timedelta(events["day"] * 86400.0 + events["origin_s"], unit="s")
    listed = events.rename(columns={"latitude_deg": "latitude", "longitude_deg": "longitude"})
    _table(place / EVENTS, listed[["event", "time", "latitude", "longitude", "depth_km", "magnitude"]])
    _table(place / PICKS, pd.DataFrame(picks, columns=["event", "network", "station", "phase", "time", "snr_db"]))
    begin = start + pd.to_timedelta(intervals["day"] * 86400.0 + intervals["start_s"], unit="s")
    end = begin + pd.to_timedelta(intervals["length_s"], unit="s")
    _table(place / TREMOR, pd.DataFrame({"start": begin, "end": end, "kind": intervals["kind"]}))
    return [*names, EVENTS, PICKS, TREMOR]


def _station_day(site: Site, number: int, day: int, preset: Preset, seed: int, events: pd.DataFrame,
                 intervals: pd.DataFrame) -> tuple[NDArray[np.float64], list[tuple]]:
    """Ground velocity (3, n) in m/s of a station's day, and the picks in it."""
    n = int(preset.length_s * site.rate_hz)
    background = np.stack([ground.noise(n, site.rate_hz, level, generator(seed, 10, number, day, component))
                           for component, level in enumerate(site.noise)])
    for _, interval in intervals[intervals["day"] == day].iterrows():
        tremor.add(background, site, interval, seed)
    shaking, times = np.zeros_like(background), []
    for _, event in events[events["day"] == day].iterrows():
        times.append((int(event["event"]), quakes.add(shaking, site, event, seed)))
    return background + shaking, _picks(background, shaking, times, site, day)


def _picks(background: NDArray[np.float64], shaking: NDArray[np.float64], times: list, site: Site, day: int
           ) -> list[tuple]:
    """Arrivals with their signal-to-noise ratio in dB, 2 s after the arrival, 2 to 18 Hz: P on Z, S on N."""
    band = signal.butter(4, (2.0, 18.0), "bandpass", fs=site.rate_hz, output="sos")
    quiet, loud = (signal.sosfiltfilt(band, array[:2], axis=1) for array in (background, shaking))
    start, rows = pd.Timestamp(START, tz="UTC") + pd.Timedelta(days=day), []
    for event, at in times:
        for component, phase in enumerate("PS"):
            first = round(at[phase] * site.rate_hz)
            part = loud[component, first : first + int(2 * site.rate_hz)]
            if len(part):
                snr = 20 * np.log10(max(part.std(), 1e-30) / quiet[component].std())
                time = start + pd.Timedelta(seconds=at[phase])
                rows.append((event, site.network, site.station, phase, time, float(snr)))
    return rows


def _write_day(place: Path, site: Site, day: int, counts: NDArray[np.int32], preset: Preset) -> list[str]:
    """Channel files of a station's day, with the faults that the station has."""
    start = START + np.timedelta64(day, "D")
    if "clip" in site.faults and day == 1:
        first = int((preset.length_s / 3) * site.rate_hz)
        part = counts[:, first : first + int(CLIP_S * site.rate_hz)]
        limit = np.maximum(np.median(np.abs(part), axis=1, keepdims=True) * 1.5, 1).astype(np.int32)
        part[:] = np.clip(part, -limit, limit)
    names = []
    for component, trace in zip("ZNE", counts, strict=True):
        if component == "E" and "missing" in site.faults and day == 0:
            continue
        pieces = [(0, trace)]
        if "gap" in site.faults and day == preset.days - 1:
            cut = int(GAP_AT * len(trace))
            after = cut + int(GAP_S * site.rate_hz)
            pieces = [(0, trace[:cut]), (after, trace[after:])]
        names.append(write_channel(place, site, component, start, pieces))
    return names


def _caldera(place: Path, preset: Preset, seed: int) -> list[str]:
    state = caldera.cycles(preset, seed)
    counts = to_counts(caldera.shaking(state, seed), CALDERA)
    per_day, names = int(86_400 * CALDERA.rate_hz), []
    for day in range(-(-counts.shape[1] // per_day)):
        part = counts[:, day * per_day : (day + 1) * per_day]
        start = START + np.timedelta64(day, "D")
        names += [write_channel(place, CALDERA, c, start, [(0, row)]) for c, row in zip("ZNE", part, strict=True)]
    seconds = np.arange(len(state.stress))
    times = pd.Timestamp(START, tz="UTC") + pd.to_timedelta(seconds, unit="s")
    _table(place / DISPLACEMENT, pd.DataFrame({
        "time": times, "displacement_m": state.displacement_m, "stress": state.stress, "cycle": state.cycle,
        "since_failure_s": state.since_s}))
    failures = pd.Timestamp(START, tz="UTC") + pd.to_timedelta(state.failures_s, unit="s")
    _table(place / COLLAPSES, pd.DataFrame({"time": failures}))
    return [*names, DISPLACEMENT, COLLAPSES]


def _table(path: Path, table: pd.DataFrame) -> None:
    table.to_parquet(path, index=False)


_MAKERS = {"network": _network, "caldera": _caldera}
