"""Which file a path with wildcards means."""

from __future__ import annotations

import glob
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

#: Time of an export as the published program writes it into names of folders and files.
STAMP = re.compile(r"\d{8}_\d{6}")


class CheckpointError(ValueError):
    """A checkpoint that cannot be used as asked."""


def resolve_path(pattern: str | Path, say: Callable[[str], None] | None = None) -> Path:
    """The file that a path names, or the one of the newest export where several match.

    ``model_final.pt`` answers ``model_final_*.pt`` and the other way round. The time of an export is that in the name
    of the file or, without one, of its folder, or else the time when the file was written.

    Parameters
    ----------
    pattern : str or Path
    say : callable, optional
        Is told which of several files was taken.

    Raises
    ------
    CheckpointError
        No file matches, a folder is named, an empty file, or several files of the newest export match.
    """
    text = str(Path(pattern).expanduser())
    files = _matches(text)
    if not files:
        raise CheckpointError(f"{text!r} is a folder; name a file in it, such as {text.rstrip('/')}/model_best.pt"
                              if Path(text).is_dir() else f"no file matches {text!r}")
    ages = {file: _time(file) for file in files}
    newest = [file for file in files if ages[file] == max(ages.values())]
    if len(newest) > 1:
        raise CheckpointError(f"{len(newest)} files of one export match {text!r}; name one of them: "
                              + ", ".join(str(file) for file in newest))
    if not newest[0].stat().st_size:
        raise CheckpointError(f"{newest[0]} is empty")
    if len(files) > 1 and say is not None:
        say(f"{len(files)} files match; the newest export is {newest[0]}")
    return newest[0]


def _matches(text: str) -> list[Path]:
    stem = text.removesuffix(".pt")
    for name in (text, text.replace("_*.pt", ".pt"), f"{stem}_*.pt"):
        exact = [Path(name)] if Path(name).is_file() else [Path(found) for found in glob.glob(name)]
        if files := sorted(path for path in exact if path.is_file()):
            return files
    return []


def _time(file: Path) -> tuple[str, int]:
    """Stamp of the export, and the number behind it where one second saw several."""
    for name in (file.stem, file.absolute().parent.name):
        if stamp := STAMP.search(name):
            number = re.fullmatch(r"_(\d+)", name[stamp.end():])
            return stamp.group(), int(number.group(1)) if number else 1
    written = file.stat().st_mtime_ns
    return datetime.fromtimestamp(written / 1e9).strftime("%Y%m%d_%H%M%S"), written
