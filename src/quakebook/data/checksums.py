"""Checksums of the files of a data folder, and writing such a folder so that it appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import DataError

CHECKSUMS = "checksums.json"


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_checksums(folder: Path, names: Sequence[str], **facts: Any) -> None:
    """Write ``checksums.json`` with the SHA-256 of the named files and further facts about the content."""
    content = {"algorithm": "sha256", "files": {name: sha256(folder / name) for name in names}, **facts}
    (folder / CHECKSUMS).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_checksums(folder: Path) -> dict[str, Any] | None:
    """Content of ``checksums.json``; None where the folder has none (data sets that were not written here)."""
    path = folder / CHECKSUMS
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content["files"], dict):
            raise TypeError("`files` is not a table")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{path} is damaged ({error})") from error
    return content


def damaged_files(folder: Path) -> list[str]:
    """What is wrong with the files listed in ``checksums.json``: one line each, empty when all agree."""
    content = read_checksums(folder)
    out = []
    for name, expected in (content or {"files": {}})["files"].items():
        if not (folder / name).is_file():
            out.append(f"{folder / name} is missing, though {CHECKSUMS} lists it")
        elif sha256(folder / name) != expected:
            out.append(f"{folder / name} is damaged: its checksum differs from {CHECKSUMS}")
    return out


@contextmanager
def whole_folder(folder: Path, overwrite: bool = False) -> Iterator[Path]:
    """Yield a temporary folder beside `folder`; rename it to `folder` when the block ends well.

    On any error the temporary folder is removed and `folder` is as before. Errors of the operating system (read-only
    place, full disk) become one `DataError`.
    """
    if folder.exists() and not overwrite and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError(f"{folder} exists already and is not empty; choose another folder or remove it")
    temporary = folder.parent / f".{folder.name}.{os.getpid()}.partial"
    try:
        temporary.mkdir(parents=True)
        yield temporary
        for path in [*sorted(temporary.rglob("*")), temporary]:
            _sync(path)
        if folder.exists():
            retired = temporary.with_suffix(".old")
            folder.rename(retired)
            temporary.rename(folder)
            shutil.rmtree(retired)
        else:
            temporary.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        raise DataError(f"cannot write {folder}: {error.strerror or error}; nothing was left behind") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
