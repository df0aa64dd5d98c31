"""The real sample: found where it is, and named where it is needed and absent."""

import pytest

from quakebook.data import example_records, real_sample_path, required_sample_path


def test_the_needed_sample_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_SHARED_DATA", str(tmp_path))
    folder = tmp_path / "ncedc_real"
    folder.mkdir()
    (folder / "metadata.csv").write_text("trace_name\n")
    assert required_sample_path() == real_sample_path() == folder


def test_an_absent_sample_is_named_with_the_variable(monkeypatch):
    monkeypatch.setattr("quakebook.data.examples.real_sample_path", lambda: None)
    with pytest.raises(FileNotFoundError, match=r"\(ncedc_real\) is not on this machine.*QUAKEBOOK_SHARED_DATA"):
        required_sample_path()


def test_picks_of_the_bundled_record():
    """Read by eye 4.7 s after the start, where the vertical jumps, and 5.8 s, where the horizontals grow."""
    records = example_records()
    assert float(records.picks("P")[0, 0]) == pytest.approx(470, abs=1) and len(records) == 1
    assert float(records.picks("S")[0, 0]) == pytest.approx(578, abs=1)
    row = records.metadata.iloc[0]
    assert (row["trace_p_uncertainty_s"], row["trace_s_uncertainty_s"]) == (0.02, 0.3)  # as its docstring says
    assert (row["trace_name"], row["trace_channel"], row["trace_npts"]) == ("BW.RJOB..EH", "EH", 3000)
