"""Faults of a folder, and folders without a fault."""

import shutil
import subprocess
import sys

import h5py
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
