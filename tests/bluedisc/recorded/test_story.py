"""The trainings kept in the book, every seed, against what the paper states."""

import numpy as np
import pytest

from quakebook.bluedisc.pages import training_one_record
from quakebook.bluedisc.recorded import choose
from quakebook.bluedisc.scoring import operating

SEEDS = (0, 1, 42)


@pytest.fixture(scope="module")
def runs():
    return choose.all_recorded()


def test_three_seeds_of_every_kind_are_kept(runs):
    assert {kind: [run.facts["seed"] for run in some] for kind, some in choose.kinds(runs).items()} == {
        "BCE, exact labels": [0, 1, 42], "BCE": [0, 1, 42], "hybrid": [0, 1, 42], "GAN only": [0, 1, 42]}
    assert choose.free_seeds(runs) == list(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_hybrid_lifts_s_over_the_threshold_at_the_same_time(runs, seed):
    bce, hybrid = (runs[f"{mode}-{seed}"].metrics for mode in ("bce", "hybrid"))
    assert hybrid["S.tp"] > 1.2 * bce["S.tp"]
    assert bce["S.below"] >= 5 * hybrid["S.below"]
    assert bce["S.middle"] >= 3 * hybrid["S.middle"]
    assert abs(hybrid["S.precise"] / bce["S.precise"] - 1) < 0.10


@pytest.mark.parametrize("seed", SEEDS)
def test_p_is_alike_in_both(runs, seed):
    bce, hybrid = (runs[f"{mode}-{seed}"].metrics for mode in ("bce", "hybrid"))
    assert min(bce["P.tp"], hybrid["P.tp"]) > 80 and abs(bce["P.tp"] - hybrid["P.tp"]) < 3


@pytest.mark.parametrize("seed", SEEDS)
def test_exact_labels_undo_most_of_the_suppression(runs, seed):
    exact, bce = (runs[f"{kind}-{seed}"].metrics for kind in ("exact-bce", "bce"))
    assert exact["S.tp"] > 1.5 * bce["S.tp"] and exact["S.below"] < 0.5 * bce["S.below"]


def test_the_record_shown_tells_the_same_story(runs):
    pair = {"bce": runs["bce-42"].track, "hybrid": runs["hybrid-42"].track, "gan": runs["gan-42"].track}
    sample = choose.chosen_sample(runs["bce-42"], runs["hybrid-42"])
    made = training_one_record.numbers(pair, sample)
    assert made["record.bce.S.height"] < 0.7 <= made["record.hybrid.S.height"]
    assert abs(made["record.p_difference"]) < 0.15
    assert made["record.hybrid.S.found_percent"] > made["record.bce.S.found_percent"]


def test_only_the_examples_sit_under_a_ceiling(runs):
    examples = choose.ceiling_examples(runs)
    assert [title.split(", ")[1] for title, *_ in examples] == ["own start", "base rate"] * 2
    for title, _, track in examples:
        capped = [operating.ceiling(track.head_weight, track.head_bias, channel)[1:] < 1 for channel in (0, 1)]
        assert np.any(capped) == title.endswith("own start"), title
