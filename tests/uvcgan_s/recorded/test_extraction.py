"""Recorded extraction on synthetic mixtures, and what the page makes of it and of the real one."""

from __future__ import annotations

import numpy as np
import pytest

from quakebook.data import real_sample_path
from quakebook.training import recorded
from quakebook.uvcgan_s.pages import earthquakes_real as page
from quakebook.uvcgan_s.recorded import extraction, plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Results beside no PhaseNet and no trained generator."""
    where = tmp_path_factory.mktemp("recorded") / "uvcgan_s"
    recorded.keep("uvcgan_s", "seismic-picks", extraction.make("synthetic", 8, where), where)
    return where


def test_entries_are_planned():
    entries = {entry.name: entry for entry in plan.PLAN}
    assert {entries[name].arguments["kind"] for name in extraction.NAMES.values()} == {"synthetic", "real"}
    assert {"jets-short-full-0", "jets-short-identity-0", "jets-full-2", "digits-flow-2"} <= set(entries)


def test_metrics_are_those_of_the_arrays(folder):
    kept = recorded.read("uvcgan_s", "seismic-picks", folder)
    gain = kept.arrays["gain:median_subtraction"]
    assert kept.metrics["seismic_synthetic.median_subtraction.gain_db"] == pytest.approx(gain.mean(), rel=1e-5)
    assert kept.metrics["seismic_synthetic.earthquakes"] == 8 and kept.facts["data"] == "synthetic"
    half = kept.metrics["seismic_synthetic.median_subtraction.gain_db.half"]
    assert half == pytest.approx(1.96 * gain.std() / 8**0.5, rel=0.1)
    low = kept.metrics["seismic_synthetic.median_subtraction.gain_db.low"]
    assert low == pytest.approx(gain.mean() - half, rel=1e-4)
    errors = kept.arrays["error:trigger:mixture"]
    known = np.isfinite(kept.arrays["p_s"])
    found = kept.metrics["seismic_synthetic.mixture.trigger.found"]
    assert found == pytest.approx(extraction.near(errors[known]).mean())
    change = kept.metrics["seismic_synthetic.band_pass_minus_mixture.trigger.found"]
    assert change == pytest.approx(kept.metrics["seismic_synthetic.band_pass.trigger.found"] - found)
    assert not any("phasenet" in key or "full" in key for key in kept.metrics)


def test_the_page_reads_what_is_there(folder):
    found = page.results(folder)
    assert list(found) == ["synthetic"]
    assert list(page.gains(found))[-1] == "true magnitudes"
    table = page.pick_table(found, "trigger")
    assert list(table.columns) == ["waveform", "synthetic"] and table.iloc[0, 0] == "mixture"
    waves, p_s = page.example(found, "synthetic")
    assert list(waves) == ["mixture", "spectral subtraction", "signal alone"] and p_s == found["synthetic"].p_s
    assert page.example(found, "real") is None
    assert "Nothing is recorded on real records" in page.sentence(found)
    assert page.pick_sentence(found["synthetic"]) == "The PhaseNet was not tried on synthetic mixtures."


def told(gain, half, found=(0.5, 0.6), change=0.1, change_half=0.05):
    gains = {"full": 4.0, "median_subtraction": 4.0 - gain, "band_pass": 0.0, "spectral_subtraction": 1.0}
    metrics = {f"{key}.gain_db": value for key, value in gains.items()} | {"mixtures": 9.0, "earthquakes": 3.0}
    metrics |= {"full_minus_median_subtraction.gain_db": gain, "full_minus_median_subtraction.gain_db.half": half,
                "full_minus_mixture.phasenet.found": change, "full_minus_mixture.phasenet.found.half": change_half,
                "mixture.phasenet.found": found[0], "full.phasenet.found": found[1], "signal.phasenet.found": 1.0,
                "mixture.phasenet.spread_s": 0.06, "full.phasenet.spread_s": 0.1}
    return page.Extracted("real", metrics, {}, 5.0)


def test_sentences_follow_the_numbers():
    assert page.sentence({"real": told(0.5, 0.2)}) == (
        "On 9 mixtures with 3 real earthquakes the full method, trained on synthetic records only, wins 4.0 dB; the "
        "best filter (median subtraction) wins 3.5 dB: more.")
    assert page.sentence({"real": told(-0.5, 0.2)}).endswith("wins 4.5 dB: less.")
    assert page.sentence({"real": told(0.5, 0.6)}).endswith("not told apart, undecided.")
    assert "finds 50 % of the P within 0.5 s as they are and 60 % after the full method (more after it)" in (
        page.pick_sentence(told(0.5, 0.2)))
    assert page.pick_sentence(told(0.5, 0.2)).endswith("spread by 0.06 s before and 0.10 s after.")
    assert "(fewer after it)" in page.pick_sentence(told(0.5, 0.2, change=-0.1))


@pytest.mark.skipif(real_sample_path() is None, reason="the Northern California sample is not on this machine")
def test_real_records_are_extracted(tmp_path):
    outcome = extraction.make("real", 12, tmp_path / "uvcgan_s")
    assert outcome.facts["data"] == "real" and outcome.metrics["seismic_real.mixtures"] == 12
    gains = {key: outcome.metrics[f"seismic_real.{key}.gain_db"] for key in ("true_magnitudes", "band_pass")}
    assert gains["true_magnitudes"] > gains["band_pass"]


def test_an_absent_sample_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("quakebook.data.examples.real_sample_path", lambda: None)
    with pytest.raises(FileNotFoundError, match="QUAKEBOOK_SHARED_DATA"):
        extraction.make("real", 12, tmp_path / "uvcgan_s")
