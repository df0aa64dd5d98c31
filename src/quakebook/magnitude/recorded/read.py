"""Read the recorded results of the chapter: no torch needed, so that pages open without training anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.magnitude.scoring.pick_scores import WindowPicks
from quakebook.training import recorded_files
from quakebook.training.recorded import folder as chapter_folder


def folder() -> Path:
    """``book/recorded/magnitude`` of the checkout."""
    return chapter_folder("magnitude")


@dataclass(frozen=True)
class Recorded:
    """One recorded training: its files, and its content in the form of a live evaluation (scores, interval, ...)."""

    result: recorded_files.Recorded | None
    content: dict[str, Any]

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """Arrays of the evaluation."""
        return self.result.arrays

    @property
    def name(self) -> str:
        """Name of the job, the same for all seeds."""
        return self.content["job"]

    @property
    def title(self) -> str:
        """Model's name in figures."""
        return self.content["title"]

    def predicted(self) -> np.ndarray:
        """Magnitudes by the scored read-out."""
        return self.arrays[f"readout_{self.content['readout']}"]


def by_name(where: Path | None = None) -> dict[str, list[Recorded]]:
    """Job name -> its recorded seeds."""
    where = where or folder()
    groups: dict[str, list[Recorded]] = {}
    for name in (name for name in recorded_files.names(where) if "-seed" in name):
        result = recorded_files.read(where, name)
        entry = Recorded(result, {**result.facts, **result.facts["evaluation"]})
        groups.setdefault(entry.name, []).append(entry)
    return groups


def mean_and_spread(entries: list[Recorded], *keys: str) -> tuple[float, float, int]:
    """Mean and standard deviation of a number over seeds, and how many there are.

    Examples
    --------
    >>> entries = [Recorded(None, {"scores": {"mae": value}}) for value in (1.0, 3.0)]
    >>> mean_and_spread(entries, "scores", "mae")
    (2.0, 1.0, 2)
    """
    values = []
    for entry in entries:
        value: Any = entry.content
        for key in keys:
            value = value[key]
        values.append(np.nan if value is None else float(value))
    return float(np.mean(values)), float(np.std(values)), len(values)


def true_and_predicted(entry: Recorded) -> tuple[np.ndarray, np.ndarray]:
    """Magnitudes of the event records of a recorded training."""
    true, predicted = entry.arrays["true"], entry.predicted()
    event = np.isfinite(true)
    return true[event], predicted[event]


def window_picks(arrays: Mapping[str, np.ndarray]) -> dict[str, WindowPicks]:
    """Picks of a recorded picker."""
    return {phase: WindowPicks(*(np.asarray(arrays[f"{phase}_{part}"], float)
                                 for part in ("height", "position_s", "labelled_s"))) for phase in "PS"}
