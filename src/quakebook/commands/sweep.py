"""Unfinished files and folders that killed writers left behind."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

#: Names under which files are written before they are renamed: .NAME.8HEX.part and .NAME.PID.partial.
UNFINISHED = re.compile(r"\..+\.([0-9a-f]{8}\.part|\d+\.(partial|old))")
AGE_S = 3600.0


def leftovers(roots: Iterable[Path], now: float | None = None) -> list[Path]:
    """Unfinished files and folders below `roots` that nobody has touched for an hour: their writers are gone."""
    now = time.time() if now is None else now
    hidden = {path for root in roots if root.is_dir() for path in root.rglob(".*")}
    return sorted(path for path in hidden if UNFINISHED.fullmatch(path.name) and now - _touched(path) > AGE_S)


def sweep(roots: Iterable[Path]) -> tuple[int, float]:
    """Remove `leftovers`; return how many there were, and their bytes."""
    count, size = 0, 0.0
    for path in leftovers(roots):
        size += sum(part.stat().st_size for part in _files(path))
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        count += not path.exists()
    return count, size


def _touched(path: Path) -> float:
    return max(part.stat().st_mtime for part in [path, *_files(path)])


def _files(path: Path) -> list[Path]:
    return [part for part in path.rglob("*") if part.is_file()] if path.is_dir() else [path]
