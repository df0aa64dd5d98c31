"""What is kept of a training: headline numbers, single precision, a few windows."""

import numpy as np
import pytest

from quakebook.magnitude.recorded import make, paper, real_records
from quakebook.magnitude.scoring.pick_scores import WindowPicks


def test_headline_of_magnitudes_and_of_picks():
    assert make.headline({"scores": {"mae": 0.2, "n": 5.0}, "P": 1}) == {"mae": 0.2, "n": 5.0}
    entry = {"within_0.5s": {"precision": 0.9, "recall": 0.8, "f1": 0.85, "n_picked": 7},
             "within_0.1s": {"precision": 0.1, "recall": 0.1, "f1": 0.1},
             "residual": {"mean": 0.01, "std": 0.1, "mae": 0.05, "rms": 0.2}}
    numbers = make.headline({"P": entry, "S": entry})
    assert len(numbers) == 12
    assert {key: numbers[f"S.{key}"] for key in ("precision", "recall", "f1", "mean_s", "std_s", "mae_s")} == {
        "precision": 0.9, "recall": 0.8, "f1": 0.85, "mean_s": 0.01, "std_s": 0.1, "mae_s": 0.05}


def test_four_windows_spread_over_the_examples_are_kept_scaled_to_their_peak():
    number = np.arange(9.0)
    arrays = {"true": number, "name": np.array(list("abcdefghi")), "example_label": number[:, None] * np.ones(5),
              "example_waveforms": (1 + number)[:, None, None] * np.array([1.0, -4.0, 2.0])[:, None] * np.ones((3, 5))}
    kept = make.small(arrays, keep_examples=True)
    assert kept["true"].dtype == np.float32 and kept["name"].tolist() == list("abcdefghi")
    assert kept["example_label"].dtype == np.float16 and kept["example_label"][:, 0].tolist() == [0, 2, 4, 6]
    np.testing.assert_array_equal(kept["example_waveforms"][:, :, 0], [[0.25, -1, 0.5]] * 4)
    assert set(make.small(arrays, keep_examples=False)) == {"true", "name"}
    few = make.small({"example_label": number[:3, None]}, keep_examples=True)
    assert few["example_label"][:, 0].tolist() == [0, 1, 2]
    assert not make.small({"example_waveforms": np.zeros((1, 3, 5))}, True)["example_waveforms"].any()


@pytest.mark.parametrize(("module", "given", "preset"), [
    (make, {"job": "job", "group": "g", "overrides": ["network.type=phasenet_mag"]}, "quick"),
    (paper, {"kind": "phasenet_mag"}, "paper")])
@pytest.mark.parametrize("seed", [1, 2])
def test_names_seeds_and_settings_of_a_kept_training(monkeypatch, module, given, preset, seed):
    seen = {}

    def network(settings):
        seen["settings"] = settings
        tree = {"model_type": "phasenet_mag", "title": "T", "data": "D", "scores": {"mae": 0.5}}
        return "run", tree, "predictions", {"val_loss": [1.0]}

    monkeypatch.setattr(make, "network", network)
    for where in ("quakebook.magnitude.api.arrays_of", "quakebook.magnitude.recorded.make.arrays_of"):
        monkeypatch.setattr(where, lambda found: {"true": np.arange(2.0), "example_label": np.zeros((1, 2))})
    made = module.training(seed=seed, **given)
    name = f"job-seed{seed}" if module is make else f"paper.phasenet_mag-{seed}"
    assert made.metrics == {f"{name}.mae": 0.5}
    assert seen["settings"].training.seed == seed and made.facts["seed"] == seed and made.facts["seeds"] == [seed]
    assert seen["settings"].data.records == {"quick": 2600, "paper": 0}[preset]
    assert made.facts["evaluation"] == {"scores": {"mae": 0.5}} and made.facts["title"] == "T"
    assert ("example_label" in made.arrays) == (module is make and seed == 1)  # of one seed only


def test_published_trainings_are_planned_for_the_six_models():
    assert [entry.name for entry in paper.PAPER] == [f"paper/{kind}-1" for kind in (
        "phasenet_mag", "eqtransformer_mag", "amag_v2", "phasenet", "phasenet_lstm", "phasenet_conv_lstm")]
    assert {entry.arguments["seed"] for entry in paper.PAPER} == {1}


def _picks():
    """Three labels: found 0.1 s late, missed by 0.6 s, and below the threshold."""
    return WindowPicks(np.array([0.9, 0.9, 0.2]), np.array([5.1, 8.6, 3.0]), np.array([5.0, 8.0, 3.0]))


def test_real_picks_are_scored_within_half_a_second():
    real = real_records.RealPicks({"P": _picks(), "S": _picks()}, {}, "here")
    found = real.metrics()
    assert (found["real.P.precision"], found["real.P.recall"]) == pytest.approx((0.5, 1 / 3))
    assert found["real.S.f1"] == pytest.approx(0.4) and len(found) == 12
    assert found["real.P.residual_mean_s"] == pytest.approx(0.1)  # 0.6 s is no match


def test_real_windows_are_scaled_to_their_peak():
    waves = np.array([[[1.0, -2.0], [4.0, 0.0], [0.0, 0.0]], [[0.0, 0.0]] * 3])
    examples = {"waveforms": waves, "curves": np.full((2, 2, 2), 0.5), "picks_s": np.array([[5.0, 6.0], [7.0, 8.0]])}
    made = real_records.outcome(real_records.RealPicks({"P": _picks(), "S": _picks()}, examples, "here"))
    np.testing.assert_array_equal(made.arrays["example_waveforms"], [waves[0] / 4, waves[1]])
    assert made.arrays["P_position_s"].tolist() == pytest.approx([5.1, 8.6, 3.0]) and made.facts["data"] == "real"


def test_real_examples_are_live_and_hold_p_well_inside(monkeypatch, tmp_path):
    """P at 3.9 and 24.1 s stand too near the ends; a dead component is left out; two of the rest are kept."""
    from types import SimpleNamespace

    p_s = np.array([3.9, 24.1, 5.0, 6.0, 7.0, 8.0])
    waves = np.ones((6, 3, 4))
    waves[2, 1] = 0
    found = SimpleNamespace(picks={"P": _picks()}, examples={
        "waveforms": waves, "picks_s": np.stack([p_s, p_s + 1], 1), "curves": np.zeros((6, 2, 4))})
    monkeypatch.setattr("quakebook.magnitude.networks.checkpoint.load", lambda path: SimpleNamespace(
        model="m", model_type="phasenet"))
    monkeypatch.setattr("quakebook.data.load_records", lambda path, require: "records")
    monkeypatch.setattr("quakebook.magnitude.data.tensors.from_records", lambda records: records)
    monkeypatch.setattr("quakebook.magnitude.scoring.predict_picks.predict_phases", lambda *given: found)
    real = real_records.apply(SimpleNamespace(path=tmp_path), tmp_path)
    assert real.examples["picks_s"][:, 0].tolist() == [6.0, 7.0] and real.source == "computed on this machine"
    assert real_records.apply(SimpleNamespace(path=tmp_path), tmp_path / "none") is None
