"""Recorded trainings with other data weights and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.peaks import PHASES, SAMPLING_RATE_HZ, Peaks
from quakebook.training import recorded_files

from . import read as recorded
from .plan import SWEEP_FOLDER

#: Matches farther than this from their label are another arrival, not a timing error (s).
NEAR_S = 1.0


@dataclass(frozen=True)
class Entry:
    """One training of the sweep: facts as recorded, peaks of "P" and "S" at its last step, curves where kept."""

    name: str
    facts: dict[str, Any]
    peaks: dict[str, Peaks]
    track: Track | None = None

    @property
    def label(self) -> str:
        """Third channel, "N" or "D"."""
        return str(self.facts["label"])

    @property
    def weight(self) -> float:
        """Data weight lambda: 0 for GAN only, infinite for BCE."""
        ends = {"gan": 0.0, "bce": np.inf}
        return ends.get(self.facts["mode"], float(self.facts["data_weight"]))

    @property
    def metrics(self) -> dict[str, float]:
        """Mean over the last validations."""
        return recorded.plain_metrics(self.name, self.facts)

    def median_error_s(self, phase: str) -> float:
        """Median absolute time error (s) of the matched peaks within 1 s of their label, of any height."""
        error = np.abs(self.peaks[phase].error_samples) / SAMPLING_RATE_HZ
        near = error[error <= NEAR_S]
        return float(np.median(near)) if near.size else float("nan")


@dataclass(frozen=True)
class Group:
    """The seeds of one data weight and label, in order."""

    entries: tuple[Entry, ...]

    @property
    def label(self) -> str:
        """Third channel, "N" or "D"."""
        return self.entries[0].label

    @property
    def weight(self) -> float:
        """Data weight, as for an entry."""
        return self.entries[0].weight

    def values(self, key: str) -> NDArray[np.float64]:
        """A metric of every seed; "P.error_s" and "S.error_s" are the median absolute time errors."""
        if key.endswith(".error_s"):
            return np.array([entry.median_error_s(key[0]) for entry in self.entries])
        return np.array([entry.metrics[key] for entry in self.entries])

    def mean(self, key: str) -> float:
        """Mean over the seeds."""
        return float(self.values(key).mean())

    @property
    def validations(self) -> int:
        """Validations whose mean each training reports: the fewest of the seeds."""
        return int(min(entry.metrics.get("validations", 1) for entry in self.entries))


def groups(entries: Sequence[Entry]) -> list[Group]:
    """Entries put together by label and data weight, in their order."""
    keys = dict.fromkeys((entry.label, entry.weight) for entry in entries)
    return [Group(tuple(sorted((entry for entry in entries if (entry.label, entry.weight) == key),
                               key=lambda entry: entry.facts["seed"]))) for key in keys]


def read(where: Path | None = None) -> list[Entry]:
    """All entries, sorted by label and data weight."""
    where = where or recorded.folder()
    entries = []
    for path in (name for name in recorded_files.names(where) if name.startswith(f"{SWEEP_FOLDER}/")):
        result = recorded_files.read(where, path)
        track = recorded.unpack_track(result.arrays) if "track_step" in result.arrays else None
        peaks = {phase: Peaks.from_arrays(result.arrays, phase) for phase in PHASES}
        entries.append(Entry(path.rpartition("/")[2], result.facts, peaks, track))
    return sorted(entries, key=lambda entry: (entry.label != "N", entry.weight))


def box_label(entries: Sequence[Entry]) -> dict[str, Track]:
    """Curves of the trainings with the box label, by kind."""
    return {recorded.KINDS[entry.facts["mode"]]: entry.track for entry in reversed(entries)
            if entry.label == "D" and entry.track is not None}


def title(entry: Entry | Group) -> str:
    """The data weight as a reader would say it."""
    return {0.0: "0 (GAN only)", np.inf: "BCE only"}.get(entry.weight, f"{entry.weight:,.0f}")


def metrics(entries: Sequence[Entry]) -> dict[str, float]:
    """Numbers to report, means over the seeds: S shares and time error of each weight and label."""
    numbers: dict[str, float] = {}
    for group in groups(entries):
        key = {0.0: "gan", np.inf: "bce"}.get(group.weight, f"{group.weight:.0f}")
        for name in ("S.tp", "S.below", "S.error_s", "P.tp"):
            numbers[f"sweep.{group.label}.{key}.{name}"] = group.mean(name)
    return numbers
