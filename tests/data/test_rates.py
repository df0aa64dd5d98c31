"""Sampling rates that cannot be used are named before a waveform is read."""

import numpy as np
import pandas as pd
import pytest

from quakebook.data import DataError, load_records, loading, store, synthetic
from quakebook.data.rates import wrong_rates


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(loading, "_blocks", lambda *given: pytest.fail("read"))
    place = store.write(synthetic.make("tiny", 6, seed=1), tmp_path / "set")
    (place / "checksums.json").unlink()
    return place


def change(folder, edit):
    edit(pd.read_csv(folder / "metadata.csv")).to_csv(folder / "metadata.csv", index=False)


@pytest.mark.parametrize("value", ["", "0", "-100", "inf"])
def test_a_rate_that_is_no_rate(folder, value):
    change(folder, lambda table: table.assign(trace_sampling_rate_hz=["100", "100", value, "100", value, "100"]))
    with pytest.raises(DataError, match=r"set: column trace_sampling_rate_hz must .* found .* in row 2 \(2 such"):
        load_records(folder)
    assert [line for line in store.verify(folder) if "in row 2 (2 such rows)" in line]


def test_a_missing_column_is_called_one(folder):
    change(folder, lambda table: table.drop(columns="trace_name"))
    with pytest.raises(DataError, match="has no column `trace_name`"):
        load_records(folder)


def test_good_rates():
    assert wrong_rates(pd.DataFrame({"trace_sampling_rate_hz": np.array([50, 100])})) is None
    assert "there is no column" in wrong_rates(pd.DataFrame())
