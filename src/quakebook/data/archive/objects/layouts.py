"""How public archives name their objects: which prefixes hold a day, and what a key says about its content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quakebook.data.archive.errors import StoreError

#: Endings that mark miniSEED where a layout says nothing.
MINISEED_ENDINGS = (".mseed", ".ms", ".miniseed")


@dataclass(frozen=True)
class Identity:
    """What a key says: SEED codes (None = it does not say), year and day of the year."""

    network: str | None = None
    station: str | None = None
    location: str | None = None
    channel: str | None = None
    year: int | None = None
    doy: int | None = None

    @property
    def day(self) -> date | None:
        """Calendar day, or None."""
        return None if self.year is None else date(self.year, 1, 1) + timedelta(days=(self.doy or 1) - 1)


@dataclass(frozen=True)
class Layout:
    """Keys of one archive, relative to `prefix`.

    Attributes
    ----------
    pattern : str
        Regular expression of a whole key below the prefix, with the named groups of `Identity`.
    day_folder : str
        Folder of one day below the prefix; {network}, {year}, {doy:03d}. Empty: the whole prefix is listed.
    many_channels : bool
        An object holds all channels of a station-day.
    """

    name: str
    pattern: str
    day_folder: str = ""
    many_channels: bool = False
    bucket: str = ""
    prefix: str = ""
    region: str = "us-west-2"
    anonymous: bool = True

    def identify(self, key: str) -> Identity | None:
        """What the key (below the prefix) says; None when it is no data of this layout."""
        match = re.fullmatch(self.pattern, key)
        if match is None:
            return None
        words = {name: value for name, value in match.groupdict().items() if name != "version"}
        for name in ("station", "location"):
            if words.get(name) is not None:
                words[name] = words[name].replace("_", "").strip()
        numbers = {name: int(words.pop(name)) for name in ("year", "doy") if words.get(name)}
        return Identity(**words, **numbers)

    def begins_with_day(self, key: str) -> bool:
        """Whether a key begins with the folder of its day, so that days can be listed one by one."""
        identity = self.identify(key)
        return bool(self.day_folder) and identity is not None and identity.year is not None and key.startswith(
            self.day_folder.format(network=identity.network, year=identity.year, doy=identity.doy) + "/")

    def folders(self, networks: Sequence[str] | None, first: date | None, last: date | None) -> Iterator[str]:
        """Prefixes that hold the asked days (and networks), so that nothing else is listed."""
        per_network = "{network}" in self.day_folder
        if not self.day_folder or first is None or last is None or (per_network and not networks):
            yield ""
            return
        for network in networks if per_network else [""]:
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                yield self.day_folder.format(network=network, year=day.year, doy=day.timetuple().tm_yday) + "/"


LAYOUTS = {layout.name: layout for layout in (
    Layout("scedc", r"(?:.*/)?(?P<network>[A-Z0-9]{2})(?P<station>[A-Z0-9_]{5})(?P<channel>[A-Z0-9]{3})"
                    r"(?P<location>[A-Z0-9_]{2})_(?P<year>\d{4})(?P<doy>\d{3})\.ms",
           "{year}/{year}_{doy:03d}", bucket="scedc-pds", prefix="continuous_waveforms/"),
    Layout("ncedc", r"(?:.*/)?(?P<station>[A-Z0-9]{1,5})\.(?P<network>[A-Z0-9]{1,2})\.(?P<channel>[A-Z0-9]{3})\."
                    r"(?P<location>[A-Z0-9_]{0,2})\.D\.(?P<year>\d{4})\.(?P<doy>\d{3})",
           "{network}/{year}/{year}.{doy:03d}", bucket="ncedc-pds", prefix="continuous_waveforms/", region="us-east-2"),
    Layout("earthscope", r"(?:.*/)?(?P<station>[A-Z0-9]{1,5})\.(?P<network>[A-Z0-9]{1,2})\.(?P<year>\d{4})\."
                         r"(?P<doy>\d{3})",
           "{network}/{year}/{doy:03d}", True, bucket="earthscope-geophysical-data", prefix="miniseed/",
           region="us-east-2"),
    Layout("earthscope-restricted", r"(?:.*/)?(?P<station>[A-Z0-9]{1,5})\.(?P<network>[A-Z0-9]{1,2})\.(?P<year>\d{4})"
                                    r"\.(?P<doy>\d{3})#(?P<version>\d+)",
           "{network}/{year}/{doy:03d}", True, prefix="miniseed/", region="us-east-2", anonymous=False),
    Layout("geonet", r"(?:.*/)?(?P<year>\d{4})\.(?P<doy>\d{3})\.(?P<station>[A-Z0-9]{1,5})\."
                     r"(?P<location>[A-Z0-9]{0,2})-(?P<channel>[A-Z0-9]{3})\.(?P<network>[A-Z0-9]{1,2})\.D",
           "{year}/{year}.{doy:03d}", bucket="geonet-open-data", prefix="waveforms/miniseed/", region="ap-southeast-2"),
    Layout("generic", rf".*(?:{'|'.join(re.escape(ending) for ending in MINISEED_ENDINGS)})", many_channels=True),
)}


def layout_named(name: str) -> Layout:
    """A layout by name."""
    if name not in LAYOUTS:
        raise StoreError(f"unknown layout {name!r}; known: {', '.join(LAYOUTS)}, or auto")
    return LAYOUTS[name]


def layout_of(bucket: str, keys: Sequence[str]) -> Layout:
    """The layout of a known bucket, else the first one that fits at least half of these keys, else generic."""
    for layout in LAYOUTS.values():
        if layout.bucket and bucket.removeprefix("s3://").split("/")[0] == layout.bucket:
            return layout
    for layout in LAYOUTS.values():
        if keys and layout.name != "generic" and 2 * sum(layout.identify(key) is not None for key in keys) >= len(keys):
            return layout
    return LAYOUTS["generic"]
