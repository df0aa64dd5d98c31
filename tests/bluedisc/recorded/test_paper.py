"""Trainings with the published recipe."""

import json

import pytest

from quakebook.bluedisc.pages import references
from quakebook.bluedisc.recorded import paper, plan
from quakebook.bluedisc.recorded.long_runs import differences
from quakebook.training.recorded import Outcome, keep


@pytest.mark.parametrize("mode", ["bce", "hybrid", "gan"])
def test_recipe_is_the_published_one(mode):
    assert not differences(mode, paper.settings(mode, 0))


def test_plan_names_three_seeds_of_each_mode():
    names = {entry.name for entry in plan.PAPER}
    assert names == {f"paper/{mode}-{seed}" for mode in ("bce", "hybrid", "gan") for seed in (0, 1, 42)}
    assert names <= {entry.name for entry in plan.PLAN}


def test_entry_is_made_and_kept_at_smoke_size(tmp_path, runs_folder, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(runs_folder))
    outcome = paper.training("bce", 42, preset="smoke")
    path = keep("bluedisc", "paper/bce-42", outcome, tmp_path)
    body = json.loads(path.read_text())
    assert body["steps"] == 4 and body["start"] == "published" and "paper.bce-42.S.tp" in body["metrics"]
    assert set(outcome.weights) and outcome.facts["phases"] == "PSN"


def _keep(folder, mode, seed, found):
    keep("bluedisc", f"paper/{mode}-{seed}",
         Outcome({f"paper.{mode}-{seed}.S.tp": found, f"paper.{mode}-{seed}.S.below": 10.0}), folder)


def test_recorded_long_trainings_replace_the_quoted_ones_at_the_seeds_of_both_modes(tmp_path):
    _keep(tmp_path, "hybrid", 7, 99.0)
    assert references.long_runs(tmp_path).source.startswith("quoted")
    for seed, found in ((0, 20.0), (1, 30.0), (42, 40.0)):
        _keep(tmp_path, "hybrid", seed, 60.0)
        _keep(tmp_path, "bce", seed, found)
    runs = references.long_runs(tmp_path)
    assert runs.source == "recorded, mean of seeds 0, 1, 42"
    assert runs.shares["bce"] == {"tp": 30.0, "below": 10.0} and runs.shares["hybrid"]["tp"] == 60.0
    assert references.paper_metrics(runs) == {"paper.tp_ratio": 1.5}  # 3, 2 and 1.5: the smallest


def test_quoted_means_name_their_source_and_answer_no_claim():
    quoted = references.quoted()
    assert "own measurement outside this book" in quoted.source and not references.paper_metrics(quoted)
    assert set(quoted.shares) == {"bce", "hybrid"}


def test_printed_numbers_are_those_of_the_claim_file():
    """28,051 of 52,818 labels are the printed 53.1 %, and so on: counts and percentages are printed separately."""
    from quakebook.publishing import claims

    percent = {claim.id: claim.published for claim in claims.load("bluedisc")}
    for mode, shares in references.published_shares().items():
        for key, share in shares.items():
            assert round(share, 1) == percent[f"instance-{mode}-{key}"]
    counts = references.published_counts()
    assert round(counts["hybrid"]["tp"] / counts["bce"]["tp"], 2) == percent["paper-tp-ratio"]
