"""What the pages measure themselves, and sentences at the edge of their thresholds."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy.signal import freqs_zpk

from quakebook.gp2vec.pages import codes, features_live, frame_rates, model_and_objective, recipes, stick_slip
from quakebook.gp2vec.scoring.tasks import TASKS


def test_the_speed_sentence_speaks_of_the_largest_batch_of_three():
    """Batches 1, 4 and 16, not in order."""
    rows = [{"precision": p, "batch": b, "loss": 4.0 + off * (p != "32-true"), "windows a second": speed}
            for b, off, slow, fast in ((16, 0.25, 10.0, 30.0), (1, 0.5, 10.0, 10.0), (4, 0.125, 10.0, 5.0))
            for p, speed in (("32-true", slow), ("bf16-mixed", fast))]
    assert codes.throughput_sentence(rows) == (
        "With 16 windows a step, bf16-mixed is 3.0 times faster than 32-true on this machine; the losses of the first "
        "batch differ by at most 0.5000.")


def test_equal_speeds_are_not_faster():
    rows = [{"precision": p, "batch": 2, "loss": 1.0, "windows a second": 7.0} for p in ("32-true", "bf16-mixed")]
    assert "1.0 times slower" in codes.throughput_sentence(rows)


@pytest.mark.parametrize(("kinds", "event", "companion"), [((0, 2, 1), 1, 2), ((1, 0, 2), 2, 0), ((2, 2), 0, 1)])
def test_distractors_of_another_window_come_from_the_next_one(monkeypatch, kinds, event, companion):
    heard = []
    pool = type("Pool", (), {"kind": torch.tensor(kinds), "__len__": lambda self: len(kinds)})()
    monkeypatch.setattr(codes, "settings_of", lambda run: SimpleNamespace(data=SimpleNamespace(samples=3000)))
    monkeypatch.setattr(codes, "load", lambda data, split: pool)
    monkeypatch.setattr(codes, "model_of", lambda run: "model")
    monkeypatch.setattr(codes, "guesses", lambda *given: heard.append(given))
    codes.one_window(None)
    assert heard == [("model", pool, 3000, event, companion)]


def test_bits_that_codes_tell_beside_the_bits_of_the_kind():
    """Kinds 1/2, 1/4, 1/4: 1.5 bits."""
    told = [SimpleNamespace(bits=0.5, tells=True, bound=0.25), SimpleNamespace(bits=0.125, tells=False, bound=0.25)]
    text = codes.codes_sentence(told, np.array([0, 0, 1, 2]))
    assert "0.50 bits (above the 0.25" in text and "0.12 bits (not above the 0.25" in text
    assert text.endswith("would be 1.50 bits.")
    assert codes.codes_sentence(told, np.array([1, 2, 1, 2])).endswith("would be 1.00 bits.")


def test_a_window_is_told_by_its_hidden_frames():
    """-1: visible."""
    text = codes.guesses_sentence(SimpleNamespace(rank=np.array([-1, 0, 0, 4, -1, 90, 7])))
    assert "comes first in 2 of 5 hidden frames; its middle rank is 4." in text


def test_a_step_is_timed_once_in_the_smoke_preset_and_three_times_else(monkeypatch):
    asked = []
    monkeypatch.setattr(frame_rates, "seconds_a_window", lambda rates, steps: asked.append((rates, steps)))
    frame_rates.step_seconds("smoke"), frame_rates.step_seconds()
    assert asked == [(["draft160", "hz5", "hz25"], 1), (["draft160", "hz5", "hz25"], 3)]


def test_steps_that_last_equally_long_do_not_grow():
    assert "grows with the number of frames," in frame_rates.step_sentence({"a": 0.001, "b": 0.0024})
    text = frame_rates.step_sentence({"a": 0.001, "b": 0.001})
    assert "does not grow with the number of frames at every rate" in text and "a 1 ms, b 1 ms a window" in text


def test_rows_of_recorded_frame_rates(monkeypatch):
    """Frames of 30 s: 750, 150 and 19; three times the operations of a forward pass; slowest rate first."""
    values = {"dev_gap": 0.5, "dev_accuracy": 0.25, "probe.P": 0.75, "probe.S": 0.625}
    monkeypatch.setattr(frame_rates.read, "available", lambda: ["tiny-rates/hz25", "tiny-rates/draft160"])
    monkeypatch.setattr(frame_rates.read, "result", lambda name: name)
    monkeypatch.setattr(frame_rates.read, "metrics_of", lambda kept: values)
    monkeypatch.setattr(frame_rates, "forward_flop", lambda plan, samples: samples * 1e6)
    low, high = frame_rates.rows()
    assert (low["preset"], low["frames"], low["frames a second"]) == ("draft160", 19, 0.625)
    assert (high["preset"], high["frames"], high["frames a second"]) == ("hz25", 750, 25.0)
    assert low["GFLOP"] == pytest.approx(9.0) and (high["gap"], high["accuracy"]) == (0.5, 0.25)
    assert (high["P"], high["S"]) == (0.75, 0.625)


@pytest.mark.parametrize(("order", "words"), [
    ((1, 2, 3, 4), "a higher accuracy goes with a better S-P probe (rank correlation +1.00)"),
    ((4, 3, 2, 1), "does not go with a better S-P probe (rank correlation -1.00)"),
    ((1, 3, 4, 2), "does not go with a better S-P probe (rank correlation +0.40)"),
    ((2, 1, 4, 3), "goes with a better S-P probe (rank correlation +0.60)"), ((1, 2, 3), "large enough")])
def test_accuracy_goes_with_the_probe_from_a_correlation_of_one_half(monkeypatch, order, words):
    """Spearman: 1 - 6 sum d2 / (n (n2 - 1)); of 1 3 4 2 the squares are 0 1 1 4: 0.4."""
    rows = {str(k): {"dev_accuracy": k / 10, "probe.SP": value / 7} for k, value in enumerate(order)}
    monkeypatch.setattr(recipes, "recipes", lambda: rows)
    monkeypatch.setattr(recipes.read, "metrics_of", lambda kept: kept)
    assert words in recipes.accuracy_is_not_quality()


def test_what_a_layer_norm_does_to_the_probe(monkeypatch):
    rows = {"group-norm": {"probe.SP": 0.5, "dev_loss": 3.0, "dev_gap": 0.5},
            "layer-norm": {"probe.SP": 0.5, "dev_loss": 2.0, "dev_gap": 0.25}}
    monkeypatch.setattr(recipes, "recipes", lambda: rows)
    monkeypatch.setattr(recipes.read, "metrics_of", lambda kept: kept)
    text = recipes.failures_sentences()
    assert "S-P probe is not lower in this one seed (0.500 against 0.500)" in text
    assert ("The lowest raw loss, 2.00 nats, belongs to layer norm, whose gap is 0.25; the largest gap, 0.50, belongs "
            "to group norm at a loss of 3.00.") in text
    rows["layer-norm"]["probe.SP"] = 0.499
    assert "probe is lower in this one seed (0.499" in recipes.failures_sentences()


def test_the_short_sequence_of_the_page(monkeypatch):
    """Ten cycles of 120 s, or sixteen of 240 s; 1 to 45 Hz; the untrained network has the shape of the recorded one."""
    from quakebook.gp2vec.studies import displacement

    heard = []
    monkeypatch.setattr(displacement, "compare", lambda *given, **more: heard.append((given, more)))
    monkeypatch.setattr(features_live.read, "available", lambda: [])
    stick_slip.short_comparison("smoke"), stick_slip.short_comparison()
    (models, *rest), more = heard[0]
    assert rest == ["cpu", 1.0, 45.0] and more == {"seed": 1, "sizes": {"cycles": 10, "cycle_s": 120.0}}
    assert heard[1][1] == {"seed": 1, "sizes": {"cycles": 16, "cycle_s": 240.0}}
    assert list(models) == ["other_data", "random"] and models["random"][0].plan == models["other_data"][0].plan
    torch.manual_seed(0)
    again = type(models["random"][0])(models["random"][0].plan)
    assert all(torch.equal(a, b) for a, b in zip(again.parameters(), models["random"][0].parameters(), strict=True))


def test_an_interval_that_ends_at_zero_includes_it():
    values = {"R2.pretrained.0": 0.5, "R2.trees": 0.25, "minus_trees_low.pretrained": -0.1,
              "minus_trees_high.pretrained": 0.0}
    assert "is undecided" in stick_slip.trees_sentence(values)
    better = values | {"minus_trees_low.pretrained": 0.01, "minus_trees_high.pretrained": 0.1}
    assert "displacement better than the boosted trees: R2 is 0.50 against 0.25" in stick_slip.trees_sentence(better)
    assert "displacement worse than" in stick_slip.trees_sentence(values | {"minus_trees_high.pretrained": -0.01})
    one = {"R2.pretrained.0": 0.5, "R2.random.0": 0.25}
    assert stick_slip.training_sentence(one).endswith("0.50 against 0.25. One seed: undecided.")


def test_the_example_records_are_ninety_six(monkeypatch):
    heard = []
    monkeypatch.setattr(model_and_objective, "load", lambda data, *rest: heard.append(rest))
    model_and_objective.example_pool()
    assert heard == [("train", "cpu", 96)]


def test_the_sensors_of_the_page():
    """Published poles of a 120 s broadband sensor with 1500 V/(m/s), and of a 1 Hz geophone with a damping of 0.7.

    The broadband answers 3 dB less at 1/120 Hz than at 1 Hz.
    """
    poles, gain = model_and_objective.SENSORS["broadband, 120 s"]
    assert gain == 1500.0
    assert poles == (-0.037 + 0.037j, -0.037 - 0.037j, -502.65, -1005.0, -371.2 + 462.8j, -371.2 - 462.8j)
    _, answer = freqs_zpk([0, 0], poles, 1.0, worN=2 * np.pi * np.array([1 / 120, 1.0]))
    assert abs(answer[0] / answer[1]) == pytest.approx(2**-0.5, abs=0.01)
    poles, gain = model_and_objective.SENSORS["short period, 1 s"]
    assert gain == 88.0 and [abs(pole) for pole in poles] == pytest.approx([2 * np.pi] * 2, rel=1e-3)
    assert poles[0].real == -4.443 and poles[0] == np.conj(poles[1])


def test_the_broadband_curve_reaches_lower_than_that_of_the_geophone():
    """Both are 0 at 1 Hz; at 0.1 Hz the geophone is two decades of amplitude down, the broadband is flat."""
    from quakebook.gp2vec.data.metadata import RESPONSE_HZ

    curves, hertz = model_and_objective.responses(), np.asarray(RESPONSE_HZ)
    at = {name: np.interp([0.1, 1.0], hertz, curve) for name, curve in curves.items()}
    assert at["broadband, 120 s"] == pytest.approx([0.0, 0.0], abs=0.02)
    assert at["short period, 1 s"] == pytest.approx([-2 + 0.15, 0.0], abs=0.03)  # 3 dB of the corner


def test_hidden_share_of_the_default_rule_is_drawn_on_two_thousand_windows(monkeypatch):
    heard = []
    draw = model_and_objective.draw_mask
    monkeypatch.setattr(model_and_objective, "draw_mask", lambda rule, windows, frames, generator: (
        heard.append((windows, frames)), draw(rule, windows, frames, generator))[1])
    share, run = model_and_objective.hidden_share()
    assert heard == [(2000, 150)] and 0.4 < share < 0.6 and 10 < run < 20


def test_tables_of_rates_and_sizes():
    rates = model_and_objective.rates_table()
    assert {"5", "25"} <= set(rates["frames per second"])
    sizes = model_and_objective.sizes_table("smoke")
    assert len(sizes) == 2 and all("," in text for text in sizes["parameters"])


@pytest.mark.parametrize(("asked", "records"), [(12, 40), (40, 40), (41, 41)])
def test_live_probes_ask_at_least_forty_records(monkeypatch, asked, records):
    heard = []
    network = SimpleNamespace(plan=features_live.GP2Vec(size="tiny", fusion="none", quantiser="ema").plan)
    monkeypatch.setattr(features_live, "load", lambda data, split, device, count: heard.append((split, count)) or (
        SimpleNamespace(metadata={})))
    monkeypatch.setattr(features_live, "config", lambda override, preset: heard.append((override, preset)) or (
        SimpleNamespace(data=SimpleNamespace(samples=3000), evaluation=SimpleNamespace(batch_size=64))))
    monkeypatch.setattr(features_live, "recorded_network", lambda: network)
    monkeypatch.setattr(features_live, "network_encoder", lambda model: "recorded" if model is network else "new")
    monkeypatch.setattr(features_live, "extract", lambda encoder, *rest: encoder)
    monkeypatch.setattr(features_live, "probe_all", lambda features: features)
    monkeypatch.setattr(features_live, "handcrafted", lambda *rest: "written")
    results, features, _ = features_live.probe_both(asked)
    assert heard == [(f"evaluation.probe_records={records}", "quick"), ("probe", asked)]
    assert results == {"pretrained": "recorded", "untrained": "new", "handcrafted": "written"}
    assert features == "recorded"


def test_six_stations_get_a_colour():
    """Stations 1 to 8 with 8 to 1 windows: the last two stand apart from the others."""
    station = np.repeat(np.arange(1, 9), np.arange(8, 0, -1))
    group, names = features_live.most_frequent(station)
    assert names == [f"station {k}" for k in range(1, 7)] and set(group) == set(range(-1, 6))
    assert (group == 0).sum() == 8 and (group == 5).sum() == 3 and (group == -1).sum() == 3
    assert features_live.most_frequent(np.array([4, 4, 9]))[0].tolist() == [0, 0, 1]


def test_differences_are_drawn_two_hundred_times(monkeypatch):
    heard = set()
    monkeypatch.setattr(features_live, "bootstrap_difference", lambda own, other, task, draws: heard.add(draws))
    one = {task: SimpleNamespace(score=1.0) for task in TASKS}
    features_live.differences({"pretrained": one, "other": one})
    assert heard == {200}


def test_silhouettes_in_words(monkeypatch):
    """Stations are told of only where two of them are shown."""
    features = SimpleNamespace(pooled={"layer 0": np.zeros((4, 2)), "layer 1": np.ones((4, 2))},
                               questions=SimpleNamespace(label={"kind": torch.tensor([0, 1, 2, 0])}))
    found = iter([(0.25, 0.125), (0.5, 0.5), (0.0, 0.1)])
    monkeypatch.setattr(features_live, "silhouettes", lambda x, group: next(found))
    text = features_live.clusters_sentence(features, {"station": torch.tensor([3, 3, 5, 5])})
    assert "the three kinds +0.250, above the +0.125" in text
    assert "the 2 most frequent stations +0.500, not above the +0.500" in text
    assert "stations +" not in features_live.clusters_sentence(features, {"station": torch.tensor([3, 3, 3, 3])})
