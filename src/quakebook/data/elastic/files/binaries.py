"""Flat float32 files without a header, whose shape the user has to know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from quakebook.data.elastic.model import ModelError

OVERTHRUST_SHAPE = (801, 801, 187)


def read_binary(path: str | Path, shape: Sequence[int], byte_order: str = "<") -> np.ndarray:
    """Read float32 samples, the last axis of `shape` fastest: trace after trace, depth fastest for (nx, nz).

    The size of the file must be exactly that of the shape.
    """
    path = Path(path)
    if byte_order not in "<>" or len(byte_order) != 1:
        raise ValueError(f"`byte_order` must be '<' (little-endian) or '>' (big-endian); found {byte_order!r}")
    shape = tuple(int(n) for n in shape)
    if not shape or min(shape) < 1:
        raise ModelError(f"{path}: a flat binary needs its shape, e.g. (500, 174); found {shape}")
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    wanted, found = 4 * int(np.prod(shape)), path.stat().st_size
    if found != wanted:
        why = "float64 is suspected" if found == 2 * wanted else "the file is cut off, or the shape is another one"
        raise ModelError(f"{path}: {found} bytes, but the shape {shape} needs {wanted}: {why}")
    values = np.fromfile(path, dtype=f"{byte_order}f4")
    other = values.byteswap()
    if not _sensible(values) and _sensible(other):
        order, word = (">", "big") if byte_order == "<" else ("<", "little")
        raise ModelError(f"{path}: no numbers of a model; read {word}-endian they are (data.byte_order={word}, "
                         f"--byte-order {word}, byte_order={order!r})")
    return values.reshape(shape).astype(np.float32)


def _sensible(values: np.ndarray) -> bool:
    """Finite, and of a size that an elastic property has in any unit."""
    with np.errstate(invalid="ignore"):
        return bool(np.isfinite(values).all()) and 0.0 <= float(np.abs(values).max()) < 1e6 and \
            float(np.median(np.abs(values))) > 1e-3


def write_binary(path: str | Path, values: np.ndarray) -> Path:
    """Write little-endian float32, last axis fastest."""
    path = Path(path)
    np.ascontiguousarray(values, dtype="<f4").tofile(path)
    return path


def read_overthrust(path: str | Path, shape: Sequence[int] = OVERTHRUST_SHAPE) -> np.ndarray:
    """SEG/EAGE Overthrust ``overthrust.vites``: big-endian, x fastest, depth slowest. Vp, shape (nx, ny, nz)."""
    nx, ny, nz = shape
    return np.ascontiguousarray(read_binary(path, (nz, ny, nx), ">").transpose(2, 1, 0))
