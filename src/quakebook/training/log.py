"""The training log: one CSV row a logged step, columns as they come up, never a half line at the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from . import files

if TYPE_CHECKING:
    import pandas as pd


class MetricsLog:
    """Rows by step, appended to `path`; the file is rewritten as a whole only when a new column comes up.

    Parameters
    ----------
    path : Path
    start : int
        Rows after this step are dropped: they belong to the part that a resumed training computes again.
    """

    def __init__(self, path: Path, start: int = 0, writable: bool = True) -> None:
        self.path, self.writable = path, writable
        self.columns, rows = _parse(path)
        self.rows = {step: row for step, row in rows.items() if step <= start} if start else {}
        if rows or not self.rows:
            self.rewrite()

    def add(self, step: int, values: Mapping[str, float]) -> None:
        """Values of one step; a step that has a row already gets more columns."""
        known = step in self.rows
        self.rows.setdefault(step, {}).update({key: repr(float(value)) for key, value in values.items()})
        fresh = [key for key in values if key not in self.columns]
        self.columns += fresh
        if fresh or known:
            self.rewrite()
        elif self.writable:
            try:
                with self.path.open("a", encoding="utf-8", newline="") as out:
                    out.write(self._line(step))
            except OSError as error:
                raise files.RunError(f"cannot write {self.path}: {error.strerror or error}") from error

    def rewrite(self) -> None:
        """The whole table, atomically."""
        if self.writable:
            head = _line(["step", *self.columns])
            files.write_atomic(self.path, head + "".join(self._line(step) for step in sorted(self.rows)))

    def _line(self, step: int) -> str:
        return _line([str(step), *(self.rows[step].get(key, "") for key in self.columns)])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _parse(path: Path) -> tuple[list[str], dict[int, dict[str, str]]]:
    """Columns and rows of a log that may end within a line."""
    if not path.is_file():
        return [], {}
    try:
        text = path.read_text(encoding="utf-8")
        table = list(csv.reader(text[: text.rfind("\n") + 1].splitlines()))
    except (ValueError, csv.Error) as error:
        raise files.RunError(f"{path} is damaged ({error}); remove its folder to start again") from error
    if not table:
        return [], {}
    if table[0][:1] != ["step"]:
        raise files.RunError(f"{path} is damaged (its first column is {table[0][:1]}, not step); remove its folder to "
                             "start again")
    columns, rows = table[0][1:], {}
    for number, line in enumerate(table[1:], 2):
        if len(line) != len(columns) + 1 or not line[0].isdecimal() or not all(map(_is_number, line[1:])):
            raise files.RunError(f"{path} is damaged (line {number}: expected a step and {len(columns)} numbers; found "
                                 f"{','.join(line)[:60]!r}); remove its folder to start again")
        rows[int(line[0])] = {name: text for name, text in zip(columns, line[1:], strict=True) if text}
    return columns, rows


def _is_number(text: str) -> bool:
    """Whether a cell is empty or a number."""
    try:
        float(text or 0)
    except ValueError:
        return False
    return True


def read(path: Path) -> pd.DataFrame:
    """The log as a table of numbers with a column `step`; empty cells are NaN."""
    import pandas as pd

    columns, rows = _parse(path)
    table = pd.DataFrame([{"step": step, **row} for step, row in sorted(rows.items())], columns=["step", *columns])
    return table.astype({"step": "int64"} | dict.fromkeys(columns, "float64"))
