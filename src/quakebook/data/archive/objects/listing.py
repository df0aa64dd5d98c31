"""Which objects of an archive are wanted, and finding them without listing the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from itertools import chain, islice

import pandas as pd

from quakebook.data.archive.objects.layouts import Identity, Layout, layout_named, layout_of
from quakebook.data.archive.stores.contract import Store, StoredObject

#: Keys that are looked at to recognise a layout.
SAMPLE_KEYS = 20


@dataclass(frozen=True)
class Wish:
    """Which objects of an archive are wanted.

    Attributes
    ----------
    prefix : str
        Below the store's root; empty: all.
    layout : str
        A name of `layouts.LAYOUTS`, or "auto".
    networks, stations, channels : sequence of str
        Codes with wildcards * and ?; empty: all.
    first, last : date, optional
        Days, both included.
    box_deg : (south, north, west, east), optional
        With `places`, a station table.
    max_files_per_station : int
    """

    prefix: str = ""
    layout: str = "auto"
    networks: Sequence[str] = ()
    stations: Sequence[str] = ()
    channels: Sequence[str] = ()
    first: date | None = None
    last: date | None = None
    box_deg: tuple[float, float, float, float] | None = None
    places: pd.DataFrame | None = None
    max_files_per_station: int = 10_000

    def __str__(self) -> str:
        words = {"prefix": self.prefix, "layout": self.layout, "networks": " ".join(self.networks),
                 "stations": " ".join(self.stations), "channels": " ".join(self.channels), "from": self.first,
                 "to": self.last, "box": self.box_deg}
        return ", ".join(f"{name} {value}" for name, value in words.items() if value) or "any miniSEED"

    def allows(self, identity: Identity) -> bool:
        """Whether what a key says fits; what it does not say is decided later, by the header."""
        day = identity.day
        if day is not None and ((self.first and day < self.first) or (self.last and day > self.last)):
            return False
        return all(_fits(code, wanted) for code, wanted in (
            (identity.network, self.networks), (identity.station, self.stations), (identity.channel, self.channels)))

    def of_rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of a manifest whose headers fit."""
        keep = pd.Series(True, index=table.index)
        for column, wanted in (("network", self.networks), ("station", self.stations), ("channel", self.channels)):
            keep &= table[column].map(lambda code, wanted=wanted: _fits(code, wanted))
        if self.first:
            keep &= table["end_time"] >= pd.Timestamp(self.first, tz="UTC")
        if self.last:
            keep &= table["start_time"] < pd.Timestamp(self.last, tz="UTC") + pd.Timedelta(days=1)
        if self.box_deg and self.places is not None:
            south, north, west, east = self.box_deg
            inside = self.places[self.places["latitude"].between(south, north)
                                 & self.places["longitude"].between(west, east)]
            keep &= pd.MultiIndex.from_frame(table[["network", "station"]]).isin(
                pd.MultiIndex.from_frame(inside[["network", "station"]]))
        return table[keep]


def _fits(code: str | None, wanted: Sequence[str]) -> bool:
    return code is None or not wanted or any(fnmatchcase(code, pattern) for pattern in wanted)


def listed(store: Store, wish: Wish) -> tuple[Layout, Iterator[StoredObject]]:
    """The layout of a place and its wanted objects.

    With the layout "auto", the first keys decide. Days are listed one by one where the keys below the prefix begin with
    a folder for each.
    """
    keys = [item.key for item in islice(store.list(wish.prefix), SAMPLE_KEYS)]
    layout = layout_of(store.url, keys) if wish.layout == "auto" else layout_named(wish.layout)
    by_day = any(layout.begins_with_day(key.removeprefix(wish.prefix)) for key in keys)
    return layout, _wanted(store, layout, wish, by_day)


def _wanted(store: Store, layout: Layout, wish: Wish, by_day: bool) -> Iterator[StoredObject]:
    plain = [code for code in wish.networks if not set(code) & set("*?[")]
    networks = plain if len(plain) == len(wish.networks) else None
    root = wish.prefix
    folders = layout.folders(networks, wish.first, wish.last) if by_day else [""]
    counts: dict[tuple, int] = {}
    for item in chain.from_iterable(store.list(root + folder) for folder in folders):
        identity = layout.identify(item.key)
        if identity is None or not wish.allows(identity):
            continue
        station = (identity.network, identity.station)
        counts[station] = counts.get(station, 0) + 1
        if identity.station is None or counts[station] <= wish.max_files_per_station:
            yield item
