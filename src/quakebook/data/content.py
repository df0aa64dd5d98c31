"""Hash of the contents of files, remembered while size and times of a file stay the same."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from quakebook.project import cache_root

from .checksums import sha256


def content_hash(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents of files; a file that has not been touched since is not read again."""
    digest = hashlib.sha256()
    ordered = sorted(paths)
    for path, content in zip(ordered, file_hashes(ordered), strict=True):
        digest.update(f"{path.name}\0{content}\0".encode())
    return digest.hexdigest()


def file_hashes(paths: Sequence[Path]) -> list[str]:
    """SHA-256 of each file; one that has not been touched since is not read again.

    What is remembered lies in ``$QUAKEBOOK_CACHE/contents``, one small file a folder, because data folders may be
    read-only. Size, modification and change time (in nanoseconds) and inode decide whether a file is read anew: a file
    that is replaced in place has another change time even where its modification time is set back.
    """
    notes: dict[Path, dict[str, Any]] = {}
    changed: set[Path] = set()
    found = []
    for path in (path.resolve() for path in paths):
        place = _notes_of(path.parent)
        if place not in notes:
            notes[place] = _read(place)
        known = notes[place]
        state = path.stat()
        stamp = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
        entry = known.get(path.name)
        if not isinstance(entry, dict) or entry.get("stamp") != stamp:
            known[path.name] = entry = {"stamp": stamp, "sha256": sha256(path)}
            changed.add(place)
        found.append(str(entry["sha256"]))
    for place in changed:
        _write(place, notes[place])
    return found


def _notes_of(folder: Path) -> Path:
    root = cache_root()
    return root / "contents" / f"{hashlib.sha256(str(folder).encode()).hexdigest()[:24]}.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(path: Path, content: dict[str, Any]) -> None:
    """Keep the notes where that is possible; without them files are read again."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(content), encoding="utf-8")
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink()
