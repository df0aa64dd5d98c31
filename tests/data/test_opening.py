"""What is said of a data set that SeisBench cannot open."""

import shutil

import pandas as pd
import pytest

from quakebook.data import DataError, open_dataset


@pytest.fixture
def folder(tiny_folder, tmp_path):
    copy = shutil.copytree(tiny_folder, tmp_path / "set")
    (copy / "checksums.json").unlink()
    return copy


def refused(folder):
    with pytest.raises(DataError) as error:
        open_dataset(folder)
    return str(error.value)


def test_the_file_of_another_encoding_is_named(folder):
    path = folder / "metadata.csv"
    path.write_bytes(path.read_bytes().replace(b"station_code", "stationscode_Zürich".encode("latin-1"), 1))
    assert f"{path} is not a readable table" in refused(folder)


def test_the_columns_of_another_separator_are_named(folder):
    path = folder / "metadata.csv"
    pd.read_csv(path).to_csv(path, index=False, sep=";")
    said = refused(folder)
    assert f"{path} has no column `trace_name`; its columns are trace_name" in said and "trace_chunk" not in said


def test_the_row_of_a_rate_with_its_unit_is_named(folder):
    path = folder / "metadata.csv"
    frame = pd.read_csv(path, dtype={"trace_sampling_rate_hz": str})
    frame.loc[3:4, "trace_sampling_rate_hz"] = "100 Hz"
    frame.to_csv(path, index=False)
    assert "trace_sampling_rate_hz must hold rates above 0; found 100 Hz in row 3 (2 such rows)" in refused(folder)


def test_what_seisbench_says_is_kept_where_the_tables_are_well(folder):
    for name in ("metadata.csv", "waveforms.hdf5"):
        (folder / name).rename((folder / name).with_stem(f"{name.split('.')[0]}_A"))
    (folder / "chunks").write_text("_A\n_C\n")
    assert "'_C'" in refused(folder)
