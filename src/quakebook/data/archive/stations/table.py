"""The station table: one row for each channel and epoch, with place, orientation, gain and response curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quakebook.data.archive.errors import DamagedError, StoreError
from quakebook.data.archive.tables import STATION_SCHEMA, read_table

if TYPE_CHECKING:
    from obspy import Inventory
    from obspy.core.inventory import Channel

#: Where the response curve is sampled.
RESPONSE_FREQUENCIES_HZ = np.logspace(np.log10(0.01), np.log10(50.0), 64)
_CODES = ["network", "station", "location", "channel"]


def stations_of(inventory: Inventory) -> pd.DataFrame:
    """Rows of all channels of an ObsPy inventory; what StationXML leaves out becomes NaN, None or an empty word."""
    rows = [_row(network.code, station, channel) for network in inventory for station in network for channel in station]
    table = pd.DataFrame(rows, columns=STATION_SCHEMA.names)
    for name in ("start_time", "end_time"):
        table[name] = pd.to_datetime(table[name], utc=True).astype("datetime64[ns, UTC]")
    return table.sort_values([*_CODES, "start_time"], ignore_index=True)


def _row(network: str, station: Any, channel: Channel) -> dict[str, Any]:
    response = channel.response
    total = response.instrument_sensitivity if response is not None else None
    return {"network": network, "station": station.code, "location": channel.location_code, "channel": channel.code,
            "latitude": _number(channel.latitude), "longitude": _number(channel.longitude),
            "elevation": _number(channel.elevation), "depth": _number(channel.depth),
            "azimuth": _number(channel.azimuth), "dip": _number(channel.dip),
            "sample_rate": _number(channel.sample_rate), "gain": _number(total and total.value),
            "gain_frequency": _number(total and total.frequency), "input_units": (total and total.input_units) or "",
            "sensor": _words(channel.sensor), "datalogger": _words(channel.data_logger),
            "start_time": _time(channel.start_date), "end_time": _time(channel.end_date),
            "site": (station.site and station.site.name) or "", "response_logamp": response_curve(channel)}


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)


def _words(equipment: Any) -> str:
    if equipment is None:
        return ""
    return equipment.description or " ".join(w for w in (equipment.manufacturer, equipment.model) if w) or ""


def _time(value: Any) -> pd.Timestamp | None:
    return None if value is None or value.year > 2260 else pd.Timestamp(value.ns, unit="ns", tz="UTC")


def response_curve(channel: Channel) -> list[float] | None:
    """log10 of the velocity response in counts s/m at 64 frequencies; NaN above Nyquist, None without a response.

    Evaluated at the asked frequencies by evalresp (through ObsPy).
    """
    if channel.response is None or not channel.response.response_stages:
        return None
    try:
        values = channel.response.get_evalresp_response_for_frequencies(RESPONSE_FREQUENCIES_HZ, output="VEL")
    except Exception:  # evalresp knows many kinds of incomplete responses; each means "no curve"
        return None
    with np.errstate(divide="ignore"):
        curve = np.log10(np.abs(values))
    return np.where((channel.sample_rate or np.inf) / 2 >= RESPONSE_FREQUENCIES_HZ, curve, np.nan).tolist()


def read_inventories(paths: Iterable[str | Path]) -> Inventory:
    """One inventory of StationXML files (or folders of them)."""
    from obspy import Inventory, read_inventory

    out = Inventory()
    for path in map(Path, paths):
        files = sorted(path.glob("*.xml")) if path.is_dir() else [path]
        for file in files:
            try:
                out += read_inventory(str(file))
            except FileNotFoundError as error:
                raise StoreError(f"there is no StationXML file {file}") from error
            except Exception as error:  # lxml, ObsPy and value errors alike
                raise DamagedError(f"{file} is no readable StationXML: {str(error).splitlines()[0]}") from error
    return out


class Stations:
    """A station table with look-up by code and time.

    Parameters
    ----------
    table : DataFrame, or path of one
    """

    def __init__(self, table: pd.DataFrame | str | Path) -> None:
        self.table = table if isinstance(table, pd.DataFrame) else read_table(table, STATION_SCHEMA)
        start, end = (self.table[name].astype("datetime64[ns, UTC]") for name in ("start_time", "end_time"))
        numbers = np.iinfo(np.int64)
        self._start = np.where(start.isna(), numbers.min, start.astype("int64"))
        self._end = np.where(end.isna(), numbers.max, end.astype("int64"))
        self._rows: dict[tuple, NDArray[np.int64]] = {
            key: np.asarray(rows) for key, rows in self.table.groupby(_CODES, sort=False).indices.items()}

    def lookup(self, network: str, station: str, location: str, channel: str, time: Any) -> dict[str, Any] | None:
        """The row of a channel at a time (anything pandas reads as one); None when it is not in the table.

        Where epochs overlap, the one that began last counts.
        """
        rows = self._rows.get((network, station, location, channel))
        if rows is None:
            return None
        stamp = pd.Timestamp(time)
        at = (stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp).as_unit("ns").value
        inside = rows[(self._start[rows] <= at) & (at < self._end[rows])]
        if not len(inside):
            return None
        return self.table.iloc[inside[np.argmax(self._start[inside])]].to_dict()


def network_tables(inventories: Sequence[Inventory]) -> pd.DataFrame:
    """One table of several inventories, without repeated rows."""
    tables = [stations_of(inventory) for inventory in inventories]
    filled = [table for table in tables if len(table)]
    if not filled:
        raise StoreError("no station matches; widen networks, times or the box. No table was written")
    whole = pd.concat(filled, ignore_index=True)
    return whole.drop_duplicates([*_CODES, "start_time"]).sort_values([*_CODES, "start_time"], ignore_index=True)


def chosen(table: pd.DataFrame, codes: dict[str, Sequence[str]], box_deg: tuple[float, float, float, float] | None,
           start: str | None, end: str | None) -> pd.DataFrame:
    """Rows whose codes match (wildcards allowed), that lie in the box (south, north, west, east) and whose epoch
    touches the time from `start` to `end`.

    Raises
    ------
    StoreError
        Nothing is left.
    """
    keep = pd.Series(True, index=table.index)
    for name, patterns in codes.items():
        keep &= table[name].map(lambda code, patterns=patterns: any(fnmatchcase(code, p) for p in patterns))
    if box_deg:
        keep &= table["latitude"].between(*box_deg[:2]) & table["longitude"].between(*box_deg[2:])
    if start:
        keep &= ~(table["end_time"] <= pd.Timestamp(start, tz="UTC"))
    if end:
        keep &= ~(table["start_time"] >= pd.Timestamp(end, tz="UTC"))
    if not keep.any():
        raise StoreError("no station matches; widen networks, times or the box. No table was written")
    return table[keep].reset_index(drop=True)
