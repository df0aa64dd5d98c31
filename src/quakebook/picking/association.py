"""From picks to events with PyOcto, and from events to what a known catalogue says about them.

PyOcto's wheels for Python 3.11 declare numpy below 2, for which pip silently takes 0.1.4, whose velocity models are
wrong. Version 0.2.2 works with numpy 2: ``pip install --no-deps pyocto==0.2.2 && pip install pyproj``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from packaging.version import Version

from quakebook.picking.export.tables import for_pyocto
from quakebook.picking.matching import match_picks

if TYPE_CHECKING:
    from obspy import Inventory

OLDEST = "0.1.12"


def check_version(found: str) -> None:
    """Refuse a PyOcto older than `OLDEST`."""
    if Version(found) < Version(OLDEST):
        raise ImportError(f"PyOcto {found} has a wrong velocity model; at least {OLDEST} is needed: "
                          "pip install --no-deps pyocto==0.2.2 && pip install pyproj")


try:
    check_version(version("pyocto"))
except PackageNotFoundError as error:
    raise ImportError("PyOcto is not installed: pip install --no-deps pyocto==0.2.2 && pip install pyproj") from error


@dataclass(frozen=True)
class Association:
    """Events and which picks belong to them.

    Attributes
    ----------
    events : DataFrame
        event, time (UTC), latitude_deg, longitude_deg, depth_km, picks (count).
    assignments : DataFrame
        event, pick (row of the table of picks), residual_s.
    """

    events: pd.DataFrame
    assignments: pd.DataFrame


def stations_of(inventory: Inventory) -> pd.DataFrame:
    """Stations of an inventory: id (``NET.STA.LOC``, each location), latitude, longitude (degrees), elevation (m)."""
    rows = {}
    for network in inventory:
        for station in network:
            locations = {channel.location_code for channel in station} or {""}
            for location in sorted(locations):
                code = f"{network.code}.{station.code}.{location}"
                rows[code] = {"id": code, "latitude": station.latitude, "longitude": station.longitude,
                              "elevation": station.elevation}
    return pd.DataFrame(list(rows.values()), columns=["id", "latitude", "longitude", "elevation"])


def homogeneous(p_km_s: float, s_km_s: float, tolerance_s: float = 1.0) -> Any:
    """PyOcto's velocity model of one speed for P and one for S."""
    import pyocto

    return pyocto.VelocityModel0D(p_velocity=p_km_s, s_velocity=s_km_s, tolerance=tolerance_s)


def associate(picks: pd.DataFrame, stations: pd.DataFrame, velocity: Any, *, depth_km: tuple[float, float] = (0, 50),
              margin_deg: float = 0.5, longest_s: float = 120.0, **options: Any) -> Association:
    """Associate picks with PyOcto inside the box of the stations and a margin.

    Parameters
    ----------
    picks : DataFrame
        Table of picks.
    stations : DataFrame
        As `stations_of` gives it.
    velocity : pyocto.VelocityModel
    depth_km : (float, float)
        Range of depths.
    margin_deg : float
        How far the box reaches beyond the outermost stations.
    longest_s : float
        Longest travel time.
    **options
        Of `pyocto.OctoAssociator`: n_picks, n_p_picks, n_s_picks, n_p_and_s_picks, pick_match_tolerance, ...

    Raises
    ------
    ValueError
        Picks of a station that is not in the table; the message names it.
    """
    import pyocto

    unknown = sorted(set(picks["trace_id"]) - set(stations["id"]))
    if unknown:
        raise ValueError(f"no coordinates for {', '.join(unknown[:5])}; the station table has {len(stations)} stations")
    box = [(stations[axis].min() - margin_deg, stations[axis].max() + margin_deg) for axis in ("latitude", "longitude")]
    engine = pyocto.OctoAssociator.from_area(*box, depth_km, velocity_model=velocity, time_before=longest_s, **options)
    places = engine.transform_stations(stations.copy())
    events, assignments = engine.associate(for_pyocto(picks), places)
    if len(events) == 0:
        return Association(_empty("event", "time", "latitude_deg", "longitude_deg", "depth_km", "picks"),
                           _empty("event", "pick", "residual_s"))
    events = engine.transform_events(events)
    table = pd.DataFrame({"event": events["idx"], "time": _times(events["time"]), "latitude_deg": events["latitude"],
                          "longitude_deg": events["longitude"], "depth_km": events["depth"], "picks": events["picks"]})
    parts = pd.DataFrame({"event": assignments["event_idx"], "pick": assignments["pick_idx"],
                          "residual_s": assignments["residual"]})
    return Association(table.sort_values("time", ignore_index=True), parts.reset_index(drop=True))


def _empty(*names: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="datetime64[ns]" if name == "time" else float) for name in names})


def _times(seconds: pd.Series) -> pd.Series:
    if seconds.dtype.kind == "f":
        return pd.Series(np.round(seconds.to_numpy() * 1e9).astype(np.int64).view("datetime64[ns]"), seconds.index)
    return pd.to_datetime(seconds).dt.tz_localize(None).astype("datetime64[ns]")


def compare(events: pd.DataFrame, catalogue: pd.DataFrame, tolerance_s: float = 3.0, tolerance_km: float = 30.0
            ) -> pd.DataFrame:
    """Which events are in a catalogue: nearest origin times first, each once.

    Parameters
    ----------
    events, catalogue : DataFrame
        time, latitude_deg, longitude_deg, depth_km.
    tolerance_s, tolerance_km : float
        Largest difference of origin times and of epicentres.

    Returns
    -------
    DataFrame
        One row a match: event and catalogue (rows), time_s, epicentre_km, depth_km (found minus true).
    """
    start = catalogue["time"].min() if len(catalogue) else pd.Timestamp(0)
    seconds = [(table["time"] - start).dt.total_seconds().to_numpy() if len(table) else np.zeros(0)
               for table in (events, catalogue)]
    pairs = match_picks(*seconds, tolerance_s)
    found, true = events.iloc[pairs.predicted], catalogue.iloc[pairs.labelled]
    away = distance_km(found["latitude_deg"].to_numpy(), found["longitude_deg"].to_numpy(),
                       true["latitude_deg"].to_numpy(), true["longitude_deg"].to_numpy())
    table = pd.DataFrame({"event": pairs.predicted, "catalogue": pairs.labelled, "time_s": pairs.error_samples,
                          "epicentre_km": away,
                          "depth_km": found["depth_km"].to_numpy(float) - true["depth_km"].to_numpy(float)})
    return table[table["epicentre_km"] <= tolerance_km].sort_values("event", ignore_index=True)


def distance_km(latitude_deg: Any, longitude_deg: Any, other_latitude_deg: Any, other_longitude_deg: Any) -> np.ndarray:
    """Great-circle distance on a sphere of 6371 km."""
    a, b, c, d = (np.deg2rad(np.asarray(v, float)) for v in (latitude_deg, longitude_deg, other_latitude_deg,
                                                             other_longitude_deg))
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * 6371 * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
