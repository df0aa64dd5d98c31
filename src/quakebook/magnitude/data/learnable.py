"""Which records of a split a network can learn from; their tables alone say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model_types import lookup
from .splits import Splits
from .tensors import MagnitudeData, check_labelled, check_magnitudes, check_sensitivity, drop_unlabelled, labelled

if TYPE_CHECKING:
    from ..settings import Config


def learnable(config: Config, label: str, data: MagnitudeData, split: str, offset: float | None
              ) -> tuple[MagnitudeData, dict[str, int]]:
    """The records of a split that a network can learn from, and why others are left out; none at all is refused."""
    if lookup(config.network.type).family == "phase":
        return data, {}
    source = f"{label}, split {split},"
    check_magnitudes(data, source)
    check_sensitivity(data, config.network.amplitude or "none", source)
    kept, dropped = drop_unlabelled(data, offset)
    check_labelled(kept, dropped, source)
    return kept, dropped


def check_tables(config: Config, splits: Splits) -> None:
    """Refuse records that no network of this kind can learn from, by their tables: before a waveform is read."""
    for split in ("train", "dev"):
        learnable(config, splits.label, getattr(splits, split), split, config.network.label_offset or 0.0)


def training_records(config: Config, data: MagnitudeData) -> int:
    """How many records of a training split a network learns from."""
    entry = lookup(config.network.type)
    if entry.family == "phase":
        return len(data)
    kept, _ = labelled(data, config.network.label_offset or 0.0)
    per_record = entry.name == "magnet" or config.network.head == "scalar"
    return int((kept & data.is_event if per_record else kept).sum())
