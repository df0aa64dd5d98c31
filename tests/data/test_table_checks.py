"""Rows of a table that can be read, but may not be meant."""

import logging
import shutil

import h5py
import pandas as pd
import pytest

from quakebook.data import DataError, load_records, store
from quakebook.data.table_checks import nameless, oddities, wrong_lengths


@pytest.fixture
def folder(tiny_folder, tmp_path):
    copy = shutil.copytree(tiny_folder, tmp_path / "set")
    (copy / "checksums.json").unlink()
    return copy


def table(**columns):
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"trace_name": [f"t{row}" for row in range(count)], **columns})


@pytest.mark.parametrize("name", ["NA", "null", "nan", ""])
def test_a_trace_called_nan_is_not_read_for_rows_without_a_name(folder, name):
    """pandas reads these names as nothing, and SeisBench reads the trace "nan" in their place."""
    frame = pd.read_csv(folder / "metadata.csv")
    with h5py.File(folder / "waveforms.hdf5", "r+") as file:
        file["data/nan"] = file["data/bucket0"][0]
    frame.loc[[2, 5], "trace_name"] = name
    frame.to_csv(folder / "metadata.csv", index=False)
    with pytest.raises(DataError, match=r"trace_name must hold a name .* in row 2 \(2 such rows\)"):
        load_records(folder)
    assert any("in row 2 (2 such rows)" in text for text in store.verify(folder))


def test_names_in_every_row_are_well():
    assert nameless(table(a=[1, 2])) is None


@pytest.mark.parametrize("value", ["long", "inf"])
def test_numbers_of_samples_that_are_none_are_refused(folder, value):
    frame = pd.read_csv(folder / "metadata.csv").astype({"trace_npts": object})
    frame.loc[[2, 5], "trace_npts"] = value
    frame.to_csv(folder / "metadata.csv", index=False)
    with pytest.raises(DataError, match=rf"set: column trace_npts must hold .* found {value} in row 2 \(2 such rows\)"):
        load_records(folder)
    assert any(f"found {value} in row 2" in text for text in store.verify(folder))


def test_numbers_of_samples_may_be_unknown():
    assert wrong_lengths(table(trace_npts=[6000, None, 5999.0])) is None and wrong_lengths(table(a=[1])) is None


def test_splits_that_differ_by_case_or_blanks_are_told():
    (line,) = oddities(table(split=["train", "unused", None, " train", "Dev", "test"]))
    assert line == "split ' train' in row 3 is none of train, dev, test, and its records are left out (2 such rows)"
    assert not list(oddities(table(split=["train", "dev", "test", None, "unused"])))


def test_names_that_stand_twice_are_said_when_records_are_loaded(folder, caplog):
    frame = pd.read_csv(folder / "metadata.csv")
    frame = pd.concat([frame, frame.iloc[[3]].assign(source_id=None)])
    frame.to_csv(folder / "metadata.csv", index=False)
    with caplog.at_level(logging.WARNING, "quakebook"):
        assert len(load_records(folder)) == len(frame)
    assert f"stands twice, the second time in row {len(frame) - 1} (1 such rows)" in caplog.text


def test_names_may_come_again_in_another_chunk():
    assert not list(oddities(table(trace_name=["a", "a"], trace_chunk=["_A", "_B"])))
    assert len(list(oddities(table(trace_name=["a", "a"], trace_chunk=["_A", "_A"])))) == 1


@pytest.mark.parametrize(("p", "s"), [("p", "s"), ("Pg", "Sg"), ("P1", "S1")])
def test_s_before_its_own_p(p, s):
    frame = table(**{f"trace_{p}_arrival_sample": [100.0, 250.5, 300.0, None, 50.0],
                     f"trace_{s}_arrival_sample": [200.0, 249.5, -1.0, 10.0, None]})
    assert list(oddities(frame)) == [f"trace_{s}_arrival_sample comes before trace_{p}_arrival_sample in row 1: 249.5 "
                                     "and 250.5 (1 such rows)"]


def test_s_of_one_event_may_come_before_p_of_the_next():
    assert not list(oddities(table(trace_s_arrival_sample=[900.0], trace_P1_arrival_sample=[2000.0])))


def test_an_event_in_two_splits_is_counted():
    frame = table(source_id=["a", "a", "b", "b", None, None], split=["train", "test", "dev", "dev", "train", "dev"])
    assert list(oddities(frame)) == ["event a lies in more than one split (1 such events)"]


def test_synthetic_records_have_none_of_it(tiny):
    assert not list(oddities(tiny.metadata))
