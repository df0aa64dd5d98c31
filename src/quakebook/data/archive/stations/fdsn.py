"""StationXML from an FDSN station service, kept in a cache, network by network."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.data.archive.errors import StoreError, checked_timeout
from quakebook.data.archive.files import digest, whole

if TYPE_CHECKING:
    from obspy import Inventory

#: ObsPy's word for the data centre that was called IRIS.
ALIASES = {"IRIS": "EARTHSCOPE"}
#: Answers after which asking again helps; ObsPy's texts name them so.
_PASSING = ("503", "502", "504", "429", "Service temporarily", "timed out", "Timeout", "Connection", "IncompleteRead",
            "Remote end closed", "urlopen", "Temporary failure", "Server Error", "Internal server error")


@dataclass(frozen=True)
class Query:
    """What is asked of the station service.

    Times are ISO strings; `box_deg` is (south, north, west, east).
    """

    stations: str = "*"
    locations: str = "*"
    channels: str = "*"
    start: str | None = None
    end: str | None = None
    box_deg: tuple[float, float, float, float] | None = None

    def parameters(self, network: str) -> dict[str, Any]:
        """Keyword arguments of ObsPy's `get_stations`."""
        from obspy import UTCDateTime

        out: dict[str, Any] = {"network": network, "station": self.stations, "location": self.locations,
                               "channel": self.channels, "level": "response"}
        out |= {name: UTCDateTime(value) for name, value in (("starttime", self.start), ("endtime", self.end)) if value}
        if self.box_deg:
            names = ("minlatitude", "maxlatitude", "minlongitude", "maxlongitude")
            out |= dict(zip(names, self.box_deg, strict=True))
        return out


class StationService:
    """One FDSN web service, contacted at the first question.

    Parameters
    ----------
    client : str
        A name that ObsPy knows (IRIS is accepted for EARTHSCOPE) or the address of a server.
    cache : str or Path, optional
        Folder for answers; the same question is then asked once.
    timeout_s : float
    retries : int
        Further tries after an answer that may pass.
    """

    def __init__(self, client: str = "IRIS", cache: str | Path | None = None, timeout_s: float = 300.0,
                 retries: int = 3, refresh: bool = False) -> None:
        self.client, self.timeout_s = client, checked_timeout(timeout_s)
        self.retries, self.refresh = retries, refresh
        self.cache = Path(cache) if cache else None
        self._service: Any = None

    def network(self, code: str, query: Query) -> Inventory | None:
        """Stations of one network; None when the service knows none that match."""
        from obspy import read_inventory

        word = "".join(letter if letter.isalnum() else "_" for letter in code)
        file = self.cache and self.cache / f"{word}-{self._name(code, query)}.xml"
        if file and file.is_file() and not self.refresh:
            return read_inventory(str(file))
        inventory = self._ask(code, query)
        if file and inventory is not None:
            text = io.BytesIO()
            inventory.write(text, format="STATIONXML")
            with whole(file) as part:
                part.write_bytes(text.getvalue())
        return inventory

    def _name(self, code: str, query: Query) -> str:
        return digest(self.client, code, vars(query))

    def _ask(self, code: str, query: Query) -> Inventory | None:
        from obspy.clients.fdsn.header import FDSNNoDataException

        def question() -> Inventory | None:
            if self._service is None:
                self._service = self._connect()
            try:
                return self._service.get_stations(**query.parameters(code))
            except FDSNNoDataException:
                return None

        return self._retry(question, f"{self.client}, network {code}")

    def _connect(self) -> Any:
        from obspy.clients.fdsn import Client

        return Client(ALIASES.get(self.client.upper(), self.client), timeout=self.timeout_s)

    def _retry(self, question: Callable[[], Any], what: str) -> Any:
        for attempt in range(self.retries + 1):
            try:
                return question()
            except Exception as error:  # ObsPy, urllib, lxml and socket errors
                text = " ".join(str(error).split()) or type(error).__name__
                cut = "XML" in type(error).__name__ or "Premature end" in text or "Extra content" in text
                passing = cut or isinstance(error, (ConnectionError, TimeoutError)) or any(w in text for w in _PASSING)
                if not passing or attempt == self.retries:
                    tries = f" after {attempt + 1} tries" if passing else ""
                    raise StoreError(f"station service {what}: {text[:200]}{tries}. Check the address and the question,"
                                     " try later, or read StationXML files with --stationxml") from error
                time.sleep(0.05 * 2**attempt)
        raise AssertionError("unreachable")
