"""The real sample: found where it is, and named where it is needed and absent."""

import pytest

from quakebook.data import real_sample_path, required_sample_path


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
