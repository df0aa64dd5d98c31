"""Recording functions return what the pages read; sentences follow the numbers."""

from __future__ import annotations

import pytest

from quakebook.training import recorded
from quakebook.uvcgan_s.pages import decomposition, earthquakes
from quakebook.uvcgan_s.recorded import make, plan

SHORT = ("training.steps=2", "training.validate_every=1", "training.log_every=1", "data.records=16",
         "data.dev_records=8", "objective.warm_steps=0", "network.levels=[4,8]", "network.features=8",
         "network.critic_levels=[4]")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    return tmp_path / "recorded"


def test_every_entry_has_its_function():
    names = [entry.name for entry in plan.PLAN]
    assert len(set(names)) == len(names)
    for seed in plan.SEEDS:
        assert {f"digits-full-{seed}", f"digits-no_critics-{seed}", f"seismic-full-{seed}", f"jets-full-{seed}"} <= set(
            names)
    for entry in plan.PLAN:
        assert callable(recorded._function(entry))


def test_digits_are_recorded_and_read(folder):
    for variant in ("full", "identity"):
        outcome = make.digits(variant, 0, overrides=SHORT)
        recorded.keep("uvcgan_s", f"digits-{variant}-0", outcome, folder)
        assert recorded.read("uvcgan_s", f"digits-{variant}-0", folder).weights
    assert make.digits("identity", 1, overrides=SHORT).weights == {}
    rows = decomposition.results(folder)
    assert set(rows) == {"full", "identity"}
    table = decomposition.table(rows)
    assert list(table["variant"]) == ["full method", "identity on sums", "mixture for both"]
    assert set(decomposition.metrics(rows)) == {"digits.full_minus_identity.error", "digits.full_minus_mixture.error"}
    kept = recorded.read("uvcgan_s", "digits-full-0", folder)
    assert kept.arrays["shown:parts"].shape[1:] == (6, 2, 16, 16)


def test_sentences_follow_the_numbers():
    filters = {"median subtraction": {"gain_db": 3.0}, "true magnitudes": {"gain_db": 7.0}}
    assert "more than it with every seed" in earthquakes.sentence({"full": [{"test_gain_db": 4.0}] * 2}, filters)
    assert "one seed: no ranking" in earthquakes.sentence({"full": [{"test_gain_db": 4.0}]}, filters)
    assert "less than it" in earthquakes.sentence({"full": [{"test_gain_db": 2.0}] * 2}, filters)
    assert "undecided" in earthquakes.sentence({"full": [{"test_gain_db": 2.0}, {"test_gain_db": 4.0}]}, filters)
    made = earthquakes.metrics({"full": [{"test_gain_db": 4.0}], "identity": [{"test_gain_db": 3.5}]}, filters)
    assert made == {"seismic.full_minus_identity.gain_db": 0.5, "seismic.full_minus_median_subtraction.gain_db": 1.0}
