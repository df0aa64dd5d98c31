"""A plan of chunks and the work on it: margins, model, device, and who does what."""

import argparse
from types import SimpleNamespace

import pandas as pd
import pytest

from quakebook.commands import annotate_chunks
from quakebook.commands.chapters import UsageError


@pytest.fixture
def asked(monkeypatch):
    """A model of `samples` at `rate`, and what the plan is cut with."""
    out = SimpleNamespace(model=SimpleNamespace(in_samples=3001, sampling_rate=100.0))
    monkeypatch.setattr(annotate_chunks.pickers, "load_picker", lambda word: SimpleNamespace(
        model=out.model, identity="abc"))
    monkeypatch.setattr("quakebook.picking.continuous.rules.rules_of", lambda model, **options: options)
    monkeypatch.setattr(annotate_chunks.waveforms, "manifest_of", lambda *words: words)
    monkeypatch.setattr("quakebook.picking.chunks.cut", lambda table, settings, hours, margin_s: vars(out).update(
        table=table, settings=settings, hours=hours, margin_s=margin_s) or "plan")
    return out


def wishes(**changed):
    plain = {"model": "bluedisc:x", "inventory": None, "input": ["a"], "channel": ["*"], "start": "s", "end": "e",
             "hours": 24.0, "resample": "correct", "precision": "float32", "overlap": None, "stacking": None,
             "threshold": []}
    return argparse.Namespace(**plain | changed)


@pytest.mark.parametrize(("samples", "rate", "margin_s"), [
    (3001, 100.0, 90.03), (2000, 100.0, 60.0), (1000, 100.0, 60.0), (6000, 50.0, 360.0), (3000, None, 90.0)])
def test_margins_are_three_windows_or_a_minute(asked, samples, rate, margin_s):
    """A hundred samples a second where the model does not say."""
    asked.model = SimpleNamespace(in_samples=samples, sampling_rate=rate)
    assert annotate_chunks.plan(wishes()) == "plan"
    assert asked.margin_s == pytest.approx(margin_s) and asked.hours == 24.0
    assert asked.table == (["a"], ["*"], "s", "e") and asked.settings["identity"] == "abc"


def test_an_inventory_is_named_with_its_content(asked, tmp_path):
    (tmp_path / "s.xml").write_text("x")
    annotate_chunks.plan(wishes(inventory=tmp_path / "s.xml"))
    assert asked.settings["inventory"] == str(tmp_path / "s.xml") and len(asked.settings["inventory_sha256"]) == 64


def test_the_model_must_be_that_of_the_plan(monkeypatch):
    made = []
    monkeypatch.setattr(annotate_chunks.pickers, "load_picker", lambda word: SimpleNamespace(
        model="model", identity="abc"))
    monkeypatch.setattr("quakebook.picking.continuous.annotation.Annotator", lambda model, **given: made.append(
        given) or given)
    facts = '{"model": "m", "identity": "IDENTITY", "options": {"overlap": 0.5}}'
    annotate_chunks.annotator_of.cache_clear()
    with pytest.raises(ValueError, match="m is no longer the model of the plan .weights abc, planned other"):
        annotate_chunks.annotator_of(facts.replace("IDENTITY", "other"), "cpu")
    for there, device in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr("torch.cuda.is_available", lambda there=there: there)
        annotate_chunks.annotator_of.cache_clear()
        found = annotate_chunks.annotator_of(facts.replace("IDENTITY", "abc"), None)
        assert found == {"device": device, "inventory": None, "probabilities": False, "overlap": 0.5}
        assert annotate_chunks.annotator_of(facts.replace("IDENTITY", "abc"), None) is found, "loaded once"
    assert annotate_chunks.annotator_of(facts.replace("IDENTITY", "abc"), "mps")["device"] == "mps"
    annotate_chunks.annotator_of.cache_clear()


def test_a_task_does_one_chunk_in_silence(monkeypatch):
    calls = []
    monkeypatch.setattr(annotate_chunks, "do_chunks", lambda folder, device, names, tell: calls.append(
        (folder, device, names, tell("x"))) or {"done": names})
    assert annotate_chunks._one("c1", "out", "cpu") == {"done": ["c1"]} and calls == [("out", "cpu", ["c1"], None)]


def table(*spans):
    return pd.DataFrame({"network": "N", "station": [name for name, _, _ in spans], "location": None, "channel": "HHZ",
                         "start_time": [begin for _, begin, _ in spans], "end_time": [end for _, _, end in spans]})


def test_data_that_reach_into_a_time(monkeypatch):
    """The first moment belongs to it, the last does not; times may be written with and without a time of day."""
    from quakebook.commands import waveforms

    rows = table(("A", "2023-01-01", "2023-01-02"), ("B", "2023-01-03", "2023-01-04"),
                 ("C", "2023-01-02T23:59:59", "2023-01-09"), ("D", "2023-01-01", "2023-01-01T23:59:59"))
    monkeypatch.setattr(waveforms, "_table", lambda *words: rows)
    found = waveforms.manifest_of(["x"], start="2023-01-02", end="2023-01-03")
    assert found["station"].tolist() == ["A", "C"] and str(found["start_time"].dt.tz) == "UTC"
    assert waveforms.manifest_of(["x", "y"])["station"].tolist() == list("ABCD") * 2
    assert waveforms.manifest_of(["x"], ["N.[AB]..HH?"])["station"].tolist() == ["A", "B"]


def test_six_channels_are_named_where_none_is_wanted(monkeypatch):
    from quakebook.commands import waveforms

    rows = table(*((name, "2023-01-01", "2023-01-02") for name in "HGFEDCBA"))
    monkeypatch.setattr(waveforms, "_table", lambda *words: rows)
    with pytest.raises(UsageError, match=r"none of the 8 channels in x is wanted; there are N\.A\..*, N\.F\.\.HHZ$"):
        waveforms.manifest_of(["x"], ["Z.*"])


@pytest.mark.parametrize("code", ["N.S.L", "N.S.L.C.X", "N*.S..HHZ", "N.S?..HHZ"])
def test_channels_of_a_service_have_four_plain_parts(code):
    from quakebook.commands import waveforms

    with pytest.raises(UsageError, match="NET.STA.LOC.CHA with plain NET and STA"):
        waveforms._fdsn("fdsn:X", [code], "s", "e")
    for missing in ((["N.S..C"], None, "e"), (["N.S..C"], "s", None), ([], "s", "e")):
        with pytest.raises(UsageError, match="needs --channel NET.STA.LOC.CHA, --start and --end"):
            waveforms._fdsn("fdsn:X", *missing)
    row = waveforms._fdsn("fdsn:X", ["N.S.*.HH?"], "s", "e").iloc[0]
    assert (row["station"], row["location"], row["key"], row["bucket"]) == ("S", "*", "N.S.*.HH?", "fdsn:X")
