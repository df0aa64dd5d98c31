"""Recorded trainings with other data weights and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

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


def title(entry: Entry) -> str:
    """The data weight as a reader would say it."""
    return {0.0: "0 (GAN only)", np.inf: "BCE only"}.get(entry.weight, f"{entry.weight:,.0f}")


def metrics(entries: Sequence[Entry]) -> dict[str, float]:
    """Numbers to report: S shares and time error of each weight with the noise label, and of the box label."""
    made: dict[str, float] = {}
    for entry in entries:
        key = {0.0: "gan", np.inf: "bce"}.get(entry.weight, f"{entry.weight:.0f}")
        prefix = f"sweep.{entry.label}.{key}"
        made |= {f"{prefix}.S.tp": entry.metrics["S.tp"], f"{prefix}.S.below": entry.metrics["S.below"],
                 f"{prefix}.S.error_s": entry.median_error_s("S"), f"{prefix}.P.tp": entry.metrics["P.tp"]}
    return made
