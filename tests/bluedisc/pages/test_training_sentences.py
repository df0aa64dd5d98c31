"""Sentences that turn when the results turn."""

from dataclasses import replace

import numpy as np
import pytest

from quakebook.bluedisc.pages import references, training_sentences, training_tables
from quakebook.bluedisc.recorded import choose

ROWS = {"P_tp": 90.0, "S_tp": 20.0, "S_below": 30.0, "S_precise": 50.0}


@pytest.fixture()
def runs(made):
    """BCE and hybrid, two seeds; validations of S over 0.7 two points round their mean."""
    def make(hybrid, bce=None, jumps=2.0):
        out = {}
        for seed in (0, 1):
            for mode, more in (("bce", bce or {}), ("hybrid", hybrid)):
                run = made(f"{mode}-{seed}", **ROWS | more)
                tp = (ROWS | more)["S_tp"]
                history = run.history | {"whole": np.array([0.0, 1.0, 1.0]), "S.tp": np.array([9.0, tp - jumps, tp])}
                out[run.name] = replace(run, history=history | {"S.below": np.array([9.0, 30.0, 31.0])})
        return out

    return make


def test_gain_is_height_only_while_timing_stays(runs):
    assert "the gain is height, not timing" in training_sentences.bars_sentence(runs({"S_tp": 45.0, "S_precise": 48.0}))
    assert "not of height alone" in training_sentences.bars_sentence(runs({"S_tp": 45.0, "S_precise": 70.0}))
    assert "does not gain" in training_sentences.bars_sentence(runs({"S_tp": 19.0}))
    assert "P is alike in both" in training_sentences.bars_sentence(runs({"P_tp": 93.0}))
    assert "P is not alike" in training_sentences.bars_sentence(runs({"P_tp": 93.1}))
    assert "cannot be judged" in training_sentences.bars_sentence(runs({"P_tp": 10.0}))


def test_exact_labels_suppress_less_only_while_the_seeds_part(made):
    bce = {"bce-0": made("bce-0", S_below=30.0), "bce-1": made("bce-1", S_below=20.0)}
    clear = training_sentences.others_sentence(bce | {"exact-bce-0": made("exact-bce-0", S_below=10.0)})
    assert "10.0 % when labels are exact, 20.0 to 30.0 % when they scatter (less at every seed)" in clear
    assert "undecided" in training_sentences.others_sentence(bce | {"exact-bce-0": made("exact-bce-0", S_below=21.0)})
    gan = training_sentences.others_sentence({"gan-0": made("gan-0", P_tp=2.0, S_tp=20.0)})
    assert "2.0 % of the P and 20.0 % of the S" in gan


def test_ranges_name_seeds_and_checkpoints(runs):
    """40 over 20 in the mean; 38 over 20 and 40 over 18 at the ends of single validations."""
    words = training_sentences.checkpoints_sentence(runs({"S_tp": 40.0}))
    assert "2.0 over the seeds, each the mean of its last 2 validations; 1.9 to 2.2 if single" in words
    table = training_tables.against_published(runs({"S_tp": 40.0}), references.quoted())
    assert table["seeds, %"].tolist()[:2] == ["20.0", "30.0"] and table["INSTANCE, labels"][0] == "17,126"
    assert table["single validations, %"].tolist()[:2] == ["18.0 to 20.0", "30.0 to 31.0"]
    assert set(table["recorded here, start"]) == {"base rate"}


def test_trainings_that_jump_are_not_at_rest(runs):
    assert "are not at rest" in training_sentences.rest_sentence(runs({}, jumps=6.0))
    assert "are at rest" in training_sentences.rest_sentence(runs({}, jumps=5.0))
    assert training_sentences.rest_sentence({}) == ""


def test_second_bump_is_counted_by_seeds(made):
    def with_heights(name, heights):
        run = made(name)
        peaks = replace(run.peaks["S"], height=np.array(heights), error_samples=np.zeros(len(heights)))
        return replace(run, peaks={"S": peaks})

    flat = with_heights("bce-0", [0.42, 0.46, 0.5, 0.54])
    two = with_heights("bce-1", [0.42, 0.46, 0.46, 0.5, 0.5, 0.54])
    assert "no seed has it" in training_sentences.bump_sentence({"a": flat})
    assert "1 of 2 seeds have it" in training_sentences.bump_sentence({"a": flat, "b": two})


def _track(run, pairs):
    """P label at 1000, S label at 2000; P and S curves at both, step by step."""
    prediction = np.zeros((len(pairs), 1, 3, 3001), np.float32)
    label = np.zeros((1, 3, 3001), np.float32)
    label[0, 0, 1000] = label[0, 1, 2000] = 1
    for k, (p_at_p, s_at_p, p_at_s, s_at_s) in enumerate(pairs):
        prediction[k, 0, 0, [1000, 2000]] = p_at_p, p_at_s
        prediction[k, 0, 1, [1000, 2000]] = s_at_p, s_at_s
    return replace(run.track, step=np.array([1, 30, 60, 90])[:len(pairs)], prediction=prediction, label=label)


@pytest.mark.parametrize(("last", "expected"), [([(0.9, 0.1, 0.1, 0.9)] * 2, 60.0),
                                                ([(0.9, 0.1, 0.1, 0.15), (0.9, 0.1, 0.1, 0.9)], 90.0)])
def test_phases_are_apart_once_both_lead_for_good(made, last, expected):
    track = _track(made("bce-0"), [(0.9, 0.1, 0.1, 0.9), (0.5, 0.5, 0.5, 0.5), *last])
    assert training_sentences.separated_step(track, 0) == expected


def test_separation_is_compared_with_the_printed_step(made):
    apart, mixed = (0.9, 0.1, 0.1, 0.9), (0.5, 0.5, 0.5, 0.5)
    early = _track(made("bce-0"), [mixed, apart])
    words = training_sentences.separation_sentence({"BCE": early, "hybrid": _track(made("bce-0"), [mixed])}, 0)
    assert "until about step 2,000" in words and "with BCE from step 30 on, with hybrid not for good: earlier" in words
    late = replace(early, step=np.array([1, 4001]))
    assert "later here" in training_sentences.separation_sentence({"BCE": late}, 0)
    same = replace(early, step=np.array([1, 1900]))
    assert "about as late here" in training_sentences.separation_sentence({"BCE": same}, 0)
    never = _track(made("bce-0"), [apart, mixed])
    assert np.isnan(training_sentences.separated_step(never, 0))


def test_tables_say_with_which_start(made):
    runs = {"bce-0": made("bce-0", **ROWS, S_middle=1.0, S_precision=50.0, S_far=1.0, S_high_count=99.0)}
    assert training_tables.recorded_table(runs)["start"].tolist() == ["base rate"]
    own = {"bce-0": replace(runs["bce-0"], facts=runs["bce-0"].facts | {"start": "published"})}
    assert training_tables.recorded_table(own)["start"].tolist() == ["PhaseNet's own"]
    assert "biases at the base rate" in training_tables.facts_line(runs)


def test_page_today():
    """What the kept trainings say today; a change here is a change of the page."""
    runs = choose.all_recorded()
    assert "the gain is height, not timing" in training_sentences.bars_sentence(runs)
    assert "(less at every seed)" in training_sentences.others_sentence(runs)
    assert "are not at rest" in training_sentences.rest_sentence(runs)
    assert "no seed has it" in training_sentences.bump_sentence(runs)
    pair = {"BCE": runs["bce-42"].track, "the hybrid": runs["hybrid-42"].track}
    sample = choose.chosen_sample(runs["bce-42"], runs["hybrid-42"])
    assert training_sentences.separation_sentence(pair, sample).endswith("earlier here.")


@pytest.mark.parametrize(("change", "words"), [(54.5, "the gain is height, not timing"), (55.5, "not of height alone"),
                                               (45.5, "the gain is height, not timing"), (44.5, "not of height alone")])
def test_a_tenth_more_or_fewer_in_time_is_not_timing(runs, change, words):
    """50 % in time with BCE, 9 or 11 % more or fewer of these with the hybrid."""
    assert words in training_sentences.bars_sentence(runs({"S_tp": 45.0, "S_precise": change}))


def test_as_many_as_the_fewest_is_undecided(made):
    bce = {"bce-0": made("bce-0", S_below=30.0), "bce-1": made("bce-1", S_below=20.0)}
    assert "undecided" in training_sentences.others_sentence(bce | {"exact-bce-0": made("exact-bce-0", S_below=20.0)})
    assert training_sentences.others_sentence({}) == "" == training_sentences.bump_sentence({})
    assert training_sentences.span([]) == "none" and training_sentences.span([1.04, 0.96]) == "1.0"


@pytest.mark.parametrize(("beside", "words"), [(5, "1 of 1 seeds have it"), (6, "no seed has it")])
def test_a_bump_is_a_fifth_higher_than_its_neighbours(made, beside, words):
    """Six peaks in the two bins, over five or six beside them: 1.2 or 1."""
    run = made("bce-0")
    heights = [0.46] * 3 + [0.5] * 3 + [0.42] * 3 + [0.54] * (beside - 3)
    peaks = replace(run.peaks["S"], height=np.array(heights), error_samples=np.zeros(len(heights)))
    assert words in training_sentences.bump_sentence({"a": replace(run, peaks={"S": peaks})})


@pytest.mark.parametrize(("lead", "apart"), [(0.105, True), (0.095, False)])
def test_a_tenth_tells_phases_apart(made, lead, apart):
    track = _track(made("bce-0"), [(0.5, 0.5 - lead, 0.1, 0.9), (0.9, 0.1, 0.5 - lead, 0.5)])
    assert (training_sentences.separated_step(track, 0) == 1.0) == apart


@pytest.mark.parametrize(("step", "words"), [(999, "earlier here"), (1000, "about as late"), (4000, "about as late"),
                                             (4001, "later here")])
def test_half_and_twice_the_printed_step_are_about_as_late(made, step, words):
    apart, mixed = (0.9, 0.1, 0.1, 0.9), (0.5, 0.5, 0.5, 0.5)
    track = replace(_track(made("bce-0"), [mixed, apart]), step=np.array([1, step]))
    assert words in training_sentences.separation_sentence({"BCE": track}, 0)
    assert "no comparison is possible" in training_sentences.separation_sentence({"hybrid": track}, 0)
