"""Files of an evaluation: JSON with the scores, a text summary, arrays in an npz without pickles."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.training.files import RunError, write_atomic


def write_json(path: str | Path, content: Mapping[str, Any]) -> Path:
    """Write JSON atomically; NaN and infinity become null."""
    return write_atomic(path, (json.dumps(_finite(content), indent=1) + "\n").encode())


def write_text(path: str | Path, lines: list[str]) -> Path:
    """Write lines atomically."""
    return write_atomic(path, ("\n".join(lines) + "\n").encode())


def write_arrays(path: str | Path, arrays: Mapping[str, Any]) -> Path:
    """Write a compressed npz; text as fixed-width unicode, so that it loads without pickles."""
    ready = {name: np.asarray(value).astype(str) if np.asarray(value).dtype == object else np.asarray(value)
             for name, value in arrays.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **ready)
    return write_atomic(path, buffer.getvalue())


def read_json(path: str | Path) -> dict[str, Any]:
    """Read JSON; null comes back as NaN where a number is meant by the caller. Raises RunError for a damaged file."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path} is damaged ({error}); remove it to evaluate again") from error


def read_arrays(path: str | Path) -> dict[str, np.ndarray]:
    """Read an npz written by `write_arrays`."""
    with np.load(Path(path), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Numbers of a nested mapping under dotted names; lists and words are left out."""
    flat: dict[str, float] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            flat[f"{prefix}{key}"] = float(value)
    return flat


def summary(title: str, tree: Mapping[str, Any]) -> list[str]:
    """Readable lines of the numbers in an evaluation."""
    return [title, "-" * len(title), *(f"{name:<44s} {value:12.5g}" for name, value in flatten(tree).items())]


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
