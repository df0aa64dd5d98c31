"""The table about real records."""

import numpy as np

from quakebook.bluedisc.pages import real_records
from quakebook.bluedisc.recorded.real_records import Shown


def _shown(**more):
    empty = np.zeros((0, 3, 3001), np.float32)
    numbers = {f"example.bce.{phase}.{key}": value
               for phase in "PS" for key, value in (("height", 0.123), ("time_s", 4.5))}
    return Shown([], empty, empty, {"bce": empty}, {"metrics": numbers | more})


def test_shares_of_a_few_records_are_shown_as_counts():
    numbers = {f"real.bce.{phase}.{key}": value for phase in "PS" for key, value in (
        ("tp", 25.0), ("below", 50.0), ("precise", 75.0), ("label_count", 8.0), ("height_50", 0.654),
        ("precision", None), ("high_count", 0.0))}
    table = real_records.table(_shown(**{"real.records": 9.0}, **numbers)).set_index("")["BCE"]
    assert table["S in time and over 0.7"] == "2 of 8" and table["P in time, of any height"] == "6 of 8"
    assert table["S peaks over 0.7 that are in time"] == "none" and table["S peaks in time: median height"] == "0.65"
    assert table["ObsPy's record: highest P value, and when"] == "0.12 at 4.50 s"


def test_without_the_sample_only_the_bundled_record_is_shown():
    found = _shown()
    assert len(real_records.table(found)) == 2 and "absent" in real_records.source_line(found)
