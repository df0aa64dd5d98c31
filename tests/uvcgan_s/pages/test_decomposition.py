"""The page on the method: its trainings are those of the recorded task but shorter, and its sentences follow them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from quakebook.training import recorded
from quakebook.training.recorded import Outcome
from quakebook.uvcgan_s.pages import decomposition as page
from quakebook.uvcgan_s.pages import decomposition_sentences as sentences
from quakebook.uvcgan_s.settings import config
from quakebook.uvcgan_s.studies import digits


def rows(**errors):
    return {name: [{"test_error": v, "error": v} for v in values] for name, values in errors.items()}


def test_what_a_page_trains_is_the_recorded_task_at_another_length():
    for variant in ("full", "identity", "flow"):
        live, kept = digits.live(variant), digits.settings(variant)
        assert live.network == kept.network and live.data == kept.data and live.optimiser == kept.optimiser
        assert live.training.steps < kept.training.steps
        assert digits.live(variant, preset="paper") == kept
        assert live.objective.warm_steps == (300 if variant == "full" else 0)
    assert digits.live("full", 3, "training.steps=9", preset="smoke").training.steps == 9
    assert digits.live("full", preset="smoke") == digits.settings("full", preset="smoke")


def test_unknown_presets_and_variants_are_refused():
    with pytest.raises(ValueError, match="no preset 'long'; known: smoke, quick, paper"):
        digits.live("full", preset="long")
    with pytest.raises(ValueError, match="unknown variant 'best'"):
        digits.live("best")


def test_lengths_are_those_of_the_recorded_trainings(tmp_path):
    for name, steps in (("digits-full-0", 7), ("digits-no_cycle-2", 9), ("seismic-full-0", 11)):
        settings = config(f"training.steps={steps}", preset="smoke")
        recorded.keep("uvcgan_s", name, Outcome({"error": 1.0}, settings=settings), tmp_path)
    assert page.lengths(tmp_path) == {"full": 7, "no_cycle": 9}


def run(error, steps, trivial=0.15):
    return SimpleNamespace(record={"metrics": {"error": error, "trivial_error": trivial}},
                           config={"training": {"steps": steps}})


def test_what_the_trainings_of_the_page_reached():
    trained = {"full method": run(0.1, 750), "identity on sums": run(0.17, 750)}
    assert page.errors_here(trained) == {"full method": [0.1], "identity on sums": [0.17]}
    assert sentences.reached(trained, rows(full=[0.07, 0.08]), {"full": 2000}) == (
        "Trained while this page ran: the full method leaves an error of 0.100 after 750 steps, below the 0.150 of the "
        "mixture taken for both parts (recorded ones of 2,000 steps: 0.075); the identity on sums leaves an error of "
        "0.170 after 750 steps, not below the 0.150 of the mixture taken for both parts.")


def test_the_comparison_follows_the_numbers():
    assert "every seed of the first is better" in sentences.sentence(rows(full=[0.1, 0.12], identity=[0.2, 0.19]))
    assert "undecided" in sentences.sentence(rows(full=[0.1, 0.3], identity=[0.2, 0.19]))
    assert "is better here than the full method" in sentences.sentence(rows(full=[0.3, 0.4], identity=[0.2, 0.19]))
    assert sentences.sentence(rows(full=[0.1, 0.12], identity=[0.2])).endswith("0.200 (one seed: no ranking).")
    assert sentences.sentence(rows(full=[0.1])).startswith("No comparison on digits is recorded yet")


def test_variants_stand_beside_the_full_method_and_absent_ones_are_named():
    text = sentences.variants(rows(full=[0.1, 0.2], paired=[0.05, 0.06], flow=[0.3], no_cycle=[0.15, 0.25],
                                   no_identity=[0.4, 0.5]))
    assert text.startswith("Error of the full method 0.150; beside it: paired bound 0.055 (smaller with every seed), "
                           "flow to backgrounds (told the weights) 0.300 (one seed: no ranking), without cycles 0.200 "
                           "(undecided, the ranges over seeds overlap), without identities 0.450 (larger with every "
                           "seed). Not recorded: identity on sums, ")
    assert sentences.variants({}) == ""
    assert sentences.variants(rows(full=[0.1])).startswith("Not recorded: identity on sums")
