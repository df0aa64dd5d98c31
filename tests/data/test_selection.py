"""Rows that are chosen, and sample numbers at another rate."""

import numpy as np
import pandas as pd
import pytest

from quakebook.data import DataError, selection


def test_as_many_as_asked_for():
    rows = np.arange(10, 20)
    assert selection.drawn(rows, None, 0) is rows and selection.drawn(rows, 10, 0) is rows
    assert len(selection.drawn(rows, 9, 0)) == 9 and len(selection.drawn(rows, 0, 0)) == 0
    assert selection.drawn(rows, 4, 1).tolist() == sorted(selection.drawn(rows, 4, 1).tolist())
    with pytest.raises(DataError, match="found -1"):
        selection.drawn(rows, -1, 0)


def test_rows_of_a_split():
    table = pd.DataFrame({"split": ["train", None, "dev", "train"]})
    assert selection._rows_of(table, None, "x").tolist() == [0, 1, 2, 3]
    assert selection._rows_of(table, "train", "x").tolist() == [0, 3]
    with pytest.raises(DataError, match="x has no split 'test'; it has dev, train"):
        selection._rows_of(table, "test", "x")
    with pytest.raises(DataError, match="it has none"):
        selection._rows_of(pd.DataFrame({"a": [1]}), "dev", "x")


def test_sample_numbers_at_another_rate():
    """From 50 and 200 to 100 Hz: doubled and halved; lengths are whole numbers; text stays text."""
    table = pd.DataFrame({"trace_sampling_rate_hz": [50.0, 200.0], "trace_npts": [3000, 9001],
                          "trace_p_arrival_sample": [100.0, 100.0], "trace_S1_arrival_sample": [7.5, np.nan],
                          "trace_note_sample": ["a", "b"], "trace_start": [1.0, 2.0]})
    found = selection._at_rate(table, 100.0)
    assert found["trace_p_arrival_sample"].tolist() == [200, 50] and found["trace_npts"].tolist() == [6000, 4500]
    assert found["trace_S1_arrival_sample"].iloc[0] == 15 and np.isnan(found["trace_S1_arrival_sample"].iloc[1])
    assert found["trace_note_sample"].tolist() == ["a", "b"] and found["trace_start"].tolist() == [1, 2]
    assert found["trace_sampling_rate_hz"].tolist() == [100, 100] and table["trace_npts"].tolist() == [3000, 9001]
    same = table.assign(trace_sampling_rate_hz=100.0)
    assert selection._at_rate(same, 100.0) is same
    assert "trace_npts" not in selection._at_rate(table.drop(columns="trace_npts"), 100.0)
