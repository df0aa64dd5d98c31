"""Long runs that answer claims."""

import json

import pytest

from quakebook.bluedisc.recorded import long_runs
from quakebook.bluedisc.settings import config
from quakebook.publishing import claims


def test_short_and_swapped_runs_are_refused(smoke_runs):
    with pytest.raises(ValueError, match=r"bce run with data.batch_size 100 \(found 4\); training.steps 10000"):
        long_runs.numbers(smoke_runs["bce"], smoke_runs["hybrid"])
    with pytest.raises(ValueError, match=r"objective.mode bce \(found hybrid\)"):
        long_runs.numbers(smoke_runs["hybrid"], smoke_runs["bce"])


@pytest.mark.parametrize(("wish", "published"), [
    ("optimiser.lr=0.01", 1e-3), ("optimiser.beta1=0.9", 0.0), ("optimiser.beta2=0.99", 0.999),
    ("optimiser.discriminator_lr=0.1", 1e-3), ("objective.data_weight=40", 4000.0), ("objective.label=D", "N"),
    ("objective.gan_weight=2", 1.0), ("network.start=base_rate", "published"), ("training.ema_decay=0.9", 0.0),
    ("training.clip_norm=1", None), ("training.precision=bf16-mixed", "32-true"), ("evaluation.confidence=0.5", 0.7),
    ("evaluation.precise_samples=50", 10.0), ("evaluation.height=0.3", 0.1), ("training.steps=20000", 10_000),
    ("evaluation.distance_samples=50", 100), ("data.batch_size=200", 100)])
def test_every_published_setting_is_compared(wish, published):
    key, _, _ = wish.partition("=")
    assert {name: pair[0] for name, pair in long_runs.differences("hybrid", config(wish)).items()} == {key: published}


def test_what_a_mode_does_not_use_and_what_changes_nothing_is_free():
    assert not long_runs.differences("bce", config("objective.mode=bce", "objective.data_weight=1",
                                                   "optimiser.discriminator_lr=0.1", "training.clip_norm=0"))
    assert not long_runs.differences("hybrid", config("training.seed=7", "training.capture=true",
                                                      "evaluation.last=5", "data.records=1000"))


def test_of_a_real_set_all_records_are_asked_for():
    missing = long_runs.differences("hybrid", config("data.name=InstanceCounts", "data.dev_records=0"))
    assert missing == {"data.records": (0, 160_000)}


def test_numbers_of_long_runs_are_kept_where_claims_ask_for_them(smoke_runs, tmp_path, monkeypatch):
    monkeypatch.setattr(long_runs, "differences", lambda mode, settings: {})
    body = json.loads(long_runs.write(smoke_runs["bce"], smoke_runs["hybrid"], tmp_path).read_text())
    assert body["data"] == "synthetic" and body["runs"]["hybrid"]["id"] == smoke_runs["hybrid"].id
    assert body["metrics"]["paper.hybrid.S.tp"] == smoke_runs["hybrid"].record["metrics"]["S.tp"]


def test_every_claim_that_says_what_it_needs_has_an_answer(smoke_runs, monkeypatch):
    monkeypatch.setattr(long_runs, "_expect", lambda mode, settings: None)
    answers = set(long_runs.numbers(smoke_runs["bce"], smoke_runs["hybrid"]))
    monkeypatch.setattr(long_runs, "is_synthetic", lambda name: False)
    answers |= set(long_runs.numbers(smoke_runs["bce"], smoke_runs["hybrid"]))
    needy = {claim.metric for claim in claims.load("bluedisc") if claim.needs}
    assert needy and needy <= answers


def test_counts_are_whole_labels(monkeypatch):
    """25 % of 40 labels are 10, 7.6 % are 3.04: 3; hybrid over BCE is 50 / 25."""
    from types import SimpleNamespace

    def run(mode, tp, below):
        metrics = {"S.tp": tp, "S.below": below, "S.precise": 60.0, "S.precision": 70.0, "S.label_count": 40.0}
        return SimpleNamespace(record={"metrics": metrics}, settings=config(f"objective.mode={mode}"))

    monkeypatch.setattr(long_runs, "settings_of", lambda run: run.settings)
    found = long_runs.numbers(run("bce", 25.0, 7.6), run("hybrid", 50.0, 1.0))
    assert {key: found[f"paper.{key}"] for key in ("bce.S.tp_count", "bce.S.below_count", "hybrid.S.tp_count",
                                                   "hybrid.S.below_count", "S.label_count", "tp_ratio")} == {
        "bce.S.tp_count": 10, "bce.S.below_count": 3, "hybrid.S.tp_count": 20, "hybrid.S.below_count": 0,
        "S.label_count": 40, "tp_ratio": 2.0}
    assert found["paper.bce.S.precision"] == 70.0
    nothing = long_runs.numbers(run("bce", 0.0, 7.6), run("hybrid", 50.0, 1.0))
    assert nothing["paper.tp_ratio"] != nothing["paper.tp_ratio"], "no number"
