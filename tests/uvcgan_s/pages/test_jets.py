import numpy as np
import pytest

from quakebook.data.calorimeter import open_domains
from quakebook.training import recorded
from quakebook.training.recorded import Outcome
from quakebook.uvcgan_s.pages import jets, jets_events, jets_sentences, jets_tables
from quakebook.uvcgan_s.recorded import jets as made
from quakebook.uvcgan_s.studies import population
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
    for name, share in (("full-0", 0.9), ("full-1", 0.95), ("regression-0", 0.0)):
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


def test_sentences_follow_the_numbers(trained):
    text = jets_sentences.against_baselines(trained)
    assert "UVCGAN-S against regression" in text and "against the area method" in text
    order = jets_sentences.relation(trained, "full", "regression", "inside.mass_gev.w1")
    values = [jets_sentences.column(trained, m, "inside.mass_gev.w1") for m in ("full", "regression")]
    assert order == ("smaller" if max(values[0]) < min(values[1]) else "undecided" if max(values[0]) >= min(
        values[1]) > min(values[0]) else "larger")
    assert "hint only" in jets_sentences.count_of_seeds(trained)
    assert jets_sentences.relation(trained, "full", "identity", "cone.jes") == "undecided"


def test_clipping_flatters(trained):
    assert "less (" in jets_sentences.clipping(trained) and "+" in jets_sentences.clipping(trained)


def test_reported_numbers_are_those_of_the_worst_seed(trained):
    out = jets.metrics(trained)
    seeds = trained.seeds["full"]
    key = "jets.val.full.r0.5.resolution_below_area"
    assert out[key] == min(seed[key] for seed in seeds)
    key = "jets.val.full.inside.girth.w1_minus_iterative"
    assert out[key] == max(seed[key] for seed in seeds)


def test_full_method_is_held_against_learned_baselines(trained):
    out, name = jets.metrics(trained), "inside.girth.w1"
    own, other = (jets_sentences.column(trained, m, name) for m in ("full", "regression"))
    assert out[f"jets.val.full_minus_regression.{name}"] == pytest.approx(max(own) - min(other))
    assert not any("full_minus_identity" in key for key in out)


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
