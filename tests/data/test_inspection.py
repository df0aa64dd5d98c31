"""Faults of a folder, and folders without a fault."""

import shutil
import subprocess
import sys

import h5py
import pandas as pd
import pytest

from quakebook.data import DataError, load_records, store, synthetic
from quakebook.data.inspection import check_files


@pytest.fixture
def chunked(tmp_path):
    """Two chunks whose trace names are the same, as SeisBench's writer makes them."""
    whole = tmp_path / "set"
    for chunk, seed in (("_A", 1), ("_B", 2)):
        part = store.write(synthetic.make("tiny", 6, seed=seed), tmp_path / chunk)
        whole.mkdir(exist_ok=True)
        shutil.copy(part / "metadata.csv", whole / f"metadata{chunk}.csv")
        shutil.copy(part / "waveforms.hdf5", whole / f"waveforms{chunk}.hdf5")
    (whole / "chunks").write_text("_A\n_B\n")
    return whole


def test_healthy_chunks_pass(chunked):
    problems = [text for text in store.verify(chunked) if "more than one split" not in text]
    assert problems == [] and store.info(chunked)["traces"] == 12 == len(load_records(chunked))


def test_a_name_that_stands_twice_in_one_chunk_is_named(chunked):
    path = chunked / "metadata_A.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]))
    assert any("stands twice" in text for text in store.verify(chunked))


def test_a_locked_file_is_not_called_cut_off(tiny_folder, tmp_path):
    folder = shutil.copytree(tiny_folder, tmp_path / "copy")
    code = ("import sys; from quakebook.data.inspection import check_files; from pathlib import Path\n"
            f"try: check_files(Path({str(folder)!r}))\nexcept ValueError as error: print(error)")
    with h5py.File(folder / "waveforms.hdf5", "r+"):
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert "waveforms.hdf5 is locked by another process" in said and "cut off" not in said
    check_files(folder)
    (folder / "waveforms.hdf5").write_bytes(b"\x89HDF")
    with pytest.raises(DataError, match="perhaps cut off"):
        check_files(folder)


def test_chunks_that_are_listed_and_chunks_that_lie_there(chunked):
    (chunked / "chunks").write_text("_A\r\n_C\r\n")
    said = "\n".join(store.verify(chunked))
    assert "lists a chunk whose table metadata_C.csv is missing" in said
    assert "does not list the chunk of metadata_B.csv" in said and "metadata_A.csv" not in said


@pytest.fixture
def bare(tmp_path):
    """A folder without checksums, whose waveforms and table can be exchanged."""
    folder = store.write(synthetic.make("tiny", 6, seed=1), tmp_path / "bare")
    (folder / "checksums.json").unlink()
    return folder


def test_a_number_beyond_single_precision_is_a_fault(bare):
    with h5py.File(bare / "waveforms.hdf5", "r+") as file:
        values = file["data/bucket0"][()].astype(float)
        values[1, 0, 5] = 1e39  # float32 ends at 3.4e38
        del file["data/bucket0"]
        file["data/bucket0"] = values
    said, = (text for text in store.verify(bare) if "bucket0" in text)
    assert "not finite in single precision" in said
    with pytest.raises(DataError, match="not finite"):
        load_records(bare)


@pytest.mark.parametrize("axes", ["CW", "WC"])
def test_traces_longer_than_their_array_are_a_fault(bare, axes):
    with h5py.File(bare / "waveforms.hdf5", "r+") as file:
        values = file["data/bucket0"][()]
        del file["data/bucket0"], file["data_format/dimension_order"]
        file["data/bucket0"] = values if axes == "CW" else values.transpose(0, 2, 1)
        file["data_format/dimension_order"] = axes
    assert not any("trace_npts" in text for text in store.verify(bare))
    path = bare / "metadata.csv"
    frame = pd.read_csv(path)
    frame.loc[2, "trace_npts"] = 9000
    frame.to_csv(path, index=False)
    assert any("traces of 6000 samples; trace_npts says 9000" in text for text in store.verify(bare))


def test_tables_without_a_row_are_a_fault(bare):
    path = bare / "metadata.csv"
    pd.read_csv(path).iloc[:0].to_csv(path, index=False)
    assert "the tables hold no trace" in store.verify(bare)


def table(**columns):
    """Three traces without a fault, with some columns changed."""
    plain = {"trace_name": ["a", "b", "c"], "trace_npts": [100, 100, 100], "trace_sampling_rate_hz": [100.0] * 3,
             "trace_p_arrival_sample": [0.0, 99.9, None], "trace_s_arrival_sample": [1.0, None, 5.0],
             "trace_component_order": ["ZNE"] * 3, "split": ["train"] * 3}
    return pd.DataFrame({name: value for name, value in (plain | columns).items() if value is not None})


@pytest.mark.parametrize(("columns", "words"), [
    ({}, []), ({"trace_p_arrival_sample": [-1.0, 100.0, 99.0]}, ["2 values of trace_p_arrival_sample lie outside their "
                                                                 "trace, the first in row 0: -1 of 100 samples"]),
    ({"trace_s_arrival_sample": [1.0, 2.0, 100.0]}, ["1 values of trace_s_arrival_sample lie outside their trace, the "
                                                     "first in row 2: 100 of 100 samples"]),
    ({"trace_s_arrival_sample": ["x", 2.0, 3.0]}, ["must hold sample numbers; found 'x' in row 0"]),
    ({"trace_p_arrival_sample": None}, ["no column trace_..._arrival_sample for P picks"]),
    ({"trace_s_arrival_sample": None}, ["no column trace_..._arrival_sample for S picks"]),
    ({"trace_component_order": ["ZNE", "Z", None]}, ["1 traces with the components Z lack N, E",
                                                     "1 traces with the components none lack Z, N, E"]),
    ({"trace_sampling_rate_hz": [100.0, 0.0, 100.0]}, ["rates above 0; found 0.0 in row 1"]),
    ({"trace_npts": [100, "long", 100]}, ["numbers of samples; found long in row 1"]),
    ({"trace_npts": None, "trace_p_arrival_sample": [-1.0, 1e9, 5.0]}, [])])
def test_faults_of_a_table(columns, words):
    from quakebook.data.inspection import _metadata_problems

    found = [line for line in _metadata_problems(table(**columns)) if "comes before" not in line]
    assert len(found) == len(words) and all(any(word in line for line in found) for word in words)


@pytest.mark.parametrize(("shape", "axes", "told"), [
    ((4, 3, 99), "CW", True), ((4, 3, 100), "CW", False), ((4, 99, 3), "WC", True), ((3, 99), "CW", True),
    ((3, 100), "CW", False), ((4, 3, 99), "CX", False), ((99,), "CW", False)])
def test_traces_longer_than_their_array(shape, axes, told):
    from quakebook.data.inspection import _too_long

    assert len(list(_too_long("block", shape, axes, table()))) == told
    assert list(_too_long("block", shape, axes, table(trace_npts=None))) == []
