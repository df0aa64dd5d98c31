"""Cut a manifest of continuous data into chunks that know everything about themselves, their name included."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from quakebook.picking.chunks.files import whole

#: Columns that a manifest must have: one row for each object and channel.
NEEDED = ("key", "bucket", "etag", "network", "station", "location", "channel", "start_time", "end_time")
PLAN, PICKS, CLAIMS, FAILED, SUMMARY = "plan.json", "picks", "claims", "failed", "summary.json"


class PlanError(ValueError):
    """A plan cannot be made or read; the message says why."""


@dataclass(frozen=True)
class Chunk:
    """One station over one interval: what it owns, and which objects hold it and its surroundings.

    Attributes
    ----------
    station : str
        ``NET.STA``.
    begin, end : str
        ISO times in UTC; picks with ``begin <= time < end`` belong to the chunk.
    margin_s : float
        How far the data reach beyond, so that picks near the ends are those of the whole.
    objects : tuple of (bucket, key, etag)
    channels : tuple of str
        Full codes ``NET.STA.LOC.CHA`` that are annotated.
    """

    station: str
    begin: str
    end: str
    margin_s: float
    objects: tuple[tuple[str, str, str], ...]
    channels: tuple[str, ...]

    def name(self, settings: dict[str, Any]) -> str:
        """Name of the output, from settings and content: a changed model, option or file gives another one.

        The bucket is left out: the same files in another place give the same picks.
        """
        content = asdict(self) | {"objects": [entry[1:] for entry in self.objects], "settings": settings}
        digest = hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()
        return f"{self.station}_{self.begin[:13].replace(':', '')}_{digest}"


@dataclass(frozen=True)
class Plan:
    """Chunks and the settings that they share.

    Attributes
    ----------
    settings : dict
        Everything else that decides about the picks: identity of the model, options; plain JSON.
    chunks : list of Chunk
    """

    settings: dict[str, Any]
    chunks: list[Chunk] = field(default_factory=list)

    def names(self) -> dict[str, Chunk]:
        """Chunks by the names of their outputs, in the order of the plan."""
        return {chunk.name(self.settings): chunk for chunk in self.chunks}

    def save(self, folder: str | Path) -> Path:
        """Write ``plan.json``; a folder that holds another plan is refused."""
        path = Path(folder) / PLAN
        text = json.dumps({"settings": self.settings, "chunks": [asdict(chunk) for chunk in self.chunks]}, indent=1)
        if path.is_file() and Plan.load(folder) != self:
            raise PlanError(f"{path} is the plan of another annotation (model, options or data differ); "
                            "name another folder")
        with whole(path) as part:
            part.write_text(text + "\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, folder: str | Path) -> Plan:
        """Read the plan of a folder."""
        path = Path(folder) / PLAN
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            chunks = [Chunk(**entry | {"objects": tuple(tuple(item) for item in entry["objects"]),
                                       "channels": tuple(entry["channels"])}) for entry in content["chunks"]]
            return cls(content["settings"], chunks)
        except FileNotFoundError as error:
            raise PlanError(f"there is no plan {path}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise PlanError(f"{path} is not a readable plan: {error}") from error


def cut(manifest: pd.DataFrame, settings: dict[str, Any], hours: float = 24.0, margin_s: float = 120.0) -> Plan:
    """Cut a manifest into one chunk for each station and interval that holds data.

    Parameters
    ----------
    manifest : DataFrame
        Columns `NEEDED`; times in UTC. `start_time` and `end_time` are those of the first and last sample.
    settings : dict
    hours : float
        Length of the intervals; they begin at midnight when it divides 24.
    margin_s : float
        At least two windows of the model.

    Raises
    ------
    PlanError
        A missing column, or nothing to do.
    """
    missing = [name for name in NEEDED if name not in manifest]
    if missing:
        raise PlanError(f"the manifest lacks the columns {', '.join(missing)}; it has {', '.join(manifest)}")
    if not 1 / 3600 <= hours <= 24 * 366 or margin_s < 0:
        raise PlanError("`hours` must lie between a second and a year and `margin_s` be at least 0; "
                        f"found {hours}, {margin_s}")
    table = manifest.assign(begin=_nanoseconds(manifest["start_time"]), stop=_nanoseconds(manifest["end_time"]))
    step, margin, chunks = round(hours * 3600) * 10**9, round(margin_s * 10**9), []
    for (network, station), rows in table.groupby(["network", "station"], sort=True):
        rows = rows.sort_values(["key", "channel"])
        begin, stop = rows["begin"].to_numpy(), rows["stop"].to_numpy()
        entries = list(zip(rows["bucket"], rows["key"], rows["etag"].astype(str), _codes(rows), strict=True))
        for first in range(begin.min() // step * step, stop.max() + 1, step):
            if ((begin < first + step) & (stop >= first)).any():
                near = np.flatnonzero((begin < first + step + margin) & (stop >= first - margin))
                chunks.append(_chunk(f"{network}.{station}", first, step, margin_s, [entries[k] for k in near]))
    if not chunks:
        raise PlanError("the manifest has no rows: there is nothing to annotate")
    return Plan(settings, sorted(chunks, key=lambda chunk: (chunk.begin, chunk.station)))


def _nanoseconds(times: pd.Series) -> pd.Series:
    return pd.to_datetime(times, utc=True).dt.tz_convert(None).astype("datetime64[ns]").astype(np.int64)


def _codes(rows: pd.DataFrame) -> pd.Series:
    return rows["network"] + "." + rows["station"] + "." + rows["location"].fillna("") + "." + rows["channel"]


def _chunk(station: str, begin_ns: int, step_ns: int, margin_s: float, entries: list[tuple[str, ...]]) -> Chunk:
    begin, end = (np.datetime_as_string(np.datetime64(time, "ns"), "ms") for time in (begin_ns, begin_ns + step_ns))
    objects = dict.fromkeys(entry[:3] for entry in entries)
    return Chunk(station, str(begin), str(end), margin_s, tuple(objects), tuple(sorted({e[3] for e in entries})))


def from_requests(requests: Sequence[tuple[str, str, str, str]], settings: dict[str, Any], hours: float = 24.0,
                  margin_s: float = 120.0) -> Plan:
    """A plan without a manifest, for data that a service gives on request: (service, channel, begin, end) each."""
    rows = []
    for service, code, begin, end in requests:
        network, station, location, channel = code.split(".")
        rows.append({"key": code, "bucket": service, "etag": "", "network": network, "station": station,
                     "location": location, "channel": channel, "start_time": begin, "end_time": end})
    return cut(pd.DataFrame(rows), settings, hours, margin_s)
