"""Picks as the tables of associators, and as files: Parquet, CSV, QuakeML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from quakebook.picking.chunks.files import read_picks, whole

#: Ending -> kind.
KINDS = {".parquet": "parquet", ".csv": "csv", ".xml": "quakeml", ".quakeml": "quakeml", ".qml": "quakeml"}
SHORT = {"parquet": "picks.parquet", "csv": "picks.csv", "quakeml": "picks.xml"}


def for_gamma(picks: pd.DataFrame) -> pd.DataFrame:
    """Columns of GaMMA: id (``NET.STA.LOC``), timestamp, prob, type (lower case), and amp in m/s where there is one."""
    table = pd.DataFrame({"id": picks["trace_id"], "timestamp": picks["time"], "prob": picks["probability"],
                          "type": picks["phase"].str.lower()})
    if picks["velocity_m_per_s"].notna().any():
        table["amp"] = picks["velocity_m_per_s"]
    return table.reset_index(drop=True)


def for_pyocto(picks: pd.DataFrame) -> pd.DataFrame:
    """Columns of PyOcto: station (``NET.STA.LOC``), phase, time (seconds since 1970), probability."""
    return pd.DataFrame({"station": picks["trace_id"], "phase": picks["phase"],
                         "time": picks["time"].astype("datetime64[ns]").astype(np.int64) / 1e9,
                         "probability": picks["probability"]}).reset_index(drop=True)


def kind_of(path: str | Path) -> tuple[str, Path]:
    """Kind and file name: "quakeml" alone means ``picks.xml``, and so on.

    >>> kind_of("csv"), kind_of("today.xml")
    (('csv', PosixPath('picks.csv')), ('quakeml', PosixPath('today.xml')))
    """
    if str(path) in SHORT:
        return str(path), Path(SHORT[str(path)])
    path = Path(path)
    if path.suffix.lower() not in KINDS:
        raise ValueError(f"{path}: the ending must be one of {', '.join(KINDS)}, or the name {', '.join(SHORT)}")
    return KINDS[path.suffix.lower()], path


def write_picks(picks: pd.DataFrame, path: str | Path, provenance: dict[str, Any] | None = None) -> Path:
    """Write picks; the ending (or "csv", "parquet", "quakeml") decides about the form.

    Parameters
    ----------
    provenance : dict, optional
        ``model``, ``identity``, ``version``: goes into QuakeML.
    """
    kind, path = kind_of(path)
    with whole(path) as part:
        if kind == "parquet":
            picks.to_parquet(part, index=False)
        elif kind == "csv":
            picks.to_csv(part, index=False, date_format="%Y-%m-%dT%H:%M:%S.%f")
        else:
            from quakebook.picking.export.quakeml import catalogue

            catalogue(picks, provenance=provenance).write(str(part), format="QUAKEML", validate=False)
    return path


def load_picks(path: str | Path) -> pd.DataFrame:
    """Picks from any of the three forms."""
    kind, path = kind_of(path)
    if kind != "quakeml":
        return read_picks(path)
    from obspy import read_events

    from quakebook.picking.export.quakeml import picks_of_catalogue

    return picks_of_catalogue(read_events(str(path)))
