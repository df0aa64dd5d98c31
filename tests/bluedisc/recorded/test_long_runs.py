"""Long runs that answer claims."""

import json

import pytest

from quakebook.bluedisc.recorded import long_runs
from quakebook.publishing import claims


def test_short_and_swapped_runs_are_refused(smoke_runs):
    with pytest.raises(ValueError, match=r"bce run with training.steps of at least 10,000 \(found 4\); data"):
        long_runs.numbers(smoke_runs["bce"], smoke_runs["hybrid"])
    with pytest.raises(ValueError, match=r"objective.mode bce \(found hybrid\)"):
        long_runs.numbers(smoke_runs["hybrid"], smoke_runs["bce"])


def test_numbers_of_long_runs_are_kept_where_claims_ask_for_them(smoke_runs, tmp_path, monkeypatch):
    monkeypatch.setattr(long_runs, "LEAST", {"training.steps": 4, "data.batch_size": 4})
    body = json.loads(long_runs.write(smoke_runs["bce"], smoke_runs["hybrid"], tmp_path).read_text())
    assert body["data"] == "synthetic" and body["runs"]["hybrid"]["id"] == smoke_runs["hybrid"].id
    assert body["metrics"]["paper.hybrid.S.tp"] == smoke_runs["hybrid"].record["metrics"]["S.tp"]


def test_every_claim_that_says_what_it_needs_has_an_answer(smoke_runs, monkeypatch):
    monkeypatch.setattr(long_runs, "LEAST", {})
    found = set(long_runs.numbers(smoke_runs["bce"], smoke_runs["hybrid"]))
    monkeypatch.setattr(long_runs, "is_synthetic", lambda name: False)
    monkeypatch.setattr(long_runs, "_expect", lambda mode, settings: None)
    found |= set(long_runs.numbers(smoke_runs["bce"], smoke_runs["hybrid"]))
    needy = {claim.metric for claim in claims.load("bluedisc") if claim.needs}
    assert needy and needy <= found
