"""Arrays with as many axes and components as their table says."""

import h5py
import numpy as np
import pandas as pd
import pytest

from quakebook.data import DataError, shapes


def stored(path, axes=None, **arrays):
    with h5py.File(path, "w") as file:
        for name, shape in arrays.items():
            file[f"data/{name}"] = np.zeros(shape)
        if axes:
            file["data_format/dimension_order"] = axes
    return path


def told(path, *rows):
    table = pd.DataFrame(rows, columns=["trace_name", "trace_component_order"])
    return list(shapes.wrong_shapes(path, table))


@pytest.mark.parametrize(("axes", "shape", "fits"), [
    (None, (4, 3, 9), True), ("CW", (4, 3, 9), True), ("CW", (4, 9, 3), False), ("WC", (4, 9, 3), True),
    ("WC", (4, 3, 9), False), ("CW", (3, 9), False), ("CW", (4, 2, 9), False), ("XY", (4, 2, 9), True)])
def test_blocks_of_traces(tmp_path, axes, shape, fits):
    path = stored(tmp_path / "w.hdf5", axes, block=shape)
    lines = told(path, ("block$0,:3,:9", "ZNE"), ("block$1,:3,:9", "ZNE"))
    assert len(lines) == (not fits)
    words = "array 'block' must have shape (traces, components, samples) with 3 components (ZNE); found "
    assert all(f"{words}{shape}" in line for line in lines)


@pytest.mark.parametrize(("shape", "order", "fits"), [
    ((3, 9), "ZNE", True), ((1, 9), "Z", True), ((2, 9), "ZNE", False), ((4, 3, 9), "ZNE", False), ((9,), "Z", False)])
def test_arrays_of_one_trace(tmp_path, shape, order, fits):
    lines = told(stored(tmp_path / "w.hdf5", None, one=shape), ("one", order))
    assert len(lines) == (not fits) and all("shape (components, samples)" in line for line in lines)


def test_what_cannot_be_judged(tmp_path):
    path = stored(tmp_path / "w.hdf5", None, one=(2, 9))
    assert told(path, ("one", None)) == told(path, ("absent", "ZNE")) == []
    assert list(shapes.wrong_shapes(path, pd.DataFrame({"trace_name": ["one"]}))) == []


def test_the_first_wrong_array_of_any_chunk_is_refused(tmp_path):
    stored(tmp_path / "waveforms_A.hdf5", None, one=(3, 9))
    stored(tmp_path / "waveforms_B.hdf5", None, one=(2, 9))
    table = pd.DataFrame({"trace_name": ["one", "one"], "trace_component_order": "ZNE", "trace_chunk": ["_A", "_B"]})
    shapes.check_shapes(tmp_path, table.iloc[:1])
    with pytest.raises(DataError, match=r"waveforms_B.hdf5: array 'one' must have shape"):
        shapes.check_shapes(tmp_path, table)
