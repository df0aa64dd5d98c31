"""The recorded probes on real records: on the records themselves where they are, else a reason."""

import pytest

from quakebook.data import real_sample_path
from quakebook.gp2vec.recorded import make_real, read
from quakebook.training import recorded


def test_the_recorded_network_on_the_sample(monkeypatch):
    if real_sample_path() is None:
        pytest.skip("the Northern California sample is not here (set QUAKEBOOK_SHARED_DATA)")
    if "tiny-0" not in read.available():
        pytest.skip("the tiny network is not recorded here")
    compare = make_real.compare
    monkeypatch.setattr(make_real, "compare", lambda *arguments: compare(*arguments, draws=20))
    outcome = make_real.real("real", "quick", "tiny-0", [0], 60, recorded.folder("gp2vec"))
    assert outcome.metrics["real.records"] == 77 and outcome.metrics["real.stations"] == 69
    assert outcome.metrics["real.own.rows.P"] <= 3 * 77 and outcome.facts["data"] == "real"
    assert outcome.metrics["real.own.pretrained.P"] > 0.7 and not outcome.arrays


def test_without_the_sample_the_reason_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr("quakebook.data.examples.real_sample_path", lambda: None)
    with pytest.raises(FileNotFoundError, match="QUAKEBOOK_SHARED_DATA"):
        make_real.real("real", "smoke", "tiny-0", [0], 48, tmp_path)
