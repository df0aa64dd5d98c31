"""Pick columns: text, negative numbers, and numbers behind the end of a trace."""

import logging

import numpy as np
import pandas as pd
import pytest

from quakebook.data import DataError
from quakebook.data.pick_tables import checked_table


def checked(**columns):
    return checked_table(pd.DataFrame(columns), "here", ())


def test_a_pick_without_a_wave_is_no_pick(caplog):
    with caplog.at_level(logging.WARNING, "quakebook"):
        table = checked(trace_p_arrival_sample=[10.0, -1.0, 99.5, 100.0, 250.0, np.nan],
                        trace_npts=[100] * 4 + [300, 100])
    np.testing.assert_array_equal(table["trace_p_arrival_sample"], [10.0, np.nan, 99.5, np.nan, 250.0, np.nan])
    assert caplog.messages == [
        "here: 1 negative values in trace_p_arrival_sample are read as no pick, the first in row 1: -1",
        "here: 1 values behind the end of their trace in trace_p_arrival_sample are read as no pick, the first in row "
        "3: 100"]


@pytest.mark.parametrize("lengths", [{}, {"trace_npts": [None]}, {"trace_npts": [0]}, {"trace_npts": ["?"]}])
def test_without_a_length_no_pick_is_behind_the_end(lengths, caplog):
    assert checked(trace_s_arrival_sample=[9e9], **lengths)["trace_s_arrival_sample"].tolist() == [9e9]
    assert not caplog.messages


def test_text_that_is_no_number_is_named():
    with pytest.raises(DataError, match=r"here: column trace_s_arrival_sample .* found '-' in row 1 \(2 such rows\)"):
        checked(trace_s_arrival_sample=["3", "-", "-"])


def test_words_for_nothing_are_no_pick():
    found = checked(trace_s_arrival_sample=["3", "None", " nan", None])["trace_s_arrival_sample"]
    np.testing.assert_array_equal(found, [3.0, np.nan, np.nan, np.nan])
