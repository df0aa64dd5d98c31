"""Tables, sentences and numbers of the pages, worked by hand where the other tests only look for words."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from quakebook.gp2vec.data.masking import SpanMask
from quakebook.gp2vec.objective.pretraining import GP2Vec
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
from quakebook.gp2vec.scoring.plane import silhouettes
from quakebook.gp2vec.scoring.probes import ProbeResult
from quakebook.gp2vec.scoring.tasks import TASKS


def test_speeds_are_measured_with_the_sizes_of_the_preset(monkeypatch):
    asked = []
    monkeypatch.setattr(codes, "measured", lambda batches, steps: asked.append((batches, steps)))
    codes.speeds("smoke"), codes.speeds("quick")
    assert asked == [((1, 4), 1), ((1, 4, 16), 3)]


def test_the_sentence_on_speed_takes_the_largest_batch_and_the_largest_difference():
    rows = [{"precision": p, "batch": b, "loss": loss, "windows a second": v}
            for p, b, loss, v in (("32-true", 1, 4.0, 9.0), ("bf16-mixed", 1, 4.5, 1.0), ("32-true", 4, 4.0, 3.0),
                                  ("bf16-mixed", 4, 4.1, 6.0))]
    assert codes.throughput_sentence(rows) == (
        "With 4 windows a step, bf16-mixed is 2.0 times faster than 32-true on this machine; the losses of the first "
        "batch differ by at most 0.5000.")
    rows[2]["windows a second"] = 24.0
    assert "4.0 times slower" in codes.throughput_sentence(rows)


def test_frame_rates_need_two_and_compare_the_ends():
    rows = [{"preset": n, "frames a second": f, "frames": k, "GFLOP": g, "gap": 0.123, "accuracy": 0.4567, "P": p,
             "S": s} for n, f, k, g, p, s in (("a", 5.0, 150, 2.0, 0.7, 0.8), ("b", 25.0, 750, 30.0, 0.7, 0.75))]
    text = frame_rates.sentence(rows)
    assert "the P probe rises with the frame rate" in text and "S probe is best at 5 frames a second" in text
    assert "costs 15 times the operations" in text and frame_rates.sentence(rows[:1]) == frame_rates.missing()
    assert frame_rates.table(rows).iloc[1].tolist() == ["b", "25", "750", "30", "0.12", "0.457", "0.700", "0.750"]


def test_kept_numbers_of_displacement():
    """Two seeds 0.8 and 0.6 against trees of 0.5 and untrained networks 0.3 and 0.5."""
    values = {"R2.trees": 0.5, "rmse_mm.trees": 2.04, "R2.pretrained.0": 0.8, "R2.pretrained.1": 0.6,
              "rmse_mm.pretrained.0": 1.0, "rmse_mm.pretrained.1": 2.0, "R2.random.0": 0.3, "R2.random.1": 0.5,
              "rmse_mm.random.0": 3.0, "rmse_mm.random.1": 4.0, "R2.oracle": 0.97, "rmse_mm.oracle": 0.1,
              "minus_trees_low.pretrained": 0.0, "minus_trees_high.pretrained": 0.4}
    table = stick_slip.table(values).set_index("method")
    assert table.loc["boosted trees, amplitudes kept"].tolist() == ["0.50", "2.0"]
    assert table.loc["untrained network, ridge"].tolist() == ["0.40 (0.30 to 0.50)", "3.5"]
    assert stick_slip.of_method(values, "R2", "pretrained") == [0.8, 0.6]
    assert stick_slip.trees_sentence(values) == (
        "Whether the pretrained network or the boosted trees predict the displacement better is undecided: R2 is 0.80 "
        "against 0.50, and the 95 % interval of the difference over held-out cycles runs from +0.00 to +0.40, which "
        "includes zero.")
    assert stick_slip.training_sentence(values) == (
        "Pre-training raises the R2 of the ridge on frozen features: 0.70 against 0.40.")
    assert "does not clearly change" in stick_slip.training_sentence(values | {"R2.random.1": 0.6})
    assert "lowers" in stick_slip.training_sentence(values | {"R2.random.0": 0.9, "R2.random.1": 0.95})
    kept = SimpleNamespace(metrics={f"d.{key}": value for key, value in values.items()}, name="d", arrays={})
    assert stick_slip.metrics(kept) == pytest.approx({
        "displacement.R2.oracle": 0.97, "displacement.R2.trees": 0.5, "displacement.minus_trees_low": 0.0,
        "displacement.R2.pretrained": 0.7, "displacement.pretrained_minus_untrained": 0.3})


def test_the_gain_ahead_names_its_lead():
    arrays = {"ahead_network": np.array([0.9, 0.8, 0.5]), "ahead_persistence": np.array([0.9, 0.7, 0.46]),
              "ahead_mean_cycle": np.array([0.9, 0.7, 0.6]), "leads": np.array([0.0, 0.025, 0.2])}
    text = lead_times.ahead_sentence(arrays)
    assert "gains at most +0.10 in R2, at a lead of 2.5 % of a cycle" in text
    assert "it is ahead at 1 of 2 leads, by -0.10 to +0.10. No interval" in text
    arrays["ahead_network"] = arrays["ahead_persistence"] + [0.0, 0.02, 0.05]
    assert "gains next to nothing, at most +0.05 in R2, at a lead of 20 %" in lead_times.ahead_sentence(arrays)
    arrays |= {"ahead_gain_low": np.array([0.0, 0.01, -0.1]), "ahead_gain_high": np.array([0.0, 0.03, 0.2])}
    text = lead_times.ahead_sentence(arrays)
    assert "(95 % interval over held-out cycles -0.10 to +0.20)" in text and "excludes zero at 2.5 % of a cycle" in text


def run(gap, accuracy=0.256, perplexity=123.4):
    return SimpleNamespace(record={"metrics": {"dev_gap": gap, "dev_accuracy": accuracy,
                                               "dev_code_perplexity": perplexity}},
                           config={"network": {"codebooks": 2, "codes": 8}, "training": {"steps": 50}})


def test_a_live_training_is_at_chance_or_not():
    assert pretraining.live_sentence(run(0.05)) == (
        "After 50 steps this training is still at chance: gap 0.05 nats, the true target first in 26 % of the hidden "
        "frames, code perplexity 123 of 16.")
    assert "this training left chance: gap 0.06" in pretraining.live_sentence(run(0.06))


def test_use_of_the_codes_by_training(monkeypatch):
    first, second = (SimpleNamespace(arrays={"usage": k}) for k in (1, 2))
    monkeypatch.setattr(pretraining, "families", lambda: {"tiny": [first, second]})
    live = SimpleNamespace(read_arrays=lambda name: {"usage": 3} if name == "held_out" else None)
    assert pretraining.usage(live) == {pretraining.FAMILIES["tiny"]: 1, "this page": 3}
    assert list(pretraining.usage()) == [pretraining.FAMILIES["tiny"]]


def test_hidden_share_and_run_by_hand():
    """One frame a span, a tenth of the starts: 15 of 150 frames; single frames make runs of 1 / (1 - 14 / 149)."""
    share, length = model_and_objective.hidden_share(SpanMask(0.1, 1), frames=150, windows=3000)
    assert share == pytest.approx(0.1, abs=2e-3) and length == pytest.approx(1 / (1 - 14.5 / 149), rel=0.02)
    assert model_and_objective.hidden_share(SpanMask(1.0, 1, 2), frames=4, windows=5) == (1.0, 4.0)


def test_limits_of_the_objective():
    """Two even books of 320 use 640 codes, one code each 2; equal targets tell nothing; a collapsed book loses 0."""
    found = model_and_objective.limits()
    assert found["perplexity_uniform"] == pytest.approx(640, rel=1e-4)
    assert found["perplexity_single"] == pytest.approx(2, rel=1e-4)
    assert found["diversity_uniform"] == pytest.approx(0, abs=1e-3)
    assert found["diversity_single"] == pytest.approx((640 - 2) / 640, rel=1e-3)
    assert found["loss_collapsed"] == pytest.approx(0, abs=1e-5)
    text = model_and_objective.limits_sentence({**found, "gap_collapsed": 0.04})
    assert "a loss of 0.0 nats" in text and "a gap of 0.0" in text and "perplexity of 640" in text and "one 2." in text
    assert model_and_objective.chance_sentence(9) == (
        "With 9 distractors a network that knows nothing loses ln(10) = 2.303 nats a frame.")


def test_numbers_of_the_model_page():
    found = model_and_objective.metrics("smoke")
    assert (found["model.frames.hz5"], found["model.frames.hz25"]) == (150, 750)
    assert abs(found["model.start_gap"]) < 0.3 and "model.parameters.base" not in found
    share, run_ = model_and_objective.hidden_share()
    assert (found["model.hidden_share"], found["model.hidden_run"]) == (share, run_)


def test_an_example_window_begins_at_its_fixed_start():
    waves = torch.arange(2 * 3 * 5000.0).reshape(2, 3, 5000)
    pool = SimpleNamespace(kind=torch.tensor([0, 2]), waveforms=waves, fixed_starts=lambda n: torch.tensor([7, 9]))
    assert torch.equal(model_and_objective.example_window(pool, 100), waves[1, :, 9:109])


def test_responses_fall_below_the_corner_as_its_square():
    """A sensor of 1 Hz with a damping of 0.707: at 1 Hz the value is 0; far below it, 12 dB an octave."""
    from quakebook.gp2vec.data.metadata import RESPONSE_HZ

    curve = model_and_objective.responses()["short period, 1 s"]
    hertz = np.asarray(RESPONSE_HZ)
    at = np.interp([0.05, 0.1], hertz, curve)
    assert at[1] - at[0] == pytest.approx(2 * math.log10(2), abs=0.02)
    assert np.interp(1.0, hertz, curve) == pytest.approx(0, abs=0.02)
    flat = curve[(hertz > 5) & np.isfinite(curve)]
    assert flat[-1] == pytest.approx(0.5 * math.log10(2), abs=0.02), "3 dB more than at the corner"


def test_collapse_and_loss_in_words():
    base = {"dev_code_perplexity": 500.0, "dev_accuracy": 0.03, "probe.SP": 0.6}
    low = {"dev_code_perplexity": 5.0, "dev_accuracy": 0.7, "probe.SP": 0.55}
    text = recipes.collapse_sentence(base, low)
    assert "perplexity of 5 (against 500), while the accuracy rises to 0.70 from 0.03" in text
    assert "reads 0.550 against 0.600;" in text
    assert "while" not in recipes.collapse_sentence(base, low | {"dev_accuracy": 0.03})
    assert recipes.collapse_sentence(base, low | {"dev_code_perplexity": 500.0}) == ""
    assert recipes.loss_sentence({"a": {"dev_loss": 1.0, "dev_gap": 2.0}}) == ""


def test_a_table_of_scores_has_chance_means_and_ranges():
    values = {"pretrained": {task: [0.5, 0.75] for task in TASKS}, "trees": {task: [0.9] for task in TASKS}}
    table = what_features_are_worth.table(values).set_index("task")
    kind = table.loc["noise, tremor, event"]
    assert kind.tolist() == ["balanced accuracy", "0.33", "0.625 (0.500 to 0.750)", "0.900",
                             "not recorded", "not recorded"]
    assert table.loc["P onset", "chance"] == "0.50" and table.loc["magnitude", "chance"] == "0.00"


def test_scores_on_real_records_are_those_of_the_method():
    found = {"own.pretrained.P": 0.8, "own.untrained.0.P": 0.5, "own.untrained.1.P": 0.7, "own.untrained.0.SP": 9.0,
             "own.pretrained.SP": 9.0}
    assert real_records._score(found, "own.pretrained", "P") == "0.80"
    assert real_records._score(found, "own.untrained", "P") == "0.60 (0.50 to 0.70)"


def result(score, n=4):
    return ProbeResult(score, "x", 0.0, np.arange(n) % 2, np.arange(n) % 2, np.arange(n))


def test_live_probes_in_a_table():
    found = {name: {task: result(score, rows) for task in TASKS} for name, score, rows in (("pretrained", 0.91234, 7),
                                                                                         ("untrained", 0.5, 4))}
    table = features_live.table(found).set_index("task")
    assert table.loc["P onset"].tolist() == ["ROC AUC", "0.50", "0.912", "0.500", "7"]


def test_differences_leave_out_what_could_not_be_asked():
    nothing = ProbeResult(float("nan"), "none", 0.0, np.empty(0), np.empty(0), np.empty(0))
    pretrained = {task: result(1.0) for task in TASKS} | {"M": nothing}
    found = features_live.differences({"pretrained": pretrained, "other": {task: result(1.0) for task in TASKS}}, 5)
    assert list(found) == ["other"] and set(found["other"]) == set(TASKS) - {"M"}
    assert found["other"]["kind"][0] == 0.0


def test_clusters_that_stand_apart_have_a_silhouette_near_one():
    kind = np.arange(30) % 3
    spread = 0.01 * np.random.default_rng(0).normal(size=(30, 3))
    apart, permuted = silhouettes(np.eye(3)[kind] + spread, kind, draws=5)
    assert apart > 0.95 > permuted


def test_where_no_network_is_recorded_an_untrained_one_stands_in(monkeypatch):
    from quakebook.gp2vec.recorded import read

    monkeypatch.setattr(read, "available", lambda: [])
    model = features_live.recorded_network()
    torch.manual_seed(0)
    same = GP2Vec(size="tiny", fusion="none", quantiser="ema")
    assert not model.training and all(torch.equal(a, b) for a, b in zip(model.parameters(), same.parameters(),
                                                                       strict=True))
