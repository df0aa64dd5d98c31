"""Named arrays from npz, HDF5 and MATLAB files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.data.elastic.model import ModelError

from .dictionaries import load_dictionary


def read_arrays(path: str | Path, meant: Callable[[str], bool] | None = None) -> dict[str, np.ndarray]:
    """All numeric arrays of a .npz, .npy, .mat (before and after 7.3) or .h5/.hdf5 file, by name.

    MATLAB stores its axes the other way round in version 7.3; they are put back.

    Parameters
    ----------
    path : str or Path
    meant : callable, optional
        Says of a name whether it must hold numbers where it is there; other things that are no numbers are left out.

    Raises
    ------
    ModelError
        Unreadable, without numbers, or with text or truth values under a name that is meant.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    readers = {".npz": _npz, ".npy": load_dictionary, ".mat": _mat, ".h5": _hdf5, ".hdf5": _hdf5}
    if path.suffix.lower() not in readers:
        raise ModelError(f"{path}: unknown ending; known are {', '.join(readers)}")
    try:
        found = readers[path.suffix.lower()](path)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"{path}: cannot be read ({error})") from error
    arrays = {k: v for k, v in found.items() if isinstance(v, np.ndarray) and np.issubdtype(v.dtype, np.number)}
    if any(np.iscomplexobj(value) for value in arrays.values()):
        raise ModelError(f"{path}: holds complex numbers: {', '.join(k for k in arrays if np.iscomplexobj(arrays[k]))}")
    for name in found.keys() - arrays.keys():
        if arrays and meant is not None and meant(name):
            raise ModelError(f"{path}: `{name}` must hold numbers; found {_kind(found[name])}")
    if not arrays:
        held = ", ".join(f"{name} ({_kind(value)})" for name, value in found.items())
        raise ModelError(f"{path}: holds no numeric arrays at its top; it holds {held or 'nothing'}")
    return arrays


def _kind(value: Any) -> str:
    """What an array holds that are no numbers; MATLAB's structs with their fields."""
    names = getattr(getattr(value, "dtype", None), "names", None)
    return f"a struct of {', '.join(names)}" if names else str(getattr(value, "dtype", type(value).__name__))


def _npz(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _mat(path: Path) -> dict[str, np.ndarray]:
    from scipy.io import loadmat
    from scipy.io.matlab import matfile_version

    if matfile_version(path)[0] == 2:
        return {name: value.T for name, value in _hdf5(path).items()}
    return {name: value for name, value in loadmat(path).items() if not name.startswith("__")}


def _hdf5(path: Path) -> dict[str, np.ndarray]:
    import h5py

    with h5py.File(path, "r") as file:
        found = {name: item[()] for name, item in file.items() if isinstance(item, h5py.Dataset)}
        if not found and len(file) == 1:  # one group that holds them all
            (group,) = file.values()
            found = {name: item[()] for name, item in group.items() if isinstance(item, h5py.Dataset)}
        return {name: np.asarray(value) for name, value in found.items()}
