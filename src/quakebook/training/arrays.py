"""Arrays of a run in HDF5, each with a checksum: a flipped byte is an error at reading, not a wrong figure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .files import RunError, atomic


def write(path: Path, arrays: Mapping[str, Any], attributes: Mapping[str, Any], compressed: bool = False) -> Path:
    """Write arrays (numpy, torch, lists; text too) with fletcher32 and attributes (numbers, words) to one file."""
    import h5py

    prepared = {key: _array(value) for key, value in arrays.items()}
    options = {"compression": "gzip", "compression_opts": 9, "shuffle": True} if compressed else {}
    try:
        layout = {"libver": "latest" if compressed else None, "track_order": True}
        with atomic(path) as part, h5py.File(part, "w", **layout) as file:
            for key, value in prepared.items():
                text = value.dtype.kind == "U"
                raw = np.char.encode(value, "utf-8") if text else value
                checked = {"fletcher32": True, "chunks": _chunks(raw)} | options if raw.size else {}
                stored = file.create_dataset(key, data=np.atleast_1d(raw) if raw.size else raw, **checked)
                stored.attrs["scalar"], stored.attrs["text"] = raw.ndim == 0, text
            for key, value in attributes.items():
                file.attrs[key] = "" if value is None else value
    except (TypeError, RuntimeError) as error:
        raise RunError(f"cannot write {path}: {error}") from error
    return path


def _chunks(array: np.ndarray) -> tuple[int, ...] | bool:
    """Small arrays in one piece: the index of several takes more room than they do."""
    return np.atleast_1d(array).shape if array.nbytes < 1_000_000 else True


def _array(value: Any) -> np.ndarray:
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if str(value.dtype) == "torch.bfloat16" else value
    array = np.asarray(value)
    return array.astype(str) if array.dtype.kind == "O" else array


def read(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a file. Raises RunError when it is absent or a checksum does not hold."""
    import h5py

    if not path.is_file():
        known = sorted(entry.stem for entry in path.parent.glob("*.h5"))
        raise RunError(f"no arrays {path.stem!r} in {path.parent}; there are: {', '.join(known) or 'none'}")
    try:
        with h5py.File(path, "r") as file:
            return {key: _restored(file[key]) for key in file}
    except (OSError, RuntimeError, KeyError) as error:
        raise RunError(f"{path} is damaged ({error}); remove the run's folder to compute it again") from error


def _restored(stored: Any) -> np.ndarray:
    value = stored[()]
    value = np.char.decode(value, "utf-8") if stored.attrs.get("text") else value
    return value.reshape(()) if stored.attrs.get("scalar") else value


def attributes(path: Path) -> dict[str, Any]:
    """The attributes written beside the arrays."""
    import h5py

    with h5py.File(path, "r") as file:
        return {key: value.item() if hasattr(value, "item") else value for key, value in file.attrs.items()}
