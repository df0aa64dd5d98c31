"""The continuous archive that the page makes for itself: streams, responses, the true catalogue and arrivals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from obspy import Inventory, Stream, Trace, UTCDateTime

#: Stations and hours of each preset; magnitudes from 2 on, so that a sparse network can see most events.
SIZES = {"smoke": (8, 1), "quick": (14, 1), "paper": (30, 6)}
EVENTS_PER_HOUR, SMALLEST_MAGNITUDE = 20.0, 2.0


@dataclass(frozen=True)
class Archive:
    """Synthetic continuous data of a network.

    Attributes
    ----------
    streams : dict
        ``NET.STA.LOC`` -> three components in counts.
    inventory : obspy.Inventory
    catalogue : DataFrame
        time, latitude_deg, longitude_deg, depth_km, magnitude, stations (that recorded it visibly).
    arrivals : DataFrame
        trace_id, phase, time, event (row of the catalogue): what an analyst would pick.
    hours : int
    """

    streams: dict[str, Stream]
    inventory: Inventory
    catalogue: pd.DataFrame
    arrivals: pd.DataFrame
    hours: int

    @property
    def station_days(self) -> float:
        """Amount of data."""
        return len(self.streams) * self.hours / 24


def archive(preset: str = "quick", seed: int = 7) -> Archive:
    """Make the archive of a preset."""
    from quakebook.data.synthetic import continuous, presets
    from quakebook.data.synthetic.archive import inventory

    n_stations, hours = SIZES[preset]
    settings = presets.get("continuous", archive_stations=n_stations, events_per_hour=EVENTS_PER_HOUR,
                           magnitude_min=SMALLEST_MAGNITUDE)
    streams, arrivals = {}, []
    for station in range(n_stations):
        parts = [continuous.hour(settings, seed, station, hour) for hour in range(hours)]
        streams[f"SY.{parts[0].station}."] = _stream(parts)
        arrivals += [_arrivals(part) for part in parts]
    table = pd.concat(arrivals, ignore_index=True).drop_duplicates(["trace_id", "phase", "time"], ignore_index=True)
    return Archive(streams, inventory(settings, n_stations), _catalogue(settings, seed, hours, table), table, hours)


def _stream(parts: list) -> Stream:
    counts = np.concatenate([part.counts for part in parts], axis=1)
    return Stream([Trace(np.ascontiguousarray(row), {"network": "SY", "station": parts[0].station,
                                                     "channel": parts[0].channel + component, "sampling_rate": 100.0,
                                                     "starttime": UTCDateTime(str(parts[0].start))})
                   for component, row in zip("ZNE", counts, strict=True)])


def _arrivals(part) -> pd.DataFrame:
    """P and S that lie inside the hour; picks that the analyst did not make are left out."""
    rows = []
    for phase in ("P", "S"):
        seconds = part.arrivals[f"{phase.lower()}_s"].to_numpy()
        inside = (seconds >= 0) & (seconds < 3600)
        time = part.start + np.round(seconds[inside] * 1e9).astype("timedelta64[ns]")
        rows.append(pd.DataFrame({"trace_id": f"SY.{part.station}.", "phase": phase, "time": time,
                                  "event": part.arrivals["event"].to_numpy(int)[inside]}))
    return pd.concat(rows, ignore_index=True)


def _catalogue(settings, seed: int, hours: int, arrivals: pd.DataFrame) -> pd.DataFrame:
    from quakebook.data.synthetic import continuous, sequence, stations

    table = sequence.catalogue(settings, seed, hours)
    seen = arrivals.groupby("event")["trace_id"].nunique()
    events = np.arange(len(table["time_s"]))
    return pd.DataFrame({"time": continuous.START + np.round(table["time_s"] * 1e9).astype("timedelta64[ns]"),
                         "latitude_deg": stations.latitude_deg(table["y_km"]),
                         "longitude_deg": stations.longitude_deg(table["x_km"]), "depth_km": table["depth_km"],
                         "magnitude": table["magnitude"],
                         "stations": seen.reindex(events, fill_value=0).to_numpy()})
