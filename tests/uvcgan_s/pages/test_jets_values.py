"""Cells, sentences and reported numbers of the jets page from numbers that are given."""

import math
from types import SimpleNamespace

import pytest

from quakebook.uvcgan_s.pages import jets, jets_sentences, jets_tables


def shown(numbers, learned=None, seeds=None):
    """A page whose methods without training are area and median, each with the given numbers."""
    classical = {domain: SimpleNamespace(methods=["area", "median", "median_clipped"], events=7)
                 for domain in ("val", "quenched")}
    return SimpleNamespace(classical=classical, classical_numbers=numbers, seeds=seeds or {}, learned=learned or {},
                           lengths={}, recorded=True)


def cones(**methods):
    """jets.val.METHOD.cone.(jes, jer_cal_gev, bias_gev)."""
    return {f"jets.val.{method}.cone.{name}": value for method, values in methods.items()
            for name, value in zip(("jes", "jer_cal_gev", "bias_gev"), values, strict=True)}


def test_a_cell_is_a_mean_with_half_a_range():
    assert jets_tables.cell([{"a": 1.0}, {"a": 2.0}, {"a": 4.5}], "a", 2) == "2.50 ± 1.75"
    assert jets_tables.cell([{"a": 1.0}], "a") == "1.000" and jets_tables.cell([{"a": 1.0}, {}], "a") == "–"
    assert jets_tables.BINS == ["14-20", "20-30", "30-50"]


def test_tables_of_jets_cones_and_quenching():
    numbers = {**cones(area=(0.9, 3.0, -1.0), median=(1.2, 2.0, 0.5)), "jets.val.area.towers.l1_sig": 0.125,
               "jets.val.area.inside.girth.w1": 0.25, "jets.val.area.inside.z_g.w1": 0.5, "jets.shift.area.girth": 0.75,
               "jets.robust.area.resolution_ratio": 1.25, "jets.val.area.r0.4.20-30.scale": 0.95,
               "jets.val.area.r0.4.position_rms": 0.01234}
    found = shown(numbers)
    table = jets_tables.cones_table(found).set_index("method")
    assert table.loc["area", "scale, as in training"] == "0.90"
    assert table.loc["area", "bias (GeV), as in training"] == "-1.0"
    assert table.loc["area", "spread (GeV), as in training"] == "3.00" and table.loc["area", "scale, quenched"] == "–"
    assert table.loc["area", "signal error (GeV a tower)"] == "0.125" and len(table) == 2
    row = jets_tables.jets_table(found, radii=(0.4,)).iloc[0]
    assert row["20-30 GeV"] == "0.950 / – / – / –" and row["RMS Δη, 20-50 GeV"] == "0.0123" and row["R"] == "0.4"
    inside = jets_tables.inside_table(found).set_index("method")
    assert inside.loc["area"].tolist()[:3] == ["0.50", "–", "0.25"] and len(inside) == 1
    quenching = jets_tables.quenching_table(found).set_index("method").loc["area"].tolist()
    assert quenching == ["0.75", "–", "1.25"]


def test_listed_cones_have_a_scale_within_a_quarter_of_one():
    """The smallest spread, 1, belongs to a scale of 0.5; those at 0.75 and 1.25 are listed."""
    found = shown(cones(area=(0.5, 1.0, 0.0), median=(0.75, 3.0, 0.0), median_clipped=(1.25, 2.0, 0.0)))
    assert jets_sentences.cones(found) == (
        "On mixtures as in training, the energy in a cone, calibrated, spreads by (GeV; methods with a scale within "
        "0.25 of one): row median, clipped 2.00, row median 3.00. The smallest is that of row median, clipped.")
    assert jets_sentences.cones(found, "quenched") == "No method has a cone energy with a scale near one."


def test_scales_of_several_seeds_are_averaged():
    seeds = {"full": [cones(full=(0.6, 1.0, 0.0)), cones(full=(1.0, 2.0, 0.0))]}
    found = shown(cones(median=(1.0, 1.75, 0.0)), learned={"full": [0, 1]}, seeds=seeds)
    assert "UVCGAN-S 1.50, row median 1.75. Which is the smallest is undecided." in jets_sentences.cones(found)


@pytest.mark.parametrize(("clipped", "word"), [(1.0, "less"), (3.0, "not less"), (2.0, "not less")])
def test_what_clipping_does(clipped, word):
    found = shown(cones(median=(1.0, 2.0, 0.0), median_clipped=(1.0, clipped, 4.25)))
    assert jets_sentences.clipping(found) == (
        f"Cutting negative towers makes the row median spread {word} ({clipped:.2f} against 2.00 GeV) and shifts the "
        "energy by +4.2 GeV: a spread alone can flatter.")


@pytest.mark.parametrize(("counts", "said"), [((), ""), ((3, 2), "a hint only"), ((3, 3), "95 % interval")])
def test_how_much_the_seeds_can_say(counts, said):
    found = shown({}, learned={k: [0] * count for k, count in enumerate(counts)})
    text = jets_sentences.count_of_seeds(found)
    assert said in text and bool(text) == bool(counts)


def test_reported_numbers_take_the_unfavourable_seed():
    seeds = {"full": [{"a.efficiency": 0.5, "b.fake_rate": 0.1, "jets.shift.full.girth": 0.9, "area": 1.0},
                      {"a.efficiency": 0.75, "b.fake_rate": 0.2, "jets.shift.full.girth": 0.8, "area": 2.0}],
             "regression": []}
    found = jets.metrics(shown({"area": 7.0}, seeds=seeds))
    assert found == {"area": 7.0, "a.efficiency": 0.5, "b.fake_rate": 0.2, "jets.shift.full.girth": 0.8}
    assert jets._higher_is_better("x.efficiency") and not jets._higher_is_better("x.scale")


def test_the_source_of_the_numbers_is_said():
    found = shown({}, learned={"full": [0, 1], "identity": [0]})
    found.lengths = {"full": "9 steps"}
    for result in found.classical.values():
        result.matched = {}
    assert "7 synthetic mixtures as in training and 7 with quenched jets, as recorded" in jets.source_line(found)
    assert jets._seeds(found, "full") == "2 seeds; 9 steps" and jets._seeds(found, "identity") == "1 seed"


def test_columns_leave_out_what_was_not_measured():
    found = shown({"jets.val.area.x": math.nan, "jets.val.median.x": 2.0})
    assert jets_sentences.column(found, "area", "x") == [] and jets_sentences.column(found, "median", "x") == [2.0]
    assert jets_sentences.relation(found, "area", "median", "x") == "undecided"
    seeds = {"full": [{"jets.val.full.x": value} for value in (1.0, math.nan, 3.0)]}
    assert jets_sentences.column(shown({}, learned={"full": [0, 1, 2]}, seeds=seeds), "full", "x") == []


@pytest.mark.parametrize(("full", "other", "word"), [
    ((1.0, 1.1, 1.2), (1.5, 1.6, 1.7), "smaller"),  # -0.5 at every seed
    ((1.0, 1.3, 1.45), (1.5, 1.6, 1.7), "smaller"),  # -0.5, -0.3, -0.25: -0.35 +- 0.33
    ((1.0, 1.4, 1.49), (1.5, 1.6, 1.7), "undecided"),  # -0.5, -0.2, -0.21: -0.30 +- 0.42, though the ranges lie apart
    ((2.0, 2.1, 2.2), (1.5, 1.6, 1.7), "larger")])
def test_learned_methods_are_ranked_by_the_interval_of_their_difference(full, other, word):
    seeds = {name: [{f"jets.val.{name}.x": value} for value in values]
             for name, values in (("full", full), ("regression", other))}
    found = shown({}, learned={"full": [0] * 3, "regression": [0] * 3}, seeds=seeds)
    assert jets_sentences.relation(found, "full", "regression", "x") == word


@pytest.mark.parametrize(("full", "word"), [((1.0, 1.1, 1.2), "larger"), ((1.5, 2.0, 2.6), "undecided"),
                                            ((2.5, 2.6, 2.7), "smaller")])
def test_a_method_without_seeds_stands_on_either_side(full, word):
    seeds = {"full": [{"jets.val.full.x": value} for value in full]}
    found = shown({"jets.val.median.x": 2.0}, learned={"full": [0] * 3}, seeds=seeds)
    other = {"larger": "smaller", "smaller": "larger", "undecided": "undecided"}[word]
    assert jets_sentences.relation(found, "median", "full", "x") == word
    assert jets_sentences.relation(found, "full", "median", "x") == other


def test_methods_without_seeds_are_compared_as_they_are():
    found = shown({"jets.val.area.x": 1.0, "jets.val.median.x": 2.0})
    assert jets_sentences.relation(found, "area", "median", "x") == "smaller"
    assert jets_sentences.relation(found, "median", "area", "x") == "larger"


def test_which_quenched_jets_are_drawn():
    for keys, want in ((("full", "ics"), "full"), (("ics",), "ics")):
        assert jets.followed(SimpleNamespace(results={"val": SimpleNamespace(structure=dict.fromkeys(keys))})) == want


def test_how_many_events_a_page_computes(monkeypatch):
    asked = []
    monkeypatch.setattr(jets.jet_results, "measure", lambda made, **options: asked.append(options) or {})
    monkeypatch.setattr(jets, "separations", lambda where: {"full": None})
    for preset in ("smoke", "quick", "paper"):
        jets.evaluated_here(preset)
    assert [(each["events"], each["seed"]) for each in asked] == [(24, 1), (200, 1), (200, 1)]
    assert asked[0]["classical"] == ("area", "ics", "median")
