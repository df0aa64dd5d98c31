"""Tables of the page about the road from archive to shards."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from quakebook.numerals import numeral

from .pages import Road


def summary(road: Road) -> pd.DataFrame:
    """What was listed and what became of it, one row a step."""
    objects = road.manifest.drop_duplicates("key")
    tried = len(road.shards) + int(road.shards.rejected["count"].sum())
    stored = sum(shard["bytes"] for shard in road.shards.about["shards"])
    return pd.DataFrame([
        ("objects listed", f"{len(objects)}, {objects['size_bytes'].sum() / 1e6:.1f} MB"),
        ("station-days", f"{len(road.days)} of {road.manifest['station'].nunique()} stations"),
        ("windows tried", f"{tried}"), ("windows kept", f"{len(road.shards)}"),
        ("shards", f"{len(road.shards.about['shards'])}, {stored / 1e6:.1f} MB"),
        ("splits", ", ".join(f"{name} {count}" for name, count in road.shards.table["split"].value_counts().items()))],
        columns=["step", "result"])


def listing(road: Road, rows: int = 4) -> pd.DataFrame:
    """The first rows of the list, as text."""
    frame = road.manifest.head(rows)
    times = {name: frame[f"{name}_time"].dt.strftime("%Y-%m-%d %H:%M:%S") for name in ("start", "end")}
    return pd.DataFrame({"file": frame["key"], **times, "Hz": frame["sampling_rate"].map("{:g}".format),
                         "samples": frame["npts"].map("{:,}".format), "bytes": frame["size_bytes"].map("{:,}".format)})


def throughput(road: Road, seconds: float = 1.0) -> pd.DataFrame:
    """Windows a second of processor time, from miniSEED and from shards, measured for about `seconds` each."""
    rows = [("miniSEED: read, filter, cut", _rate(_from_miniseed(road), seconds)),
            ("shards: read, check", _rate(_from_shards(road), seconds))]
    table = pd.DataFrame(rows, columns=["source", "windows a second"])
    table["times miniSEED"] = table["windows a second"] / rows[0][1]
    return table


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `throughput` as they are printed, three digits each."""
    return table.assign(**{name: table[name].map(lambda value: numeral(value, 3)) for name in table.columns[1:]})


def _rate(numbers: Iterator[int], seconds: float) -> float:
    begin, count = time.process_time(), 0
    for number in numbers:
        count += number
        if time.process_time() - begin > seconds:
            break
    return count / max(time.process_time() - begin, 1e-6)


def _from_miniseed(road: Road) -> Iterator[int]:
    for day in road.days:
        yield len(road.maker(day).waveforms)


def _from_shards(road: Road) -> Iterator[int]:
    for row in np.random.default_rng(0).permutation(len(road.shards)):
        road.shards.waveform(int(row))
        yield 1
