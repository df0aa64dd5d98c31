"""Files that are whole or absent: a temporary name in the same folder, flushed, fsynced, then renamed.

Under repeated SIGKILL a plain `torch.save` leaves unreadable files; this way does not.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


class RunError(OSError):
    """A run's folder or file cannot be read, written or understood; the message names it."""


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """A temporary path to write to; becomes `path` when the block ends well, and is removed when it does not.

    Raises
    ------
    RunError
        Read-only folder, full disk, ...; nothing is left behind.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        _sync(part)
        os.replace(part, path)
        _sync(path.parent)
    except OSError as error:
        if isinstance(error, RunError):
            raise
        raise RunError(f"cannot write {path}: {error.strerror or error}. Free the disk, or point $QUAKEBOOK_RUNS "
                       "at a folder that you may write to") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomic(path: str | Path, content: str | bytes) -> Path:
    """Write text (UTF-8) or bytes. Returns the path."""
    with atomic(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
    return Path(path)


def write_json(path: str | Path, value: Any) -> Path:
    """Indented JSON with a final newline; NaN and infinities are written as null, so that any reader takes it."""
    return write_atomic(path, json.dumps(finite(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: str | Path) -> Any:
    """Raises RunError naming the file when it is absent or damaged."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path} is damaged ({error}); remove its folder to start again") from error


def finite(value: Any) -> Any:
    """Numbers that JSON has; numpy and torch scalars become Python's, other objects their text."""
    if isinstance(value, dict):
        return {str(key): finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(part) for part in value]
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if hasattr(value, "item") and not isinstance(value, float):
        return finite(value.item())
    if isinstance(value, float):
        return float(value) if value - value == 0 else None
    return str(value)
