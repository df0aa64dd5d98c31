"""Long-format CSV beside the run: step, time, name, value."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

NEEDS: tuple[str, ...] = ()


class Backend:
    """Appends to ``tracking/csv/metrics.csv`` of the run."""

    def __init__(self, run: Any) -> None:
        folder = run.path / "tracking" / "csv"
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "metrics.csv"
        if not self._path.exists():
            self._append([("step", "unix_time_s", "name", "value")])

    def write(self, rows: list[tuple[int, float, Mapping[str, float]]]) -> None:
        self._append([(step, f"{at:.3f}", key, value) for step, at, values in rows for key, value in values.items()])

    def close(self, metrics: Mapping[str, float], status: str) -> None:
        self._append([("final", "", key, value) for key, value in metrics.items()])

    def _append(self, lines: list[tuple]) -> None:
        with self._path.open("a", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(lines)
