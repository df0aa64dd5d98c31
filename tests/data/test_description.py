"""What a folder holds, counted by hand; odd columns are described, not stumbled over."""

import pandas as pd

from quakebook import cli
from quakebook.data import load_records, store, synthetic


def written(tmp_path, **columns):
    records = synthetic.make("tiny", 6, seed=1)
    table = records.metadata.assign(**columns)
    return store.write(type(records)(records.waveforms, table, 100.0, "t", "t"), tmp_path / "set"), table


def test_text_among_magnitudes_is_listed_and_the_range_is_that_of_the_numbers(tmp_path, capsys):
    folder, _ = written(tmp_path, source_magnitude=["unknown", "2.5", None, "0.5", "unknown", "3,1"])
    facts = store.info(folder)
    assert facts["source_magnitude"] == [0.5, 2.5] and facts["source_magnitude (text)"] == {"unknown": 2, "3,1": 1}
    assert cli.main(["data", "info", str(folder)]) == 0 and "'unknown': 2" in capsys.readouterr().out


def test_a_column_without_a_number_has_no_range(tmp_path):
    folder, _ = written(tmp_path, source_magnitude=["x"] * 6)
    facts = store.info(folder)
    assert "source_magnitude" not in facts and facts["source_magnitude (text)"] == {"x": 6}


def test_picks_are_those_that_are_read(tmp_path):
    """-1 says "none", 99999 lies behind the end, and text is no number: two of six are left."""
    folder, _ = written(tmp_path, trace_p_arrival_sample=[-1.0, 99_999.0, None, 0.0, 700.0, None])
    facts = store.info(folder)
    assert facts["picks"]["P"] == 2 == int(load_records(folder).picks("P").isfinite().sum())
    path = folder / "metadata.csv"
    pd.read_csv(path, dtype={"trace_p_arrival_sample": str}).assign(trace_p_arrival_sample=["a"] * 5 + ["3"]).to_csv(
        path, index=False)
    assert store.info(folder)["picks"]["P"] == 1
