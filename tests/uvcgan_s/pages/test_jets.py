from dataclasses import replace

import numpy as np
import pytest

from quakebook.data.calorimeter import open_domains
from quakebook.publishing import claims
from quakebook.publishing.measured import measured
from quakebook.training import recorded
from quakebook.training.recorded import Outcome
from quakebook.uvcgan_s.pages import jets, jets_events, jets_sentences, jets_tables
from quakebook.uvcgan_s.recorded import jets as made
from quakebook.uvcgan_s.studies import jet_numbers, population
from quakebook.uvcgan_s.studies.comparison import compare


def separation(share):
    """The mixture less a fixed picture: worse with a larger share."""
    return lambda m: (0 * m + 0.7, (m - 0.7 - share).clamp(min=0))


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    return jets.shown("smoke", where=tmp_path_factory.mktemp("none"))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded")
    recorded.keep("uvcgan_s", "jets-classical", made.make_classical(24), folder)
    for name, share in (("full-0", 0.4), ("full-1", 0.5), ("regression-0", 0.3)):
        method = name.split("-")[0]
        recorded.keep("uvcgan_s", f"jets-{name}", made.make_learned(method, separation(share), events=24), folder)
    return jets.shown("smoke", where=folder)


def test_without_recorded_trainings_the_page_says_so(nothing):
    assert not nothing.recorded and nothing.learned == {}
    assert "Only methods without training are shown" in jets.source_line(nothing)
    assert jets_sentences.against_baselines(nothing) == jets_sentences.NOTHING
    assert jets_sentences.count_of_seeds(nothing) == ""
    assert set(jets_tables.jets_table(nothing)["method"]) >= {"area", "iterative"}
    assert "jets.val.area.r0.5.20-30.scale" in jets.metrics(nothing)


def test_recorded_trainings_stand_beside_the_others(trained):
    assert trained.recorded and "UVCGAN-S (2 seeds), regression (1 seed)" in jets.source_line(trained)
    table = jets_tables.cones_table(trained)
    assert list(table["method"][:2]) == ["UVCGAN-S", "regression"] and "±" in table.iloc[0, 1]
    assert "–" not in str(jets_tables.inside_table(trained).iloc[0, 1])
    assert trained.results["val"].methods[:2] == ["full", "regression"]
    assert len(jets_tables.jets_table(trained, "quenched", (0.4,))) == 8
    assert "UVCGAN-S" in set(jets_tables.quenching_table(trained)["method"])


def test_of_learned_methods_the_first_seed_is_drawn(trained):
    numbers = [jet_numbers.numbers(results) for results in (trained.results, *trained.learned["full"])]
    drawn, first, second = (found["jets.val.full.cone.jer_cal_gev"] for found in numbers)
    assert drawn == first != second


def test_sentences_follow_the_numbers(trained):
    order = jets_sentences.relation(trained, "full", "area", "r0.5.20-30.resolution")
    own, other = (jets_sentences.column(trained, m, "r0.5.20-30.resolution") for m in ("full", "area"))
    assert len(own) == 2 and len(other) == 1
    middle, half = sum(own) / 2 - other[0], 12.706 * abs(own[0] - own[1]) / 2  # Student's t of one degree of freedom
    assert order == ("smaller" if middle < -half else "larger" if middle > half else "undecided")
    assert f"resolution at 20 to 30 GeV {order}" in jets_sentences.against_baselines(trained)


def test_a_method_that_was_trained_once_is_not_ranked(trained):
    text = jets_sentences.against_baselines(trained)
    assert "UVCGAN-S against regression: not ranked (one seed)." in text and jets_sentences.ONE_SEED not in text
    assert jets_sentences.relation(trained, "full", "identity", "cone.jes") == jets_sentences.ONE_SEED
    assert jets_sentences.count_of_seeds(trained) == (
        "Trained once, and so not ranked: regression. What another seed would give is not known.")
    assert "A method that was trained once has no place in this order." in jets_sentences.cones(trained)


def with_seeds(found, **counts):
    """The same results, each learned method as often as said."""
    return replace(found, learned={method: found.learned[method][:1] * count for method, count in counts.items()})


def test_with_several_seeds_the_smallest_spread_has_a_name(trained):
    both = with_seeds(trained, full=2, regression=2)
    listed = jets_sentences.cones(both).split(": ", 1)[1]
    spreads = {m: np.mean(jets_sentences.column(both, m, "cone.jer_cal_gev")) for m in jets_tables.values(both)
               if abs(np.mean(jets_sentences.column(both, m, "cone.jes") or [np.nan]) - 1) <= 0.25}
    first = jets.NAMES[min(spreads, key=spreads.get)]
    assert listed.startswith(f"{first} {min(spreads.values()):.2f}") and "(one seed)" not in listed
    assert listed.endswith(f"The smallest is that of {first}.")
    same = with_seeds(trained, full=2)
    assert jets_sentences._first({"a": [1.0, 3.0], "b": [2.0]}, ["a", "b"], []) == "Which is the smallest is undecided."
    assert "hint only" in jets_sentences.count_of_seeds(same)


def test_without_the_full_method_the_others_are_still_told(trained):
    text = jets_sentences.against_baselines(with_seeds(trained, regression=1))
    assert "regression" in text and text.endswith("No training of the full method is recorded yet.")


def test_clipping_flatters(trained):
    assert "less (" in jets_sentences.clipping(trained) and "+" in jets_sentences.clipping(trained)


def test_reported_numbers_are_those_of_the_worst_seed_and_orderings_of_all(trained):
    out, seeds = jets.metrics(trained), trained.seeds["full"]
    key = "jets.val.full.r0.5.20-30.efficiency"
    assert out[key] == min(seed[key] for seed in seeds)
    key = "jets.val.full.cone.jer_cal_gev"
    assert out[key] == max(seed[key] for seed in seeds)
    for key in ("jets.val.full.inside.girth.w1_minus_iterative", "jets.val.full.r0.5.resolution_over_area"):
        assert out[key] == claims.over_seeds([seed[key] for seed in seeds]) and out[key].seeds == 2
    key = "jets.val.regression.cone.jer_cal_gev"
    assert out[key] == claims.Measured(trained.seeds["regression"][0][key], None, 1)


def test_full_method_is_held_against_learned_baselines(trained):
    out, name = jets.metrics(trained), "inside.girth.w1"
    own, other = (jets_sentences.column(trained, m, name) for m in ("full", "regression"))
    answer = out[f"jets.val.full_minus_regression.{name}"]
    assert answer.value == pytest.approx(own[0] - other[0]) and answer.seeds == 1
    assert not any("full_minus_identity" in key for key in out)


def test_an_ordering_with_one_seed_is_undecided(trained):
    """Whatever the numbers are, no claim about an order of jets is decided by a single training."""
    once = with_seeds(trained, full=1, regression=1)
    metrics = {key: measured(value, key) for key, value in jets.metrics(once).items()}
    result = claims.Result("uvcgan_s", "page", "synthetic", metrics, facts={"profile": "quick"})
    judged = [claims.judge(claim, [result]) for claim in claims.load("uvcgan_s")
              if claim.metric.startswith("jets.") and claim.answers == "effect" and claim.ordering]
    measured_ones = [each.verdict for each in judged if np.isfinite(each.value)]
    assert len(judged) == 12 and len(measured_ones) > 8 and set(measured_ones) == {"undecided"}


def test_example_has_two_jets_and_parts_that_add_up():
    example = jets_events.example(separators={"full": separation(0.0)})
    assert list(example.answers) == ["truth", "UVCGAN-S", "iterative", "row median, clipped"]
    background, signal = example.answers["truth"]
    assert np.allclose(background + signal, example.mixture) and (example.jets.pt_gev[:2] >= 20).all()


def test_own_numbers_ignore_what_is_recorded():
    with pytest.raises(ValueError, match="no preset"):
        jets.shown("huge")
    found = jets.shown("smoke", events=3)
    assert found.classical["val"].events == 3 and not found.recorded


def test_embedded_jets_resemble_the_public_ones():
    ours = population.embedded(compare(open_domains("synthetic:tiny", "val"), "val", []))
    for name, public in population.PUBLIC["val"].items():
        assert ours[name] == pytest.approx(public, rel=0.15), name


def test_population_table_has_both_kinds_of_jets(nothing):
    table = jets_tables.population_table(nothing)
    assert len(table) == 13 and set(table["jets"]) == {"as in training", "quenched"}


def test_frames_of_events_and_of_training(tmp_path):
    shown = jets_events.examples(2)
    assert len(shown) == 2 and not np.array_equal(shown[0].mixture, shown[1].mixture)
    assert jets_events.training_frames(tmp_path) == ([], [])
    truth = shown[0].answers["truth"]
    recorded.keep("uvcgan_s", "jets-full-0", Outcome({}, {
        "track:steps": [10, 20], "track:background": np.stack([truth[0]] * 2), "track:signal": np.stack([truth[1]] * 2),
        "track:true_background": truth[0], "track:true_signal": truth[1]}), tmp_path)
    figures, labels = jets_events.training_frames(tmp_path)
    assert labels == ["10", "20"] and "error of the signal 0.000" in figures[1].axes[1].texts[0].get_text()


def test_recorded_weights_are_evaluated_on_fresh_events(monkeypatch, tmp_path):
    assert jets.evaluated_here("smoke", tmp_path) is None
    assert "No weights" in jets_sentences.fresh(None)
    monkeypatch.setattr(jets, "separations", lambda where=None: {"full": separation(0.0)})
    monkeypatch.setitem(jets.EVENTS, "smoke", 6)
    text = jets_sentences.fresh(jets.evaluated_here("smoke"))
    assert "UVCGAN-S" in text and "iterative" in text and "6 fresh mixtures" in text
    found = jets.shown("smoke", events=4)
    assert "Evaluated here: UVCGAN-S." in jets.source_line(found)
