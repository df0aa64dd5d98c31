"""Pages and figures from results that are made up here: sentences must follow the numbers."""

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.figure import Figure

from quakebook.gp2vec import figures
from quakebook.gp2vec.data.masking import SpanMask
from quakebook.gp2vec.figures import (
    ahead,
    differences,
    displacement,
    masks,
    response,
    scores,
    temperatures,
    training_curves,
    windows,
)
from quakebook.gp2vec.figures import frame_rates as rate_figures
from quakebook.gp2vec.pages import (
    codes,
    features_live,
    frame_rates,
    lead_times,
    model_and_objective,
    pretraining,
    real_records,
    recipes,
    stick_slip,
    what_features_are_worth,
)
from quakebook.gp2vec.recorded import read
from quakebook.gp2vec.recorded.plan import FUSIONS, PLAN, RECIPES, TINY_RATES, TINY_RECIPES
from quakebook.gp2vec.scoring.code_use import Told
from quakebook.gp2vec.scoring.encode import Features
from quakebook.gp2vec.scoring.probes import ProbeResult
from quakebook.gp2vec.scoring.tasks import TASKS, Questions
from quakebook.training import recorded
from quakebook.training.recorded import Outcome

HISTORY = {"step": np.arange(0, 50, 10), "dev_gap": np.linspace(0, 1, 5), "dev_accuracy": np.linspace(0, 0.3, 5),
           "dev_code_perplexity": np.linspace(20, 300, 5)}
PROBES = {f"probe.{task}": 0.9 for task in TASKS}


def training(gap=1.0, codes=300.0, accuracy=0.2, **probes):
    return {"dev_gap": gap, "dev_code_perplexity": codes, "dev_accuracy": accuracy, "leaves_chance_after": 20.0,
            **PROBES, **{f"probe.{task}": value for task, value in probes.items()}}


def test_empty_book_says_so(book):
    assert pretraining.families() == {} and not len(recipes.table()) and not len(pretraining.seeds_table())
    assert "quakebook record gp2vec" in recipes.failures_sentences()
    assert real_records.recorded_result() is None and "record gp2vec real" in real_records.missing()
    assert frame_rates.rows() == [] and "quakebook record gp2vec" in frame_rates.sentence([])
    assert what_features_are_worth.family() is None and what_features_are_worth.metrics() == {}
    assert stick_slip.recorded_result() is None and stick_slip.metrics() == {}


def test_seeds_are_summed_up(book):
    for seed, gap in enumerate((1.0, 1.2, 1.4)):
        book(f"tiny-{seed}", training(gap), {f"history_{key}": value for key, value in HISTORY.items()})
    table = pretraining.seeds_table()
    assert table["gap"].tolist() == ["1.20 (1.00 to 1.40)"] and table["seeds"].tolist() == ["3"]
    assert pretraining.metrics()["pretraining.tiny.dev_gap.least"] == 1.0
    assert len(pretraining.histories()) == 3


def test_checks_of_the_recorded_and_the_live_training(book, smoke_run):
    rank, depth = np.r_[np.zeros(60), np.full(60, 40)], np.r_[np.ones(60), np.full(60, 5)]
    for seed, used in enumerate((0.6, 0.4)):
        book(f"tiny-{seed}", training() | {"dev_used_codes": used, "probability_uniform_rank": used / 100},
             {"rank": rank if seed else rank[::-1].copy(), "depth": depth})
    found = pretraining.metrics(smoke_run)
    assert found["pretraining.tiny.dev_used_codes.least"] == 0.4
    assert found["pretraining.tiny.probability_uniform_rank.most"] == 0.006
    assert found["pretraining.tiny.edge_minus_middle.least"] == -1  # one seed the wrong way round
    assert 0 <= found["pretraining.live.lr_off"] < 1e-6 and 0.3 < found["pretraining.live.dev_masked_fraction"] < 0.6


def test_recipes_are_judged_by_their_numbers(book):
    book("recipes/group-norm", training(accuracy=0.2, codes=400, SP=0.8))
    book("recipes/diversity-0.01-unscaled", training(accuracy=0.9, codes=6, SP=0.7))
    book("recipes/layer-norm", training(SP=0.6))
    text = recipes.failures_sentences()
    assert "perplexity of 6" in text and "accuracy rises to 0.90" in text and "stays undecided" in text
    assert "reads 0.700 against 0.800" in text
    assert "S-P probe is lower in this one seed (0.600 against 0.800)" in text
    book("recipes/ema", training(accuracy=0.5, SP=0.75))
    assert "does not go with" in recipes.accuracy_is_not_quality()
    assert len(recipes.table()) == 4


def test_tiny_recipes_stand_in_and_the_collapse_is_measured_at_equal_logits(book):
    book("tiny-recipes/group-norm", training(codes=30, SP=0.8) | {"dev_loss": 2.0})
    book("tiny-recipes/unscaled", training(gap=0.1, codes=500, accuracy=0.03, SP=0.6) | {"dev_loss": 4.5})
    book("tiny-recipes/diversity-0.01-unscaled", training(gap=0.2, codes=5, accuracy=0.7, SP=0.65) | {"dev_loss": 0.9})
    assert recipes.family() == "tiny-recipes" and "one core" in recipes.caption()
    text = recipes.failures_sentences()
    assert "perplexity of 5 (against 500)" in text and "reads 0.650 against 0.600" in text
    assert "lowest raw loss, 0.90 nats, belongs to diversity 0.01 unscaled, whose gap is 0.20" in text
    assert "the largest gap, 1.00, belongs to group norm at a loss of 2.00" in text
    book("recipes/group-norm", training())
    assert recipes.family() == "recipes"


def test_what_a_training_has_none_of_is_a_dash(tmp_path, monkeypatch):
    """No codes without a quantiser; no step at which chance was left where it never was."""
    from quakebook.gp2vec.settings import config

    monkeypatch.setattr(recorded, "folder", lambda chapter: tmp_path)
    metrics = {f"tiny-recipes.no-quantiser.{key}": value for key, value in training(codes=1.0).items()}
    metrics["tiny-recipes.no-quantiser.leaves_chance_after"] = float("nan")
    recorded.keep("gp2vec", "tiny-recipes/no-quantiser", Outcome(metrics, {}, config("network.quantiser=none")))
    row = recipes.table().iloc[0]
    assert row["codes in use"] == row["leaves chance after step"] == "–" and row["gap"] == "1.00"


def test_the_loss_that_is_right_is_said_to_be(book):
    rows = {"a": {"dev_loss": 1.0, "dev_gap": 2.0}, "b": {"dev_loss": 3.0, "dev_gap": 1.0}}
    assert "which also has the largest gap" in recipes.loss_sentence(rows) and recipes.loss_sentence({}) == ""


def test_frame_rates_are_compared(book):
    for name, p in (("draft160", 0.6), ("hz5", 0.8), ("hz25", 0.9)):
        book(f"tiny-rates/{name}", training(P=p, S=0.95 if name == "hz5" else 0.9))
    rows = frame_rates.rows()
    assert [row["frames"] for row in rows] == [19, 150, 750]
    assert [row["frames a second"] for row in rows] == [0.625, 5, 25]
    assert rows[1]["GFLOP"] == pytest.approx(1.09, rel=0.1) and rows[2]["GFLOP"] == pytest.approx(8.4, rel=0.1)
    text = frame_rates.sentence(rows)
    assert "the P probe rises with the frame rate" in text and "the S probe is best at 5 frames" in text
    left, right = rate_figures.onsets_and_cost(rows).axes
    assert left.lines[0].get_ydata().tolist() == [0.6, 0.8, 0.9]
    assert right.lines[0].get_xdata().tolist() == [0.625, 5, 25]
    assert frame_rates.table(rows)["frames"].tolist() == ["19", "150", "750"]


def test_step_times_are_said_to_grow_only_where_they_do():
    assert frame_rates.step_sentence({"a": 0.01, "b": 0.02}).startswith("The time of a training step grows with")
    assert "does not grow" in frame_rates.step_sentence({"a": 0.02, "b": 0.02})
    assert "a 20 ms, b 10 ms a window" in frame_rates.step_sentence({"a": 0.02, "b": 0.01})
    measured = frame_rates.step_seconds("smoke")
    assert list(measured) == ["draft160", "hz5", "hz25"] and all(0 < value < 600 for value in measured.values())


def test_tiny_fusions_stand_in(book):
    book("tiny-fusion/cross_attention", training(SP=0.7))
    table = what_features_are_worth.fusion_table()
    assert table["metadata"].tolist() == ["cross attention"] and what_features_are_worth.fusion_sentence(table) == ""
    book("tiny-fusion/none", training(gap=0.5))
    book("tiny-fusion/add", training(gap=0.8))
    text = what_features_are_worth.fusion_sentence(what_features_are_worth.fusion_table())
    assert "gap is 0.50 nats, with them 0.80 to 1.00" in text and "undecided" in text


def on_real(low, high):
    out = {"records": 77.0, "stations": 69.0}
    for road in ("own", "transfer"):
        for task in ("phase", "P", "S", "SP"):
            out |= {f"{road}.{method}.{task}": 0.8 for method in ("pretrained", "handcrafted", "trees")}
            out |= {f"{road}.untrained.{seed}.{task}": 0.6 + 0.1 * seed for seed in range(3)}
            out[f"{road}.rows.{task}"] = 200.0
            for other in ("untrained", "handcrafted", "trees"):
                name = f"{road}.minus_{other}.{task}"
                out |= {name: (low + high) / 2, f"{name}.low": low, f"{name}.high": high}
    return out


@pytest.mark.parametrize(("low", "high", "word"), [(0.01, 0.2, "better"), (-0.3, -0.1, "worse"),
                                                   (-0.1, 0.2, "undecided"), (0.0, 0.2, "undecided"),
                                                   (-0.2, 0.0, "undecided")])
def test_real_records_are_judged_by_their_intervals(book, low, high, word):
    book("real", on_real(low, high))
    found = real_records.values(real_records.recorded_result())
    sentence = real_records.sentence(found, "own")
    assert sentence.count(f"{word} for *before P, P to S, after S* and *P onset*") == 3
    assert "one training of the network" in sentence
    assert "77 records of 69 stations" in real_records.size_sentence(found)
    assert f"{high - low:.2f} to {high - low:.2f} wide" in real_records.size_sentence(found)
    table = real_records.table(found)
    assert len(table) == 8 and table["untrained"].tolist() == ["0.70 (0.60 to 0.80)"] * 8
    axes = differences.intervals(real_records.differences(found, "transfer")).axes
    assert len(axes) == 3 and axes[0].lines[0].get_xdata().tolist() == [low, high]


def baselines(**changes):
    out = {f"random.{task}.{seed}": 0.7 for task in TASKS for seed in range(2)}
    out |= {f"{method}.{task}": 0.8 for method in ("handcrafted", "trees", "shuffled") for task in TASKS}
    return out | changes


def test_verdicts_need_seeds_that_agree(book):
    for seed, value in enumerate((0.9, 0.91)):
        book(f"tiny-{seed}", training(M=0.6, kind=value, SP=0.75 if seed else 0.85))
    book("tiny-baselines", baselines())
    assert what_features_are_worth.family() == "tiny"
    values = what_features_are_worth.scores("tiny")
    verdicts = what_features_are_worth.comparison(values, "untrained")
    assert verdicts["kind"] == "better" and verdicts["M"] == "worse"
    assert what_features_are_worth.comparison(values, "handcrafted")["SP"] == "undecided"
    sentence = what_features_are_worth.comparison_sentence(values, "handcrafted")
    assert "worse for *magnitude*" in sentence and "one seed only) for *log S minus P time*" in sentence
    advantage = what_features_are_worth.metrics()["features.tiny.over_untrained.kind"]
    assert advantage.value == pytest.approx(0.205)  # 0.9 and 0.91 over 0.7
    assert advantage.spread == pytest.approx(12.706 * 0.005, rel=1e-4)  # Student's t of one degree of freedom
    assert advantage.seeds == 2
    assert isinstance(scores.probes(values), Figure) and len(what_features_are_worth.table(values)) == 6


def displacement_result(book, low, high):
    n = 40
    truth = np.sin(np.arange(n) / 5)
    arrays = {"end_s": 30 + 15 * np.arange(n), "truth_mm": truth, "test": np.arange(20, n), "leads": np.array([0, 0.1]),
              "predicted_trees": truth + 0.1, "predicted_pretrained.0": truth - 0.1,
              "ahead_network": np.array([0.8, 0.5]), "ahead_trees": np.array([0.8, 0.6]),
              "ahead_persistence": np.array([0.8, 0.4]), "ahead_mean_cycle": np.array([0.8, 0.45])}
    book("tiny-displacement", {"R2.oracle": 0.99, "rmse_mm.oracle": 1.0,
                               "R2.trees": 0.7, "rmse_mm.trees": 5.0, "R2.pretrained.0": 0.8,
                               "rmse_mm.pretrained.0": 4.0, "R2.random.0": 0.6, "rmse_mm.random.0": 6.0,
                               "minus_trees_low.pretrained": low, "minus_trees_high.pretrained": high}, arrays)
    return stick_slip.recorded_result()


@pytest.mark.parametrize(("low", "high", "word"), [(0.02, 0.2, "better than the boosted trees"),
                                                   (-0.3, -0.1, "worse than the boosted trees"),
                                                   (-0.1, 0.2, "better is undecided")])
def test_displacement_sentences_follow_the_interval(book, low, high, word):
    kept = displacement_result(book, low, high)
    values = stick_slip.values(kept)
    assert word in stick_slip.trees_sentence(values)
    assert "One seed: undecided" in stick_slip.training_sentence(values)
    assert "+0.10" in lead_times.ahead_sentence(kept.arrays) and "10 %" in lead_times.ahead_sentence(kept.arrays)
    assert stick_slip.table(values)["R2"].tolist() == ["0.70", "0.60", "0.80", "0.99"]
    assert stick_slip.metrics(kept)["displacement.minus_trees_low"] == low
    assert stick_slip.metrics(kept)["displacement.lead_0_minus_now"] == pytest.approx(0)
    assert isinstance(displacement.held_out_cycles(kept.arrays), Figure)
    assert len(ahead.ahead(kept.arrays).axes[0].lines) == 5


def test_model_page():
    values = model_and_objective.limits()
    assert values["gap_collapsed"] == pytest.approx(0, abs=1e-5) and values["gap_equal_targets"] == pytest.approx(
        0, abs=1e-5)
    assert values["perplexity_uniform"] == pytest.approx(640, abs=0.5)
    assert "4.615" in model_and_objective.chance_sentence()
    assert 0.3 < model_and_objective.metrics("smoke")["model.hidden_share"] < 0.6
    assert model_and_objective.rates_table()["frames, same"].tolist()[0] == "150"
    sizes = model_and_objective.sizes_table("smoke")
    assert sizes["parameters"].tolist() == ["1,161,632", "5,924,192"]
    assert sizes["25 Hz"].tolist() == ["8.38", "36.1"]


def test_drawn_data(pool):
    figure = training_curves.curves({"a-0": HISTORY, "a-1": HISTORY, "b": HISTORY})
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b"]
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), HISTORY["dev_gap"])
    share = np.array([[0.7, 0.2, 0.1, 0.0]] * 2)
    line = training_curves.codebook({"x": share}).axes[0].lines[0].get_ydata()
    assert line[0] == 0.7 and np.isnan(line[3])
    rank, depth = np.r_[np.zeros(60), np.full(60, 40)], np.r_[np.ones(60), np.full(60, 5)]
    distance, accuracy, count = masks.accuracy_by_distance(rank, depth)
    assert distance.tolist() == [1, 5] and accuracy.tolist() == [1, 0] and count.tolist() == [60, 60]
    for drawn in (masks.ranks(rank, depth), masks.spans(SpanMask(), windows=5), temperatures.choice(0.5),
                  temperatures.schedules(20), windows.kinds(pool),
                  windows.augmentations(model_and_objective.example_window(pool)),
                  response.curves(model_and_objective.responses())):
        assert isinstance(drawn, Figure) and drawn.axes


def test_operating_curves_and_embedding():
    truth = np.array([0, 1] * 20)
    result = ProbeResult(1.0, "x", 0.1, truth, truth + 0.0, np.arange(40))
    figure = scores.operating({"perfect": {"P": result, "S": result}})
    assert "perfect, 1.000" in figure.axes[0].get_legend().get_texts()[0].get_text()
    group = np.arange(30) % 3
    drawn = scores.embedding(np.random.default_rng(0).normal(size=(30, 5)),
                             {"all": (group, ("a", "b", "c")), "some": (group - 1, ("b", "c"))})
    all_of_them, some = drawn.axes
    assert [len(line.get_xdata()) for line in all_of_them.lines] == [10, 10, 10]
    assert [line.get_label() for line in some.lines] == ["others", "b", "c"]
    np.testing.assert_array_equal(some.lines[1].get_xydata(), all_of_them.lines[1].get_xydata())


def test_a_step_shows_its_settings(smoke_run):
    log = pretraining.logged(smoke_run)
    rate, share = training_curves.schedule(log).axes
    titles = [ax.get_title("left") for ax in (rate, share)]
    assert titles == ["Learning rate", "Hidden share"]  # no noise, no temperature
    np.testing.assert_allclose(rate.lines[0].get_ydata(), log["lr_gp2vec"])
    noisy = training_curves.schedule({**log, "temperature": np.linspace(2, 0.5, len(log["step"]))})
    assert [ax.get_title("left") for ax in noisy.axes] == ["Learning rate", "Temperature", "Hidden share"]


def test_codes_of_a_run_are_counted(smoke_run):
    chosen, kind = codes.held_out_codes(smoke_run)
    assert chosen.shape == (16, 150, 2) and kind.shape == (16,)
    drawn = training_curves.joint_codes(codes.pairs(chosen)).axes[0]
    assert drawn.get_xlabel() == "Code of the second book"
    text = codes.codes_sentence(codes.what_codes_tell(chosen, kind), kind)
    assert text.count("that permuted kinds reach") == 2 and "bits" in text


def test_knowing_one_of_two_equal_kinds_is_one_bit():
    told = [Told(0.4, 0.1), Told(0.05, 0.1)]
    text = codes.codes_sentence(told, np.array([0, 0, 2, 2]))
    assert "would be 1.00 bits" in text and "0.40 bits (above the 0.10" in text and "0.05 bits (not above" in text


def test_speeds_are_compared():
    rows = [{"precision": name, "batch": b, "windows a second": speed * b, "loss": 4.6 + 0.01 * (speed == 3)}
            for name, speed in (("32-true", 2.0), ("bf16-mixed", 3.0)) for b in (1, 4)]
    text = codes.throughput_sentence(rows)
    assert "bf16-mixed is 1.5 times faster" in text and "at most 0.0100" in text
    lines = training_curves.throughput(rows).axes[0].lines
    assert lines[0].get_ydata().tolist() == [2, 8] and lines[1].get_label() == "bf16-mixed"


def test_all_figures_of_a_run(smoke_run):
    drawn = figures.all_figures(smoke_run)
    assert set(drawn) == {"curves", "codebook", "ranks", "spans", "windows"}
    assert "code perplexity" in pretraining.live_sentence(smoke_run)


def test_live_probes_of_the_page(book):
    results, features, metadata = features_live.probe_both(60)
    assert set(results) == {"pretrained", "untrained", "handcrafted"}
    assert isinstance(features_live.table(results), pd.DataFrame)
    assert isinstance(features_live.embedding(features, metadata), Figure)
    apart = features_live.differences(results, draws=5)
    assert set(apart) == {"untrained", "handcrafted"}
    for task, (middle, low, high) in apart["handcrafted"].items():
        assert middle == pytest.approx(results["pretrained"][task].score - results["handcrafted"][task].score)
        assert low <= high


def test_clusters_are_judged_against_permuted_ones():
    rng = np.random.default_rng(0)
    kind = rng.integers(3, size=60)
    station = {"station": torch.as_tensor(rng.integers(4, size=60))}
    for strength, word in ((6.0, ", above the"), (0.0, ", not above the")):
        x = rng.normal(size=(60, 4)) + strength * np.eye(4)[kind]
        features = Features({"last": x}, {}, Questions({}, {"kind": torch.as_tensor(kind)}), kind.astype(str))
        kinds, stations = features_live.clusters_sentence(features, station).split("; the 4 most frequent stations")
        assert word in kinds and ", not above the" in stations


def test_the_most_frequent_stations_are_named_and_the_others_are_not():
    group, names = features_live.most_frequent(np.array([9, 5, 5, 7, 7, 7, 3]), most=2)
    assert group.tolist() == [-1, 1, 1, 0, 0, 0, -1] and names == ["station 1", "station 2"]


def test_plan_names_functions_and_settings_that_exist():
    from importlib import import_module

    from quakebook.gp2vec.settings import config

    assert len({entry.name for entry in PLAN}) == len(PLAN)
    for entry in PLAN:
        module, function = entry.function.split(":")
        assert hasattr(import_module(module), function) and entry.arguments["name"] == entry.name
        config(*entry.arguments.get("overrides", ()), preset=entry.arguments["preset"])
    names = {entry.name for entry in PLAN}
    assert {f"recipes/{name}" for name in RECIPES} <= names and {f"tiny-fusion/{name}" for name in FUSIONS} <= names
    assert {f"tiny-recipes/{name}" for name in TINY_RECIPES} | {f"tiny-rates/{name}" for name in TINY_RATES} <= names


def test_a_recorded_network_is_the_trained_one(book, tmp_path, monkeypatch):
    from quakebook.gp2vec.recorded import make

    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    outcome = make.pretraining("tiny-0", "smoke", 0, keep_weights=True)
    recorded.keep("gp2vec", "tiny-0", outcome)
    model = read.network("tiny-0")
    from quakebook.gp2vec.api import model_of

    x = torch.randn(2, 3, 3000)
    assert float((model.encode(x) - model_of(outcome.run).encode(x)).detach().abs().mean()) < 0.03
    assert outcome.metrics["tiny-0.kept_weights_dev_gap"] == pytest.approx(outcome.metrics["tiny-0.dev_gap"], abs=0.1)
