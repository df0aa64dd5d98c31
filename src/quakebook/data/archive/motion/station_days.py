"""Station-days: the unit in which an archive is read, split and shared out among workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quakebook.data.archive.errors import StoreError
from quakebook.data.archive.files import digest

DAY_NS = 86_400 * 10**9
#: Components wanted, in order; 1 and 2 stand for N and E where a sensor is turned, 3 for Z.
COMPONENTS = ("Z3", "N1", "E2")


@dataclass(frozen=True)
class StationDay:
    """The channels of one instrument on one UTC day.

    Attributes
    ----------
    network, station, location, band : str
        `band` is the channel code without its component ("HH").
    day : int
        Days since 1970.
    rows : DataFrame
        Rows of the manifest that hold samples of it.
    """

    network: str
    station: str
    location: str
    band: str
    day: int
    rows: pd.DataFrame

    @property
    def code(self) -> str:
        """NET.STA.LOC.BAND."""
        return f"{self.network}.{self.station}.{self.location}.{self.band}"

    @property
    def date(self) -> str:
        """YYYY-MM-DD."""
        return str(np.datetime64(self.day, "D"))

    @property
    def start_ns(self) -> int:
        """Midnight at its beginning."""
        return self.day * DAY_NS

    @property
    def seconds(self) -> float:
        """Span that the manifest promises."""
        stop = np.minimum(_ns(self.rows["end_time"]), self.start_ns + DAY_NS).max()
        return float(stop - np.maximum(_ns(self.rows["start_time"]), self.start_ns).min()) * 1e-9

    def identity(self) -> list[Any]:
        """What decides its content: codes, day, and the objects with their sizes and tags."""
        objects = self.rows[["key", "size_bytes", "etag", "channel"]].astype(str).to_numpy().tolist()
        return [self.code, self.day, sorted(objects)]


def station_days(manifest: pd.DataFrame, bands: Sequence[str] = (), shortest_s: float = 30.0) -> list[StationDay]:
    """Group a manifest, sorted by code and day.

    Parameters
    ----------
    manifest : DataFrame
    bands : sequence of str
        Channel codes without component, e.g. ("HH", "BH"); empty: all.
    shortest_s : float
        An object that reaches into a day by less gives nothing there (files often run a second past midnight).

    Raises
    ------
    StoreError
        Nothing is left.
    """
    table = manifest.assign(band=manifest["channel"].str[:2], component=manifest["channel"].str[2:3])
    table = table[table["component"].isin(list("".join(COMPONENTS)))]
    if bands:
        table = table[table["band"].isin(list(bands))]
    table = _by_day(table.reset_index(drop=True), shortest_s)  # manifests put together repeat their row numbers
    groups = table.groupby(["network", "station", "location", "band", "day"], sort=True)
    out = [StationDay(*key[:4], int(key[4]), rows.drop(columns=["band", "component", "day"]).reset_index(drop=True))
           for key, rows in groups]
    if not out:
        held = ", ".join(sorted(manifest["channel"].str[:2].unique())[:10])
        raise StoreError(f"the manifest holds no three-component data of {' '.join(bands) or 'any band'}; "
                         f"it has {held or 'no rows'}")
    return out


def _by_day(table: pd.DataFrame, shortest_s: float) -> pd.DataFrame:
    """One row for each day that an object reaches into."""
    start, end = _ns(table["start_time"]), _ns(table["end_time"])
    parts = []
    for number in range(int((end // DAY_NS - start // DAY_NS).max()) + 1 if len(table) else 0):
        day = start // DAY_NS + number
        overlap = np.minimum(end, (day + 1) * DAY_NS) - np.maximum(start, day * DAY_NS)
        whole = end <= (day + 1) * DAY_NS if number == 0 else False  # a short object that no midnight cuts stays
        keep = whole | (overlap >= shortest_s * 1e9)
        parts.append(table[keep & (day <= end // DAY_NS)].assign(day=day))
    return pd.concat(parts, ignore_index=True) if parts else table.assign(day=0)


def _ns(times: pd.Series) -> pd.Series:
    """Nanoseconds since 1970, whatever the unit of the column."""
    return times.astype("datetime64[ns, UTC]").astype("int64")


def plan_digest(days: Sequence[StationDay], *settings: Any) -> str:
    """A name that changes with the settings and with any object."""
    return digest([day.identity() for day in days], *[repr(item) for item in settings])
