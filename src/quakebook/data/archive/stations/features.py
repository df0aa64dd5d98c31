"""Words and classes derived from the station table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from quakebook.data.archive.errors import StoreError

#: Edges of the elevation classes in m, of the classes of the sampling rate in Hz, and the size of a region cell.
ELEVATION_EDGES_M = (-np.inf, 0.0, 500.0, 1500.0, np.inf)
RATE_EDGES_HZ = (0.0, 10.0, 80.0, 250.0, np.inf)
CELL_DEG = 5.0
FAMILIES = ("coordinates", "instrument", "temporal", "geographic_region", "elevation_band")


def derive(table: pd.DataFrame, families: Sequence[str] = FAMILIES) -> pd.DataFrame:
    """The table with further columns, by family.

    coordinates: `distance_from_equator_deg` · instrument: `band_code`, `instrument_code`, `component`, `rate_class` ·
    temporal: `start_year`, `years_open` (up to the end of the epoch; NaN while it is open) · geographic_region:
    `region_cell` (5 degree cells, south-west corner) · elevation_band: 0 to 3 (edges 0, 500, 1500 m; -1 unknown).
    """
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise StoreError(f"unknown features {', '.join(unknown)}; known: {', '.join(FAMILIES)}")
    out = table.copy()
    if "coordinates" in families:
        out["distance_from_equator_deg"] = out["latitude"].abs()
    if "instrument" in families:
        for position, name in enumerate(("band_code", "instrument_code", "component")):
            out[name] = out["channel"].str.slice(position, position + 1)
        out["rate_class"] = _classes(out["sample_rate"], RATE_EDGES_HZ)
    if "temporal" in families:
        out["start_year"] = out["start_time"].dt.year.astype("float64")
        out["years_open"] = (out["end_time"] - out["start_time"]).dt.total_seconds() / (365.25 * 86400)
    if "geographic_region" in families:
        south, west = (np.floor(out[name] / CELL_DEG) * CELL_DEG for name in ("latitude", "longitude"))
        out["region_cell"] = south.map("{:+.0f}".format) + west.map("{:+.0f}".format)
    if "elevation_band" in families:
        out["elevation_band"] = _classes(out["elevation"], ELEVATION_EDGES_M)
    return out


def _classes(values: pd.Series, edges: Sequence[float]) -> pd.Series:
    """Number of the class [edge, next edge); -1 for NaN."""
    number = np.searchsorted(edges, values.to_numpy(float), side="right") - 1
    return pd.Series(np.where(values.isna(), -1, number), index=values.index, dtype="int64")


def problems(table: pd.DataFrame) -> list[str]:
    """What is odd in a station table, one line each: places, rates, gains, epochs."""
    names = table["network"] + "." + table["station"] + "." + table["location"] + "." + table["channel"]
    odd = {"latitude outside -90 to 90": ~table["latitude"].between(-90, 90),
           "longitude outside -180 to 180": ~table["longitude"].between(-180, 180),
           "no positive sampling rate": ~(table["sample_rate"] > 0), "no positive gain": ~(table["gain"] > 0),
           "epoch ends before it begins": table["end_time"] <= table["start_time"],
           "no response curve": table["response_logamp"].isna()}
    return [f"{name}: {what}" for what, rows in odd.items() for name in names[rows.fillna(False)].unique()]
