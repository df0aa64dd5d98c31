"""NumPy files that hold a pickled dictionary, read by an unpickler that knows numpy's own classes and nothing else."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from quakebook.data.elastic.model import ModelError

#: Names an array's pickle needs, in numpy 1 and 2; `encode` turns Python 2's text into bytes.
ADMITTED = {
    *((f"numpy.{core}.multiarray", name) for core in ("core", "_core") for name in ("_reconstruct", "scalar")),
    *((f"numpy.{core}.numeric", "_frombuffer") for core in ("core", "_core")),
    ("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode"),
}


class _NumpyOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ADMITTED:
            raise ModelError(f"the file's pickle asks for {module}.{name}; only plain numpy arrays are admitted, "
                             "because any other class could run code")
        return super().find_class(module, name)


def load_dictionary(path: str | Path) -> dict[str, np.ndarray]:
    """Read a ``.npy`` file written by ``numpy.save`` from a dictionary of arrays, or from one plain array.

    Nothing but numpy's own classes is ever built, so a crafted file raises an error and runs nothing.

    Returns
    -------
    dict
        A plain array comes under the key "array".
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            version = npy.read_magic(file)
            read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            _, _, dtype = read_header(file)
            if not dtype.hasobject:
                return {"array": np.load(path, allow_pickle=False)}
            found = _NumpyOnly(file).load()
    except FileNotFoundError:
        raise ModelError(f"{path}: no such file") from None
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from None
    except Exception as error:  # a damaged pickle may raise nearly anything
        raise ModelError(f"{path}: not a readable NumPy file ({error})") from error
    content = found.item() if isinstance(found, np.ndarray) and found.ndim == 0 else found
    if not isinstance(content, dict) or not all(isinstance(v, np.ndarray) for v in content.values()):
        raise ModelError(f"{path}: expected a dictionary of arrays; found {type(content).__name__}")
    return {str(key): value for key, value in content.items()}
