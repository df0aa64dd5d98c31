"""Named arrays from npz, HDF5 and MATLAB files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from quakebook.data.elastic.model import ModelError

from .dictionaries import load_dictionary


def read_arrays(path: str | Path) -> dict[str, np.ndarray]:
    """All numeric arrays of a .npz, .npy, .mat (before and after 7.3) or .h5/.hdf5 file, by name.

    MATLAB stores its axes the other way round in version 7.3; they are put back.
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
    if not arrays:
        raise ModelError(f"{path}: holds no numeric arrays")
    return arrays


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
