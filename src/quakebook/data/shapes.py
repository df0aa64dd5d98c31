"""Do the stored arrays have as many components as the metadata says? SeisBench fills up what is missing in silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import h5py
import pandas as pd

from .errors import DataError


def check_shapes(folder: Path, metadata: pd.DataFrame) -> None:
    """Raise `DataError` for the first array whose shape does not fit.

    Parameters
    ----------
    folder : Path
    metadata : DataFrame
        As SeisBench gives it: with `trace_name`, `trace_component_order` and `trace_chunk`.
    """
    for chunk, rows in metadata.groupby("trace_chunk"):
        for problem in wrong_shapes(folder / f"waveforms{chunk}.hdf5", rows):
            raise DataError(problem)


def axes_of(file: h5py.File) -> str:
    """Order of the last two axes of the arrays of a file: "CW", components before samples, unless it says otherwise."""
    order = file.get("data_format/dimension_order")
    return order[()].decode() if order is not None else "CW"


def wrong_shapes(path: Path, metadata: pd.DataFrame) -> Iterator[str]:
    """One line for each array of a file whose number of axes or components is not that of its traces."""
    if "trace_component_order" not in metadata:
        return
    names = metadata["trace_name"].astype(str)
    orders = metadata["trace_component_order"].groupby(names.str.split("$").str[0]).first()
    with h5py.File(path, "r") as file:
        axes = axes_of(file)
        if sorted(axes) != ["C", "W"]:
            return
        for name, components in orders.items():
            stored = file["data"].get(name)
            expected = 2 + bool(names.str.startswith(f"{name}$").any())
            if stored is None or not isinstance(components, str):
                continue
            if stored.ndim != expected or stored.shape[axes.index("C") - 2] != len(components):
                letters = ("traces, " if expected == 3 else "") + "components, samples"
                yield (f"{path}: array {name!r} must have shape ({letters}) with {len(components)} components "
                       f"({components}); found {stored.shape}")
