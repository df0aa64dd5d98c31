"""Read the recorded results of the chapter: no torch needed, so that pages open without training anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.magnitude.scoring import files
from quakebook.magnitude.scoring.pick_scores import WindowPicks
from quakebook.project import find_project


def folder() -> Path:
    """``book/recorded/magnitude`` of the checkout."""
    return find_project().recorded / "magnitude"


@dataclass(frozen=True)
class Recorded:
    """One recorded training: its JSON content and, on demand, its arrays."""

    path: Path
    content: dict[str, Any]

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """Arrays of the evaluation."""
        return files.read_arrays(self.path.with_suffix(".npz"))

    @property
    def name(self) -> str:
        """Name of the job."""
        return self.content["name"]

    @property
    def title(self) -> str:
        """Model's name in figures."""
        return self.content["title"]

    def predicted(self) -> np.ndarray:
        """Magnitudes by the scored read-out."""
        return self.arrays[f"readout_{self.content['readout']}"]


def read_all(group: str | None = None, where: Path | None = None) -> list[Recorded]:
    """All recorded trainings, or those of one group (ablation, comparison, phase), in the order of their names."""
    return [entry for entry in _walk(where or folder()) if group is None or entry.content.get("group") == group]


def by_name(where: Path | None = None) -> dict[str, list[Recorded]]:
    """Job name -> its recorded seeds."""
    found: dict[str, list[Recorded]] = {}
    for entry in _walk(where or folder()):
        found.setdefault(entry.name, []).append(entry)
    return found


def mean_and_spread(entries: list[Recorded], *keys: str) -> tuple[float, float, int]:
    """Mean and standard deviation of a number over seeds, and how many there are.

    Examples
    --------
    >>> entries = [Recorded(Path("a"), {"scores": {"mae": 1.0}}), Recorded(Path("b"), {"scores": {"mae": 3.0}})]
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


def _walk(where: Path) -> Iterator[Recorded]:
    for path in sorted(where.glob("*-seed*.json")):
        yield Recorded(path, files.read_json(path))


def true_and_predicted(entry: Recorded) -> tuple[np.ndarray, np.ndarray]:
    """Magnitudes of the event records of a recorded training."""
    true, predicted = entry.arrays["true"], entry.predicted()
    event = np.isfinite(true)
    return true[event], predicted[event]


def window_picks(arrays: Mapping[str, np.ndarray]) -> dict[str, WindowPicks]:
    """Picks of a recorded picker."""
    return {phase: WindowPicks(*(np.asarray(arrays[f"{phase}_{part}"], float)
                                 for part in ("height", "position_s", "labelled_s"))) for phase in "PS"}
