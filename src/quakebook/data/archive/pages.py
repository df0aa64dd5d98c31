"""What the page about the road from archive to shards shows: its numbers, tables and sentences."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import signal

from quakebook.data import archive
from quakebook.data.archive.embedded.write import EVENTS
from quakebook.data.archive.figures.places import regions
from quakebook.data.archive.motion.quality import REASONS
from quakebook.data.archive.motion.resample import gain, rivals
from quakebook.data.archive.motion.station_days import StationDay

#: Presets of the book and of the synthetic archive.
SIZES = {"smoke": "test", "quick": "default", "paper": "large"}


@dataclass(frozen=True)
class Road:
    """An archive on its way: what was listed, cut and stored.

    Attributes
    ----------
    source : str
        The synthetic archive, or the folder or bucket that was given.
    listing_s : float
        Seconds that listing took.
    """

    source: str
    manifest: pd.DataFrame
    maker: archive.WindowMaker
    days: list[StationDay]
    shards: archive.ShardSet
    events: pd.DataFrame | None
    listing_s: float


def travel(preset: str, seed: int, place: str = "", stationxml: str = "", folder: str | Path | None = None) -> Road:
    """List an archive, cut it, and open its shards; what was done before is not done again.

    Parameters
    ----------
    preset : {"smoke", "quick", "paper"}
        Size of the synthetic archive.
    seed : int
        Of the synthetic archive.
    place, stationxml : str
        A folder or bucket, and StationXML, of one's own.
    folder : str or Path, optional
        For manifest and shards; default: beside the synthetic archive in the cache.
    """
    from quakebook.data.archive.embedded import cached

    made = None if place else cached(SIZES[preset], seed)
    store = archive.open_store(place or made)
    work = Path(folder) if folder else (made.parent if made else Path("."))
    output = work / f"manifest-{made.name if made else 'own'}.parquet"
    began = time.perf_counter()
    archive.build_manifest(store, output)
    listing_s = time.perf_counter() - began
    manifest = archive.read_manifest(output)
    inventory = archive.read_inventories([stationxml or made]) if stationxml or made else None
    stations = archive.Stations(archive.stations_of(inventory)) if inventory else None
    maker = archive.WindowMaker(store, archive.Processing(), stations, inventory)
    days = archive.station_days(manifest)
    shards = archive.build_shards(days, maker, work / "shards")
    events = pd.read_parquet(made / EVENTS) if made else None
    return Road("the synthetic archive" if made else store.url, manifest, maker, days, shards, events, listing_s)


def kept(road: Road) -> dict[str, int]:
    """Windows in the shards, by NET.STA.LOC.BAND."""
    codes = road.shards.table[["network", "station", "location", "channel"]].astype(str).agg(".".join, axis=1)
    return {str(code): int(count) for code, count in codes.value_counts().items()}


def network_days(road: Road) -> list[StationDay]:
    """Station-days of the largest group of stations that lie near one another (all, without a station table)."""
    if road.maker.stations is None:
        return road.days
    places = recorded_stations(road).drop_duplicates(["network", "station"]).reset_index(drop=True)
    near = {(places["network"][row], places["station"][row]) for row in regions(places)[0]}
    return [day for day in road.days if (day.network, day.station) in near]


def recorded_stations(road: Road) -> pd.DataFrame:
    """Rows of the station table whose stations are in the manifest."""
    table = road.maker.stations.table
    names = pd.MultiIndex.from_frame(road.manifest[["network", "station"]])
    return table[pd.MultiIndex.from_frame(table[["network", "station"]]).isin(names)]


def rejected_sentence(road: Road) -> str:
    """How many windows were rejected, and the reason that took most."""
    reasons = road.shards.rejected.groupby("reason")["count"].sum().sort_values(ascending=False)
    tried = len(road.shards) + int(reasons.sum())
    if not len(reasons):
        return f"All {tried} windows of {road.source} passed the quality control."
    most = reasons.index[0]
    return (f"Of {tried} windows of {road.source}, {int(reasons.sum())} were rejected, most of them "
            f"({int(reasons.iloc[0])}) because of `{most}`: {REASONS[most]}.")


def ground_spectra(road: Road, window_s: float = 60.0) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Median power density of the vertical ground acceleration, one curve an instrument, in dB; frequencies in Hz.

    From the first station-day of each instrument that gives windows, after response removal.
    """
    settings = archive.Processing(remove_response=True, band_hz=None, window_s=window_s, overlap=0.0)
    maker = archive.WindowMaker(road.maker.store, settings, road.maker.stations, road.maker.inventory)
    out: dict[str, NDArray[np.float64]] = {}
    frequency = np.zeros(0)
    for day in road.days:
        windows = maker(day).waveforms if day.code not in out else ()
        if len(windows):
            frequency, density = signal.welch(windows[:, 0], settings.rate_hz, nperseg=windows.shape[2] // 2)
            highest = min(0.35 * day.rows["sampling_rate"].iloc[0], 0.4 * settings.rate_hz)
            level = 10 * np.log10(np.median(density[:, 1:], axis=0) * (2 * np.pi * frequency[1:]) ** 2 + 1e-30)
            out[day.code] = np.where((frequency[1:] > 0.1) & (frequency[1:] < highest), level, np.nan)
    return frequency[1:], out


def resampling(changes: tuple[tuple[float, float], ...] = ((40.0, 100.0), (200.0, 100.0))) -> dict:
    """Gains of all resamplers: title to (frequencies, name to gain)."""
    out = {}
    for from_hz, to_hz in changes:
        frequency = np.linspace(0.02, 0.495, 30) * min(from_hz, to_hz)
        gains = {name: gain(frequency, from_hz, to_hz, work) for name, work in rivals(from_hz, to_hz).items()}
        out[f"{from_hz:g} to {to_hz:g} Hz"] = frequency, gains
    return out


def metrics(road: Road, curves: dict) -> dict[str, float]:
    """Numbers for the claims: windows tried and the share rejected, and what the default resampler takes off a sine."""
    rejected, kept = float(road.shards.rejected["count"].sum()), float(len(road.shards))
    passed = [np.abs(1 - gains["soxr"][frequency <= 0.9 * frequency[-1] / 0.99]).max()
              for frequency, gains in curves.values()]
    return {"archive.tried": rejected + kept, "archive.rejected_share": rejected / max(rejected + kept, 1),
            "archive.gain_lost": float(max(passed))}


def resampling_sentence(curves: dict) -> str:
    """What the best and the worst leave of a sine at a quarter of the lower rate, in the first panel."""
    title, (frequency, gains) = next(iter(curves.items()))
    at = int(np.abs(frequency - frequency[-1] / 2).argmin())
    left = {name: float(values[at]) for name, values in gains.items()}
    best, worst = max(left, key=left.get), min(left, key=left.get)
    if left[best] - left[worst] < 0.02:
        return f"From {title}, all resamplers keep the same amplitude at {frequency[at]:.0f} Hz within two percent."
    return (f"From {title}, a sine of {frequency[at]:.0f} Hz keeps {left['soxr']:.0%} of its amplitude with soxr, and "
            f"{left[worst]:.0%} with {worst}.")
