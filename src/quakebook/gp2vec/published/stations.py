"""Station metadata under the published names; nothing is asked of a network before a table is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd


def build_metadata_table(networks: Sequence[str], starttime: str | None = None, endtime: str | None = None,
                         fdsn_client: str = "IRIS", cache_dir: str | Path | None = None) -> pd.DataFrame:
    """One row per channel epoch of the networks, from an FDSN station service.

    Parameters
    ----------
    networks : sequence of str
    starttime, endtime : str, optional
    fdsn_client : str
        A name that ObsPy knows, or the address of a server.
    cache_dir : path, optional
        Folder for answers.
    """
    from quakebook.data.archive import Query, StationService
    from quakebook.data.archive.stations.table import network_tables

    query = Query("*", "*", "*", starttime, endtime, None)
    service = StationService(fdsn_client, cache_dir)
    answers = [service.network(network, query) for network in networks]
    return network_tables([inventory for inventory in answers if inventory is not None])


class StationMetadataManager:
    """A station table: given, read from a file, or asked for.

    Parameters
    ----------
    path_or_table : DataFrame or path, optional
    fdsn_client : str
    cache_dir : path, optional
    """

    def __init__(self, path_or_table: pd.DataFrame | str | Path | None = None, fdsn_client: str = "IRIS",
                 cache_dir: str | Path | None = None) -> None:
        self.fdsn_client, self.cache_dir = fdsn_client, cache_dir
        self._given, self._stations = path_or_table, None

    @property
    def stations(self) -> Any:
        """The table with its look-up; a missing table is an error, never a guess."""
        from quakebook.data.archive import Stations

        if self._stations is None:
            if self._given is None:
                raise ValueError("no station table: give `path_or_table`, or call build_metadata_table first")
            self._stations = Stations(self._given)
        return self._stations

    def build_metadata_table(self, networks: Sequence[str], starttime: str | None = None,
                             endtime: str | None = None) -> pd.DataFrame:
        """Ask the service, and keep the table."""
        self._given = build_metadata_table(networks, starttime, endtime, self.fdsn_client, self.cache_dir)
        self._stations = None
        return self._given

    def lookup(self, network: str, station: str, location: str, channel: str, time: Any) -> dict[str, Any] | None:
        """The row of a channel at a time; None when it is not in the table."""
        return self.stations.lookup(network, station, location, channel, time)
