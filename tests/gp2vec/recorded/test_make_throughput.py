"""Names and shares of the recorded speeds, with parts that answer what they were asked; then page and sentence."""

import pytest

from quakebook.gp2vec.pages import throughput as page
from quakebook.gp2vec.recorded import make_throughput
from quakebook.training import recorded

ARGUMENTS = {"name": "tiny-throughput", "preset": "smoke", "steps": 1, "seconds": 0.1}


@pytest.fixture
def measured(monkeypatch):
    """Losses of 4 in single precision and 5 in bfloat16; the fastest step makes 30 windows a second."""
    rows = [{"precision": "32-true", "loss": 4.0, "windows a second": 20.0},
            {"precision": "bf16-mixed", "loss": 5.0, "windows a second": 10.0}]
    fast = {"precision": "x", "loss": 3.0, "windows a second": 30.0}
    monkeypatch.setattr(make_throughput, "measured", lambda *words: rows)
    monkeypatch.setattr(make_throughput, "measured_compiled", lambda *words: fast)
    monkeypatch.setattr(make_throughput, "speeds", lambda seconds: {"miniseed": 25.0, "shards": 400.0})
    return monkeypatch


def test_speeds_and_differences_by_name(measured):
    found = make_throughput.throughput(**ARGUMENTS).metrics
    assert found == {f"tiny-throughput.{key}": value for key, value in {
        "step.32-true": 20.0, "step.bf16-mixed": 10.0, "step.compiled": 30.0, "loss_off.bf16-mixed": 0.25,
        "loss_off.compiled": 0.25, "pipeline.miniseed": 25.0, "pipeline.shards": 400.0}.items()}


def test_the_page_shows_what_was_measured_and_says_what_was_not(measured, book):
    assert page.recorded_result() is None and page.metrics(None) == {}
    assert "No measurement of the compiled step" in page.sentence(None)
    recorded.keep("gp2vec", "tiny-throughput", make_throughput.throughput(**ARGUMENTS))
    kept = page.recorded_result()
    table = page.table(kept).set_index("what")["windows a second"]
    assert table["training step, single precision, compiled"] == "30" and table["windows from shards on disk"] == "400"
    assert table["windows from shards in S3"] == table["windows cut from miniSEED in S3"] == "not measured"
    assert kept.facts["device"] in page.caption(kept) and "tiny network with 4 windows each" in page.caption(kept)
    text = page.sentence(kept)
    assert "makes 1.50 times the windows a second" in text and "a share of 2.5e-01" in text
    assert "would wait for them: windows cut from miniSEED on disk." in text
    assert page.metrics(kept) == {"pretraining.throughput.compiled": 0.25, "pretraining.throughput.bf16-mixed": 0.25}


def test_without_a_compiler_there_is_no_row(measured, book):
    measured.setattr(make_throughput, "measured_compiled", lambda *words: None)
    measured.setattr(make_throughput, "speeds", lambda seconds: {"miniseed": 250.0})
    recorded.keep("gp2vec", "tiny-throughput", make_throughput.throughput(**ARGUMENTS))
    kept = page.recorded_result()
    assert page.table(kept)["windows a second"].tolist() == ["20", "10", "not measured", "250", *["not measured"] * 3]
    assert "there was no compiler" in page.sentence(kept) and "Each source that was measured" in page.sentence(kept)
    assert set(page.metrics(kept)) == {"pretraining.throughput.bf16-mixed"}


def test_an_equal_loss_is_said_in_words(measured, book):
    same = {"precision": "x", "loss": 4.0, "windows a second": 15.0}
    measured.setattr(make_throughput, "measured_compiled", lambda *words: same)
    recorded.keep("gp2vec", "tiny-throughput", make_throughput.throughput(**ARGUMENTS))
    text = page.sentence(page.recorded_result())
    assert "makes 0.75 times" in text and "its first loss is the same number in single precision." in text
