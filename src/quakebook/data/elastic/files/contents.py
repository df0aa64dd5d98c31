"""What stands in a folder or a container: named arrays, and steps, wells and initial models where they are given."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from quakebook.data.elastic.model import ModelError

from .axes import SAMPLE_AXES
from .binaries import read_binary
from .containers import read_arrays
from .segy import read_segy

#: Endings and words that name a property in a folder of files, and keys that name it in a container.
NAMES = {"vp": ("vp", "p-wave"), "vs": ("vs", "s-wave"), "rho": ("rho", "rhob", "density", "den")}
#: Keys under which files hold observed gathers; the second is the Nash code's.
SEISMIC = ("seismic", "synth_seismic_15db_noise")


@dataclass
class Contents:
    """Arrays as they stand in the files.

    Attributes
    ----------
    arrays, initial : dict
        vp, vs, rho; `initial` is empty where the files hold no initial model.
    gathers, wells : ndarray or None
    dt_s, dz_m : float or None
        Steps that a container gives under ``dt`` and ``dz``.
    headers : dict of str to float
        Sample interval of each SEG-Y file, as `read_segy` gives it.
    lengths : dict of str to int
        How many times or depths of samples a container gives, by name.
    notes : list of str
        What the reader has to say.
    """

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    initial: dict[str, np.ndarray] = field(default_factory=dict)
    gathers: np.ndarray | None = None
    wells: np.ndarray | None = None
    dt_s: float | None = None
    dz_m: float | None = None
    headers: dict[str, float] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_contents(path: Path, shape: Sequence[int] | None, byte_order: str = "<") -> Contents:
    """Read a folder of one file per property, or one container."""
    return _folder(path, shape, byte_order) if path.is_dir() else _container(path)


def _folder(path: Path, shape: Sequence[int] | None, byte_order: str) -> Contents:
    contents = Contents()
    for name, words in NAMES.items():
        files = _named(path, words)
        if len(files) != 1:
            found = ", ".join(f.name for f in files) or "none"
            raise ModelError(f"{path}: expected one file for {name}: .segy, .sgy, .npy or .bin with "
                             f"{' or '.join(words)} in its name, or one that ends in .{' or .'.join(words)}; found "
                             f"{found} (the folder holds {_listed(path)})")
        contents.arrays[name] = _one(files[0], shape, byte_order, contents.headers)
    observed = path / "seismic_data.npy"
    if observed.is_file():
        contents.gathers = _one(observed, None, byte_order, {})
    return contents


def _listed(path: Path) -> str:
    """The first names in a folder."""
    names = sorted(f.name for f in path.iterdir())
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "") or "nothing"


def _named(path: Path, words: Sequence[str]) -> list[Path]:
    """Files whose ending is one of the words, or whose name holds one as a word of its own, or else anywhere."""
    files = sorted(f for f in path.iterdir() if f.is_file() and not f.name.startswith("."))
    whole = [f for f in files if f.suffix.lower().lstrip(".") in words]
    kinds = [f for f in files if f.suffix.lower() in (".segy", ".sgy", ".npy", ".bin")]
    pattern = re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in words))
    return (whole + [f for f in kinds if pattern.search(f.stem.lower())]
            or [f for f in kinds if any(word in f.stem.lower() for word in words)])


def _one(file: Path, shape: Sequence[int] | None, byte_order: str, headers: dict[str, float]) -> np.ndarray:
    ending = file.suffix.lower()
    if ending in (".segy", ".sgy"):
        traces, headers[file.name] = read_segy(file)
        return traces
    if ending == ".npy":
        arrays = list(read_arrays(file).values())
        if len(arrays) != 1:
            raise ModelError(f"{file}: expected one array; found {len(arrays)}")
        return arrays[0]
    return read_binary(file, shape or (), byte_order)


def _container(path: Path) -> Contents:
    arrays = read_arrays(path, _meant)
    lower = {key.lower(): value for key, value in arrays.items()}
    if len(lower) < len(arrays):
        raise ModelError(f"{path}: names that differ in case only: {', '.join(sorted(arrays))}")
    contents = Contents(wells=lower.get("wells"), dt_s=_number(path, lower, "dt"), dz_m=_number(path, lower, "dz"))
    contents.arrays = _properties(lower, path, "")
    if any(key.startswith("initial_") for key in lower):
        contents.initial = _properties(lower, path, "initial_")
    contents.lengths = {key: lower[key].size for key in SAMPLE_AXES
                        if key in lower and np.squeeze(lower[key]).ndim == 1}
    contents.gathers = next((lower[key] for key in SEISMIC if key in lower), None)
    return contents


def _meant(name: str) -> bool:
    """Whether a container's array of this name is used."""
    words = {word for names in NAMES.values() for word in names}
    return name.lower().removeprefix("initial_") in {*words, *SEISMIC, "dt", "dz", "wells"}


def _properties(lower: dict[str, np.ndarray], path: Path, prefix: str) -> dict[str, np.ndarray]:
    arrays = {}
    for name, words in NAMES.items():
        keys = [prefix + word for word in words if prefix + word in lower]
        if len(keys) > 1:
            raise ModelError(f"{path}: one array for {prefix}{name} is expected; found {', '.join(keys)}")
        if not keys:
            raise ModelError(f"{path}: no array for {prefix}{name} (named "
                             f"{' or '.join(prefix + word for word in words)}); the file holds "
                             f"{', '.join(sorted(lower))}")
        arrays[name] = lower[keys[0]]
    return arrays


def _number(path: Path, lower: dict[str, np.ndarray], key: str) -> float | None:
    if key not in lower:
        return None
    if lower[key].size != 1:
        raise ModelError(f"{path}: `{key}` must be one number; found shape {lower[key].shape}")
    number = float(lower[key].reshape(()))
    if not (math.isfinite(number) and number > 0):
        raise ModelError(f"{path}: `{key}` must be a number above 0; found {number:g}")
    return number
