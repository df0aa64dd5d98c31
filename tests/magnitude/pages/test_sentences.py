"""Sentences that compare: each says the other thing when the numbers turn, and "undecided" within the spread."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.magnitude.pages import amplitude_and_protocol as protocol
from quakebook.magnitude.pages import architecture, models_and_data, numbers
from quakebook.magnitude.pages import magnitude_from_waveforms as waveforms
from quakebook.magnitude.pages import phase_pickers_and_tuning as pickers
from quakebook.magnitude.pages.seeds import by_seed, spread, undecided
from quakebook.magnitude.recorded import read


def entry(seed, **content):
    facts = {"seconds": 900.0, "cpu_seconds": content.pop("cpu", 30.0), "settings": content.pop("settings", {})}
    arrays = content.pop("arrays", {})
    return read.Recorded(SimpleNamespace(facts=facts, arrays=arrays), {"seed": seed, "group": "comparison", **content})


def magnitude(title, maes, n=10, cpu=30.0, bias=0.0, **more):
    true = np.array([1.0, 5.0])
    arrays = {"true": true, "readout_post_p_mean": true + np.array([0.0, bias])}
    return [entry(k, title=title, scores={"mae": mae, "r2": 0.9, "n": float(n), "slope": 0.0}, cpu=cpu, arrays=arrays,
                  readout="post_p_mean", **more) for k, mae in enumerate(maes)]


def picker(title, f1, cpu=30.0):
    return [entry(k, title=title, P={"within_0.5s": {"f1": p}, "residual": {"std": 0.1}}, cpu=cpu,
                  S={"within_0.5s": {"f1": s}, "residual": {"std": 0.2}}) for k, (p, s) in enumerate(f1)]


def ablation(std_none, std_physical, peak_none, peak_physical, bias=(-0.4, -0.1)):
    return {"phasenet_mag-std-none": magnitude("a", std_none, bias=bias[0]),
            "phasenet_mag-std-physical": magnitude("b", std_physical, bias=bias[1]),
            "phasenet_mag-peak-none": magnitude("c", peak_none),
            "phasenet_mag-peak-physical": magnitude("d", peak_physical)}


def test_amplitude_by_hand():
    """0.4 -> 0.2 is half; 0.4 -> 0.36 is 10 % less, and its differences 0.1, -0.02, 0.04 are wider than their mean."""
    groups = ablation([0.4, 0.4, 0.4], [0.2, 0.2, 0.2], [0.4, 0.4, 0.4], [0.3, 0.42, 0.36])
    text = protocol.amplitude_sentence(groups)
    assert "50 % lower where windows are scaled by the standard deviation and 10 % lower" in text
    assert text.endswith("by the peak (within the spread over seeds).")
    worse = protocol.amplitude_sentence(ablation([0.2] * 3, [0.3] * 3, [0.4] * 3, [0.4] * 3))
    assert "50 % higher where windows are scaled by the standard deviation" in worse


@pytest.mark.parametrize(("peak", "words"), [
    ([0.3, 0.31, 0.32], "the standard deviation is the better choice: 0.200 by the standard deviation, 0.310"),
    ([0.1, 0.11, 0.12], "the peak is the better choice"), ([0.1, 0.2, 0.33], "is undecided: 0.200")])
def test_scaling(peak, words):
    assert words in protocol.scaling_sentence(ablation([0.4] * 3, [0.2] * 3, [0.4] * 3, peak))


def test_large_events():
    """Magnitude 5 answered 0.4 too low without amplitude and 0.1 too low with it; magnitude 1 does not count."""
    assert protocol.large_sentence(ablation([0.4], [0.2], [0.4], [0.2])) == (
        "Without amplitude, events above magnitude 4.5 are underestimated by 0.40 on average; with it less so "
        "(mean error -0.10).")
    turned = protocol.large_sentence(ablation([0.4], [0.2], [0.4], [0.2], bias=(0.1, 0.2)))
    assert "overestimated by 0.10" in turned and "no less so (mean error +0.20)" in turned


def test_protocol_counts_models():
    rows = [{"r2": 0.9, "flattened_r2": 0.95, "mae": 0.3, "flattened_mae": 0.4, "floor_r2": 0.5},
            {"r2": 0.9, "flattened_r2": 0.85, "mae": 0.3, "flattened_mae": 0.2, "floor_r2": 0.6}]
    assert protocol.flattered(rows) == {"r2": 1, "mae": 1, "models": 2}
    assert "R² look better for 1 of 2 models here (first seed), and the mean absolute error for 1 of 2" in (
        protocol.protocol_sentence(rows))
    assert "R² = 0.50 to 0.60 by sample" in protocol.floor_sentence(rows)
    assert "R² = 0.50 by sample" in protocol.floor_sentence(rows[:1])


def comparison(best, richter, n=10):
    groups = {name: magnitude(name, [0.5, 0.5, 0.5], model_type="magnet", options={}) for name in waveforms.NETWORKS}
    return groups | {waveforms.NETWORKS[0]: magnitude("PhaseNetMag", best),
                     waveforms.RICHTER: magnitude("Richter regression", richter, n=n)}


@pytest.mark.parametrize(("best", "richter", "words"), [
    ([0.2, 0.21, 0.22], [0.3, 0.3, 0.3], "A network beats the classical regression: the best network, PhaseNetMag"),
    ([0.3, 0.31, 0.32], [0.2, 0.2, 0.2], "No network here beats the classical one"),
    ([0.2, 0.31, 0.3], [0.25, 0.25, 0.25], "do not decide")])
def test_network_against_regression(best, richter, words):
    groups = comparison(best, richter)
    assert words in waveforms.richter_sentence(groups)
    metrics = numbers.recorded_metrics(groups)
    gain = metrics["recorded.network_over_regression"]
    assert gain.value == pytest.approx(np.mean(richter) - np.mean(best)) and gain.seeds == 3
    half = 4.30265 / np.sqrt(3)  # Student's t at 97.5 % with two degrees of freedom
    assert gain.spread == pytest.approx(half * np.std(np.subtract(richter, best), ddof=1), rel=1e-5)


def test_regression_on_fewer_records_is_not_ranked():
    groups = comparison([0.2, 0.2, 0.2], [0.1, 0.1, 0.1], n=8)
    assert "answered only 8 of the 10 records" in waveforms.richter_sentence(groups)
    assert "recorded.network_over_regression" not in numbers.recorded_metrics(groups)


def test_which_to_take_is_the_cheapest_of_the_level_ones():
    phases = {"phasenet": picker("PhaseNet", [(0.9, 0.70), (0.9, 0.72)], cpu=10.0),
              "phasenet_lstm": picker("PhaseNetLSTM", [(0.9, 0.71), (0.9, 0.73)], cpu=20.0),
              "phasenet_conv_lstm": picker("PhaseNetConvLSTM", [(0.9, 0.5), (0.9, 0.5)], cpu=5.0)}
    groups = comparison([0.2, 0.2, 0.2], [0.2, 0.2, 0.2])
    text = waveforms.choice_sentence(groups, phases)
    assert "take PhaseNetMag: its lead is wider than the spread over seeds (30 s a training)" in text
    assert "take PhaseNet: PhaseNetLSTM is ahead on average, but by less than the seeds scatter" in text


def test_choice_table_multiplies_batch_and_steps():
    settings = {"data": {"batch_size": 16}, "training": {"steps": 800}}
    groups = {"amag_v2-light-physical": magnitude("MagnitudeNet", [0.2, 0.4], model_type="constant", options={},
                                                  settings=settings, seconds_per_record=0.0626)}
    (row,) = waveforms.choice_table(groups).to_dict("records")
    assert row["windows seen"] == 12800 and row["training, s"] == 30 and row["reading, ms"] == 62.6
    assert row["MAE"] == "0.300 ± 0.100" and row["parameters"] == 0


def test_recurrent_pickers_and_the_harder_phase():
    groups = {"phasenet": picker("PhaseNet", [(0.9, 0.70), (0.9, 0.72), (0.9, 0.74)]),
              "phasenet_lstm": picker("PhaseNetLSTM", [(0.95, 0.60), (0.95, 0.82), (0.95, 0.74)]),
              "phasenet_conv_lstm": picker("PhaseNetConvLSTM", [(0.8, 0.95), (0.8, 0.95), (0.8, 0.95)])}
    text = pickers.recurrent_sentence(groups)
    assert "PhaseNetLSTM for P better (+0.050 ± 0.000)" in text
    assert "PhaseNetLSTM for S undecided (+0.000 ± 0.100)" in text
    assert "PhaseNetConvLSTM for P worse (-0.100 ± 0.000)" in text
    assert pickers.harder_sentence(groups) == "S is harder than P for 2 of the 3 models."
    assert pickers.harder_sentence({"phasenet": groups["phasenet"]}) == "S is harder than P for every model."
    assert pickers.width_ratio(groups).tolist() == [2.0] * 3


def test_spread_of_magnitudes():
    """-0.2 | 0.1, 0.4 | 0.5: bins from -0.5, 0 and 0.5; an unknown magnitude is not counted."""
    assert models_and_data.bins([0.1, 0.4, 0.5, -0.2, np.nan]) == {-0.5: 1, 0.0: 2, 0.5: 1}
    assert "spread evenly: each half unit holds 2 to 3 records" in models_and_data.spread_sentence(
        [0.1, 0.2, 0.6, 0.7, 0.8])
    assert "hold 1 to 3 records, so the magnitudes are not spread evenly" in models_and_data.spread_sentence(
        [0.1, 0.6, 0.7, 0.8])


@pytest.mark.parametrize(("p", "s", "words"), [
    ([10.0], [20.0], "holds both phases"), ([-5.0], [20.0], "misses P: the label rises at S"),
    ([10.0, np.nan], [120.0], "holds P only")])
def test_window_shown(p, s, words):
    sample = {"magnitude": np.zeros(100), "picks_p": np.array(p), "picks_s": np.array(s)}
    assert words in models_and_data.window_sentence(sample)


def test_architecture_of_recorded_results():
    old = {"phasenet_mag-std-none": magnitude("a", [0.1], model_type="phasenet_mag"),
           "richter": magnitude("r", [0.1], model_type="richter")}
    assert architecture.older(old) == ["phasenet_mag-std-none"]
    assert architecture.architecture_note(old).startswith("**Recorded with an earlier architecture** (phasenet_mag-")
    new = {"phasenet_mag-std-none": magnitude("a", [0.1], model_type="phasenet_mag", architecture="published")}
    assert "have the published architecture" in architecture.architecture_note(new)


def test_seeds_in_order_and_their_spread():
    entries = [entry(2, x=3.0), entry(1, x=None)]
    assert np.isnan(by_seed(entries, "x")[0]) and by_seed(entries, "x")[1] == 3.0
    assert spread(np.array([1.0, 3.0])) == pytest.approx(2 ** 0.5) and np.isnan(spread(np.array([2.0])))
    assert undecided(np.array([5.0])) and not undecided(np.array([1.0, 1.1]))


def test_pages_speak_of_the_recorded_results():
    """The kept results hold every group that a page speaks of, and each sentence can be made from them."""
    groups = read.by_name()
    phases = {name: entries for name, entries in groups.items() if entries[0].content["group"] == "phase"}
    for text in (protocol.amplitude_sentence(groups), protocol.scaling_sentence(groups),
                 protocol.large_sentence(groups), waveforms.richter_sentence(groups),
                 waveforms.choice_sentence(groups, phases),
                 pickers.recurrent_sentence(phases), pickers.harder_sentence(phases)):
        assert text.endswith(".") and "nan" not in text
    assert len(waveforms.choice_table(groups)) == 3
    metrics = numbers.recorded_metrics(groups)
    assert all(np.isfinite(getattr(value, "value", value)) for value in metrics.values())
    assert metrics["recorded.scaling_gain"].seeds == 3
    assert {"recorded.scaling_gain", "recorded.flattened_better.mae", "recorded.recurrent_gain.S",
            "recorded.phasenet.S_over_P_std"} <= set(metrics)


def test_the_best_is_the_smallest_mean_over_the_seeds():
    """0.3 of one seed against 0.2, 0.2, 0.3 of three; a group that is missing takes no part."""
    names = waveforms.NETWORKS
    groups = {names[0]: magnitude("a", [0.3]), names[1]: magnitude("b", [0.2, 0.2, 0.3])}
    assert waveforms.best_network(groups) == names[1]


def test_seconds_of_the_clock_where_no_processor_time_was_recorded():
    assert waveforms._seconds([entry(0, cpu=None), entry(1, cpu=100.0)]) == 500.0


def test_level_is_within_both_spreads_together():
    """Spreads 0.03 and 0.04 make 0.05: a lead of 0.049 decides nothing, one of 0.051 does."""
    for lead, words in ((0.049, "b: a is ahead on average"), (0.051, "a: its lead is wider")):
        groups = {"a": magnitude("a", [0.27, 0.33], cpu=50.0),
                  "b": magnitude("b", [0.26 + lead, 0.34 + lead], cpu=10.0)}
        assert words in waveforms._cheapest(groups, ["a", "b"], "scores", "mae")


def test_the_best_and_cheapest_of_the_level_ones():
    groups = {"a": magnitude("a", [0.2, 0.4], cpu=5.0), "b": magnitude("b", [0.21, 0.41], cpu=10.0)}
    assert "a: the best on average, and among those level with it the cheapest (5 s" in waveforms._cheapest(
        groups, ["a", "b"], "scores", "mae")


@pytest.mark.parametrize(("most", "even"), [(3, True), (4, False)])
def test_half_as_many_again_is_even(most, even):
    """Two records in the one half unit, three or four in the other."""
    found = models_and_data.spread_sentence([0.1] * 2 + [0.6] * most)
    assert ("spread evenly" in found.replace("not spread", "")) == even


def test_magnitudes_above_four_and_a_half_are_large():
    """4.5 itself, answered 9 too high, does not count."""
    groups = ablation([0.4], [0.2], [0.4], [0.2])
    for entries in groups.values():
        entries[0].result.arrays.update(true=np.array([4.5, 5.0]),
                                        readout_post_p_mean=np.array([13.5, 5.0]) + [0.0, -0.3])
    assert "underestimated by 0.30 on average" in protocol.large_sentence(groups)


def test_floor_of_simulated_windows_is_that_of_the_formula():
    """Onset in the middle of 30 s, magnitudes 1 and 3: 0.5 * 4 / (1 + 0.5 * 4)."""
    assert protocol.simulated_floor(np.array([1.0, 3.0]), np.array([15.0, 15.0])) == pytest.approx(2 / 3)


def test_phases_alike_are_not_harder():
    assert pickers.harder_sentence({"phasenet": picker("PhaseNet", [(0.7, 0.7)])}) == (
        "S is harder than P for 0 of the 1 models.")


def test_no_difference_decides_nothing():
    """A mean of zero is within any spread, and a mean as large as the spread is, too."""
    assert undecided(np.zeros(3)) and undecided(np.array([0.0, 2.0]) - 1 + np.sqrt(2))
    assert spread(np.array([1.0, 2.0, 6.0])) == pytest.approx(7.0 ** 0.5)
