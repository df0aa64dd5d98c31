"""Tables of the archive: their columns, and reading and writing them as Parquet, CSV or JSON."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from quakebook.data.archive.errors import DamagedError, StoreError
from quakebook.data.archive.files import whole

_TIME = pa.timestamp("ns", tz="UTC")
#: One row for each object and channel.
MANIFEST_SCHEMA = pa.schema([
    ("key", pa.string()), ("bucket", pa.string()), ("size_bytes", pa.int64()), ("etag", pa.string()),
    ("layout", pa.string()), ("network", pa.string()), ("station", pa.string()), ("location", pa.string()),
    ("channel", pa.string()), ("year", pa.int16()), ("doy", pa.int16()), ("start_time", _TIME), ("end_time", _TIME),
    ("sampling_rate", pa.float64()), ("npts", pa.int64()), ("record_length", pa.int32()), ("source", pa.string())])

#: One row for each channel and epoch.
STATION_SCHEMA = pa.schema([
    ("network", pa.string()), ("station", pa.string()), ("location", pa.string()), ("channel", pa.string()),
    ("latitude", pa.float64()), ("longitude", pa.float64()), ("elevation", pa.float64()), ("depth", pa.float64()),
    ("azimuth", pa.float64()), ("dip", pa.float64()), ("sample_rate", pa.float64()), ("gain", pa.float64()),
    ("gain_frequency", pa.float64()), ("input_units", pa.string()), ("sensor", pa.string()),
    ("datalogger", pa.string()), ("start_time", _TIME), ("end_time", _TIME), ("site", pa.string()),
    ("response_logamp", pa.list_(pa.float64()))])

FORMATS = ("parquet", "csv", "json")


def write_table(table: pd.DataFrame, path: str | Path, schema: pa.Schema | None = None, kind: str = "parquet") -> None:
    """Write a table whole or not at all; columns beyond the schema are kept after those of the schema."""
    arrow = pa.Table.from_pandas(table, schema=_widened(schema, table), preserve_index=False)
    with whole(path) as part:
        if kind == "parquet":
            pq.write_table(arrow, part, compression="zstd")
        elif kind == "csv":
            arrow.to_pandas().to_csv(part, index=False)
        elif kind == "json":
            arrow.to_pandas().to_json(part, orient="records", date_format="iso", date_unit="ns", indent=1)
        else:
            raise StoreError(f"unknown format {kind!r}; known: {', '.join(FORMATS)}")


def _widened(schema: pa.Schema | None, table: pd.DataFrame) -> pa.Schema | None:
    extra = [name for name in table.columns if schema is not None and name not in schema.names]
    if not extra:
        return schema
    inferred = pa.Schema.from_pandas(table[extra], preserve_index=False)
    return pa.schema([*schema, *inferred])


def read_table(path: str | Path, schema: pa.Schema) -> pd.DataFrame:
    """Read a table of this schema, from the format that its name says; a missing column is refused by name."""
    path = Path(path)
    try:
        if path.suffix == ".csv":
            table = pd.read_csv(path, dtype=dict.fromkeys(("network", "station", "location", "channel"), str),
                                keep_default_na=False, na_values={"end_time": [""], "etag": []})
        elif path.suffix == ".json":
            table = pd.read_json(path, orient="records", dtype=False)
        else:
            table = pq.read_table(path).to_pandas()
    except FileNotFoundError as error:
        raise StoreError(f"there is no table {path}") from error
    except (pa.ArrowInvalid, OSError, ValueError) as error:
        raise DamagedError(f"{path} is not a readable table ({str(error).splitlines()[0]}); make it again") from error
    missing = [name for name in schema.names if name not in table]
    if missing:
        raise DamagedError(f"{path} lacks the columns {', '.join(missing)}; it has {', '.join(map(str, table))}")
    for name in ("start_time", "end_time"):
        if name in schema.names:
            table[name] = pd.to_datetime(table[name], utc=True, format="ISO8601" if table[name].dtype == object or
                                         isinstance(table[name].dtype, pd.StringDtype) else None).astype(
                                             "datetime64[ns, UTC]")
    return table
