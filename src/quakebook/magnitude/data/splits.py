"""Records for a configuration: made or read, filtered, split. Cached: notebooks train several models on one set."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from quakebook.data import DataError

from .columns import unusable
from .magnitude_types import keep_mask, mix
from .tensors import ACCELEROMETER, MagnitudeData, from_records

if TYPE_CHECKING:
    from quakebook.data.records import Records
    from quakebook.magnitude.settings import DataConfig

#: Synthetic records are named ``synthetic:PRESET``; so many are made where the settings do not say.
SYNTHETIC = "synthetic:"
SYNTHETIC_RECORDS = 50_000
SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Splits:
    """Train, dev and test records, and what the checkpoint and the figures say of them."""

    train: MagnitudeData
    dev: MagnitudeData
    test: MagnitudeData
    metadata: pd.DataFrame
    fingerprint: str
    label: str

    def facts(self, data: DataConfig) -> dict[str, Any]:
        """Plain description for a checkpoint."""
        return {"name": data.name, "seed": data.seed,
                "fingerprint": self.fingerprint, "magnitude_types": mix(self.metadata),
                "split_sizes": {name: len(getattr(self, name)) for name in SPLITS}}


def is_synthetic(name: str) -> bool:
    """Whether a data set name means synthetic records."""
    return name.startswith(SYNTHETIC)


def load_records_for(data: DataConfig) -> Records:
    """Records of a configuration, filtered by sensor and magnitude type; not kept, since their splits are copies."""
    from quakebook.data import load_records, synthetic

    if is_synthetic(data.name):
        return _kept(synthetic.make(*_recipe(data)), data)
    return _kept(_from_disk(load_records, data), data)


def _from_disk(read: Callable[..., Records], data: DataConfig) -> Records:
    try:
        return read(data.name, limit=data.records or None, require=())
    except DataError as error:
        raise DataError(f"{error}. Without it: synthetic records (--dataset SYNTHETIC, "
                        "data.name=synthetic:magnitude)") from error


def _recipe(data: DataConfig) -> tuple[str, int, int]:
    return data.name.removeprefix(SYNTHETIC), data.records or SYNTHETIC_RECORDS, data.seed


def _kept(records: Records, data: DataConfig) -> Records:
    frame = records.metadata
    keep = keep_mask(frame, data.magnitude_types, data.name)
    if not data.accelerometers and "trace_channel" in frame:
        keep &= _without_accelerometers(frame["trace_channel"], keep, data.name)
    return records if keep.all() else records.subset(keep.to_numpy().nonzero()[0])


def _without_accelerometers(channels: pd.Series, kept: pd.Series, source: str) -> pd.Series:
    """Rows of other instruments; says how many of those `kept` so far are left out, and refuses to leave out all."""
    others = channels.fillna("").astype(str).str[1:2] != ACCELEROMETER
    left_out = int((kept & ~others).sum())
    advice = "data.accelerometers=true uses them"
    if left_out and left_out == int(kept.sum()):
        raise DataError(f"{source} has records of accelerometers only ({left_out}); {advice}")
    if left_out and not is_synthetic(source):  # in a synthetic set they are part of the recipe
        logging.getLogger("quakebook").warning(f"{source}: {left_out} records of accelerometers are left out (their "
                                               f"gain gives no ground velocity); {advice}")
    return others


def fingerprint(data: DataConfig) -> str:
    """What the records of a configuration are, without reading or making a waveform."""
    if not is_synthetic(data.name):
        return outline(data).fingerprint
    from quakebook.data.synthetic import identity, presets

    preset, count, seed = _recipe(data)
    made = identity.fingerprint(presets.get(preset), count, seed, "cpu")
    return hashlib.sha256(f"{made}|{data.accelerometers}|{data.magnitude_types}".encode()).hexdigest()[:16]


def outline(data: DataConfig) -> Splits:
    """As `load_splits`, with waveforms of no samples: of a set on disk only the tables are read."""
    if is_synthetic(data.name):
        return load_splits(data)
    from quakebook.data import outline_records

    return _split(_kept(_from_disk(outline_records, data), data), data)


def load_splits(data: DataConfig) -> Splits:
    """Split records by the column ``split``; a set without it is an error that says so."""
    return _splits(replace(data, batch_size=None))


@lru_cache(maxsize=2)
def _splits(data: DataConfig) -> Splits:
    return _split(load_records_for(data), data)


def _split(records: Records, data: DataConfig) -> Splits:
    frame = records.metadata
    if "split" not in frame:
        raise DataError(f"{data.name} has no column 'split' (train, dev, test); it is needed to score unseen events")
    everything = from_records(records)
    parts = {name: everything.subset((frame["split"] == name).to_numpy(copy=True)) for name in SPLITS}
    empty = [name for name, part in parts.items() if not len(part)]
    if empty:
        held = ", ".join(f"{name} {count}" for name, count in frame["split"].value_counts().items())
        raise DataError(f"{data.name} has no records in the split(s) {', '.join(empty)}; its column split holds "
                        f"{held or 'nothing'}")
    for note in unusable(frame):
        logging.getLogger("quakebook").warning(f"{data.name}: {note}")
    label = f"synthetic ({data.name.removeprefix(SYNTHETIC)})" if is_synthetic(data.name) else data.name
    identity = fingerprint(data) if is_synthetic(data.name) else records.fingerprint
    return Splits(**parts, metadata=frame, fingerprint=identity, label=label)
