"""Records of a split as a pool of filtered waveforms; no event stands in two splits."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from quakebook.data.errors import DataError
from quakebook.data.records import Records

from ..settings import DataConfig
from . import caldera
from . import metadata as _metadata
from .streaming import Stream, is_shards, open_shards
from .tremor import add_tremor
from .windows import Pool, filtered, log_rms

SPLITS = ("train", "dev", "probe")
#: Synthetic splits are drawn with separate seeds: other events, other noise.
SEED_STEP = {"train": 0, "dev": 1_000_003, "probe": 2_000_003}
SYNTHETIC = "synthetic:"
#: ``synthetic:caldera``: the stick-slip sequence instead of single records.
CALDERA = "caldera"
NOISE, TREMOR, EVENT = 0, 1, 2
KINDS = ("noise", "tremor", "event")
#: Records that get their tremor at once.
BLOCK = 512


def load(data: DataConfig, split: str, device: torch.device | str = "cpu", count: int | None = None) -> Pool | Stream:
    """The pool of a split.

    Parameters
    ----------
    data : DataConfig
    split : {"train", "dev", "probe"}
        "probe" holds the records of the downstream tasks; for a real data set they are its test split.
    device : torch.device
        Where records are made, filtered and kept.
    count : int, optional
        Number of records; default that of the settings (`records`, or `dev_records`).

    Raises
    ------
    DataError
        Unknown split; a data set that is absent, unreadable or too short for a window.
    """
    if split not in SPLITS:
        raise DataError(f"unknown split {split!r}; known: {', '.join(SPLITS)}")
    if count is None:
        count = data.records if split == "train" else data.dev_records
    if is_synthetic(data.name):
        return _synthetic(data, split, device, count)
    if is_shards(data.name):
        return _shards(data, split, device, count)
    from quakebook.data import load_records

    records = load_records(data.name, split={"probe": "test"}.get(split, split), limit=count or None, require=())
    return pool(records.to(device), data)


def _synthetic(data: DataConfig, split: str, device: torch.device | str, count: int) -> Pool:
    from quakebook.data import synthetic

    preset = data.name.removeprefix(SYNTHETIC)
    if preset == CALDERA:
        return _caldera(data, split, device, count)
    if ":" in preset:
        raise DataError(f"{data.name!r}: a synthetic data set is {SYNTHETIC}PRESET; numbers and seed are data.records, "
                        "data.dev_records and data.seed")
    seed = data.seed + SEED_STEP[split]
    records = synthetic.make(preset, count, seed, device=device, noise_fraction=data.noise, pick_law="exact",
                             s_ambiguous=0.0)
    generator = torch.Generator(torch.device(device)).manual_seed(seed)
    noise = np.flatnonzero(records.metadata["source_id"].isna().to_numpy())
    chosen = noise[np.arange(len(noise)) * data.tremor % 1 + data.tremor >= 1 - 1e-9] if data.tremor else noise[:0]
    for first in range(0, len(chosen), BLOCK):
        rows = torch.as_tensor(chosen[first : first + BLOCK], device=records.waveforms.device)
        records.waveforms[rows] = add_tremor(records.waveforms[rows], generator)
    return pool(records, data, tremor=chosen)


def _shards(data: DataConfig, split: str, device: torch.device | str, count: int) -> Pool | Stream:
    """A stream for training; a pool of the first windows of another split, which have no labels."""
    source = open_shards(data.name, {"probe": "test"}.get(split, split))
    stream = Stream(source, data.samples, data.low_hz, data.high_hz, device=device)
    if split == "train":
        return stream
    waves = stream.first(count or len(stream), data.samples)
    n, nothing = len(waves), torch.full((len(waves),), torch.nan, device=device)
    return Pool(waves, torch.full((n,), NOISE, device=device), nothing, nothing, nothing,
                np.array([f"{split} window {i}" for i in range(n)], object), {}, data.name)


def _caldera(data: DataConfig, split: str, device: torch.device | str, count: int) -> Pool:
    """Pieces of the stick-slip sequence; training, validation and test are whole cycles."""
    part = {"train": "train", "dev": "dev", "probe": "test"}[split]
    waves = caldera.pieces(caldera.sequence(seed=data.seed), part, data.low_hz, data.high_hz)[:count].to(device)
    n = len(waves)
    nothing = torch.full((n,), torch.nan, device=device)
    return Pool(waves, torch.full((n,), TREMOR, device=device), nothing, nothing, nothing,
                np.array([f"{part} piece {i}" for i in range(n)], object), {}, data.name)


def pool(records: Records, data: DataConfig, tremor: np.ndarray | None = None) -> Pool:
    """Filter records and read onsets, magnitudes, events and station metadata from their table."""
    if records.sampling_rate_hz != 100.0:
        raise DataError(f"{records.source}: records must have 100 Hz; found {records.sampling_rate_hz:g} Hz")
    if records.waveforms.shape[-1] < data.samples:
        raise DataError(f"{records.source}: records of {records.waveforms.shape[-1]} samples are shorter than a window "
                        f"of {data.samples}")
    p, s = (first_onset(records.picks(phase)) for phase in ("P", "S"))
    kind = torch.where(p.isfinite() | s.isfinite(), EVENT, NOISE)
    if tremor is not None:
        kind[torch.as_tensor(tremor, device=kind.device, dtype=torch.int64)] = TREMOR
    table, n = records.metadata, len(records)
    magnitude = table.get("source_magnitude")
    magnitude = np.full(n, np.nan) if magnitude is None else magnitude.to_numpy(float, copy=True)
    waves = filtered(records.waveforms, data.low_hz, data.high_hz, records.sampling_rate_hz)
    return Pool(waves, kind, p, s, torch.as_tensor(magnitude, dtype=torch.float32, device=kind.device),
                events(table), stations(table, kind.device), records.source)


def first_onset(picks: Tensor) -> Tensor:
    """The earliest pick (n,) of a table (n, k); NaN where there is none."""
    earliest = torch.where(picks.isfinite(), picks, torch.inf).amin(1)
    return torch.where(earliest.isfinite(), earliest, torch.nan)


def events(table: Any) -> np.ndarray:
    """Name of the event of each record; a record without an event is one of its own."""
    own = np.array([f"record {i}" for i in range(len(table))], object)
    if "source_id" not in table:
        return own
    named = table["source_id"]
    return np.where(named.notna(), named.astype(object), own)


def stations(table: Any, device: torch.device | str) -> dict[str, Tensor]:
    """Station metadata per record under the names that the network knows."""
    out = {}
    for name, column in (("network", "station_network_code"), ("station", "station_code"),
                         ("location", "station_location_code")):
        if column in table:
            texts = table[column].fillna("").astype(str)
            codes = {text: _metadata.bucket(text, name) for text in set(texts)}
            out[name] = torch.tensor([codes[text] for text in texts], device=device)
    for name, column in (("latitude", "station_latitude_deg"), ("longitude", "station_longitude_deg"),
                         ("elevation", "station_elevation_m"), ("gain", "station_sensitivity_counts_spm")):
        if column in table:
            out[name] = torch.as_tensor(table[column].to_numpy(float, copy=True), dtype=torch.float32, device=device)
    out["sample_rate"] = torch.full((len(table),), 100.0, device=device)
    return out


def is_synthetic(name: str) -> bool:
    """Whether a data set name means synthetic records."""
    return name.startswith(SYNTHETIC)


def fingerprint(data: DataConfig) -> str:
    """What the data are, for a run's identity."""
    if is_shards(data.name):
        return open_shards(data.name, "train").fingerprint
    if is_synthetic(data.name):
        return f"{data.name}:{data.records}+{data.dev_records}:{data.seed}"
    from quakebook.data import load_records

    return "+".join(load_records(data.name, split=split, limit=count or None, require=()).fingerprint
                    for split, count in (("train", data.records), ("dev", data.dev_records)))


__all__ = ["EVENT", "KINDS", "NOISE", "SPLITS", "TREMOR", "fingerprint", "load", "log_rms", "pool"]
