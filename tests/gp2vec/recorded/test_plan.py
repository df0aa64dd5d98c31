"""What the chapter records, number by number, and what a recorded training is asked for."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.gp2vec.recorded import make, plan

BY_NAME = {entry.name: entry for entry in plan.PLAN}


@pytest.mark.parametrize(("name", "cost"), [
    ("tiny-0", 130), ("tiny-2", 130), ("tiny-baselines", 180), ("tiny-displacement", 500), ("tiny-labels", 1900),
    ("real", 75), ("tiny-throughput", 240), ("tiny-recipes/unscaled", 75), ("tiny-fusion/film", 75),
    ("tiny-rates/hz25", 75), ("small-hz5-0", None), ("small-labels", None), ("recipes/ema", None)])
def test_costs_in_seconds_of_one_core(name, cost):
    """None: on a GPU only."""
    assert BY_NAME[name].cost_s == cost


@pytest.mark.parametrize(("name", "seed", "kept"), [
    ("tiny-0", 0, True), ("tiny-2", 2, False), ("small-hz5-0", 0, True), ("small-hz5-1", 1, False),
    ("small-hz25-2", 2, False), ("tiny-fusion/add", 0, True), ("tiny-fusion/none", 0, False),
    ("tiny-recipes/layer-norm", 0, False), ("fusion/add", 0, False)])
def test_seeds_and_whose_weights_are_kept(name, seed, kept):
    arguments = BY_NAME[name].arguments
    assert arguments["seed"] == seed and bool(arguments.get("keep_weights")) is kept and arguments["name"] == name


@pytest.mark.parametrize(("name", "seeds", "steps"), [
    ("tiny-baselines", [0, 1, 2], None), ("tiny-displacement", [0], 200), ("tiny-labels", [0, 1], 30),
    ("real", [0, 1, 2], None), ("small-baselines", [0, 1, 2], None), ("small-labels", [0, 1, 2], 200),
    ("small-displacement", [0, 1, 2], 800)])
def test_seeds_and_steps_of_what_is_compared(name, seeds, steps):
    arguments = BY_NAME[name].arguments
    assert arguments["seeds"] == seeds and arguments.get("steps") == steps


def test_speeds_are_taken_over_five_steps_and_five_seconds():
    arguments = BY_NAME["tiny-throughput"].arguments
    assert (arguments["steps"], arguments["seconds"], arguments["preset"]) == (5, 5.0, "quick")


@pytest.mark.parametrize(("name", "wanted"), [
    ("small-hz5-0", {"objective.mask_start_prob": 0.065, "objective.mask_length": 10, "network.position_kernel": 127,
                     "data.batch_size": 128, "training.steps": 1500, "optimiser.warmup_steps": 150,
                     "training.validate_every": 150, "training.checkpoint_every": 0}),
    ("small-hz25-0", {"network.position_kernel": 127, "training.checkpoint_every": 0, "training.validate_every": 223}),
    ("recipes/cross-negatives", {"training.steps": 800, "optimiser.warmup_steps": 80, "training.validate_every": 80,
                                 "objective.cross_negatives": 50, "data.batch_size": 128}),
    ("recipes/diversity-0.1", {"objective.diversity_weight": 0.1, "training.steps": 800}),
    ("recipes/diversity-0.01-unscaled", {"objective.diversity_weight": 0.01}),
    ("recipes/raw-input", {"data.low_hz": 0, "data.high_hz": 0}),
    ("tiny-recipes/group-norm", {"training.steps": 100, "optimiser.warmup_steps": 10, "training.validate_every": 20,
                                 "training.checkpoint_every": 0, "evaluation.probe_records": 600}),
    ("tiny-recipes/diversity-0.01-unscaled", {"objective.diversity_weight": 0.01}),
    ("tiny-rates/draft160", {"training.steps": 60, "optimiser.warmup_steps": 10}),
    ("tiny-rates/hz5", {"training.steps": 60}),
    ("tiny-rates/hz25", {"training.steps": 60, "objective.mask_start_prob": 0.026, "objective.mask_length": 25})])
def test_settings_of_a_recorded_training(name, wanted):
    """A later wish wins, as in the settings."""
    given = dict(text.split("=", 1) for text in BY_NAME[name].arguments["overrides"])
    assert {key: float(given[key]) for key in wanted} == {key: float(value) for key, value in wanted.items()}


def stub_training(monkeypatch, history):
    """A finished training with this history; its settings are kept."""
    asked = []

    def train(settings, pools=None):
        asked.append(settings)
        steps = np.arange(1, 4)
        log = {"step": steps, "contrastive_loss": steps / 2.0, "chance": steps * 0 + 4.0}
        arrays = {"history": history, "held_out": {"usage": np.ones(2), "rank": np.arange(101) % 101,
                                                   "depth": np.arange(101)}}
        return SimpleNamespace(record={"metrics": {"dev_gap": 0.25}}, read_arrays=arrays.__getitem__,
                               metrics=lambda: {key: SimpleNamespace(to_numpy=value.astype)
                                                for key, value in log.items()})

    monkeypatch.setattr(make.api, "train", train)
    monkeypatch.setattr(make.api, "model_of", lambda run: "network")
    return asked


@pytest.mark.parametrize(("gaps", "leaves"), [
    ((0.0, 0.05, 0.051), 30.0), ((0.06, 0.0, 0.9), 10.0), ((-0.2, 0.049, 0.05), np.nan)])
def test_leaving_chance_is_a_gap_of_more_than_a_twentieth(monkeypatch, gaps, leaves):
    asked = stub_training(monkeypatch, {"step": np.array([10.0, 20.0, 30.0]), "dev_gap": np.array(gaps)})
    monkeypatch.setattr(make, "_pools", lambda settings: {})
    found = make.pretraining("a/b", "smoke", 5)
    assert found.metrics["a.b.leaves_chance_after"] == pytest.approx(leaves, nan_ok=True)
    assert found.metrics["a.b.dev_gap"] == 0.25 and not found.weights
    assert asked[0].training.seed == 5 and asked[0].training.log_every == 1 and not asked[0].training.progress
    assert found.arrays["log_loss"].tolist() == [0.5, 1.0, 1.5] and found.arrays["log_chance"].tolist() == [4.0] * 3
    assert found.arrays["depth"].dtype == np.int16 and found.arrays["history_step"].tolist() == [10.0, 20.0, 30.0]


def test_ranks_of_every_size_alike_are_uniform_and_ranks_at_one_end_are_not():
    assert make._uniform(np.arange(1000) % 100) > 0.9
    assert make._uniform(np.arange(1000) % 50 // 2 * 2 + 0) > 0.5  # every second rank: spread within the rank
    assert make._uniform(np.r_[np.zeros(500, int), np.arange(500) % 100]) < 1e-9


def test_networks_for_the_displacement_are_trained_on_its_own_records(monkeypatch, tmp_path):
    from quakebook.gp2vec.studies import displacement

    asked = stub_training(monkeypatch, {})
    monkeypatch.setattr(make._baselines, "random_network", lambda settings, seed: f"untrained {seed}")
    monkeypatch.setattr(make, "network", lambda source, folder: f"recorded {source}")
    heard = []
    monkeypatch.setattr(displacement, "compare", lambda models, *rest: heard.append((models, rest)) or ({"x": 1.0}, {}))
    found = make.displacement("d", "smoke", (3, 4), 57, tmp_path, overrides=("data.low_hz=2", "data.high_hz=9"))
    models, (_, low, high) = heard[0]
    assert models == {"pretrained": ["network"] * 2, "random": ["untrained 3", "untrained 4"],
                      "other_data": ["recorded tiny-0"]}
    assert (low, high) == (2, 9) and found.metrics == {"d.x": 1.0, "d.dev_gap.3": 0.25, "d.dev_gap.4": 0.25}
    for settings, seed in zip(asked, (3, 4), strict=True):
        assert settings.data.name == "synthetic:caldera" and settings.data.records == 100_000
        assert settings.training.steps == 57 and settings.optimiser.warmup_steps == 5
        assert settings.training.seed == seed and not settings.evaluation.probe


def test_networks_from_scratch_learn_ten_times_as_fast_as_fine_tuned_ones(monkeypatch, tmp_path):
    network = SimpleNamespace(to=lambda device: None)
    monkeypatch.setattr(make, "probe_pool", lambda settings, device: SimpleNamespace(events=np.arange(3)))
    monkeypatch.setattr(make, "network", lambda source, folder: network)
    monkeypatch.setattr(make._baselines, "random_network", lambda settings, seed: network)
    monkeypatch.setattr(make._baselines, "handcrafted", lambda *rest: None)
    monkeypatch.setattr(make, "extract", lambda *rest: None)
    monkeypatch.setattr(make, "network_encoder", lambda model: None)
    monkeypatch.setattr(make, "curve", lambda *rest: np.zeros((1, 1)))
    rates = {}
    monkeypatch.setattr(make._baselines, "supervised", lambda model, pool, task, recipe, *rest: (
        rates.setdefault(recipe.scratch, recipe.lr), SimpleNamespace(score=0.0))[1])
    make.label_curves("x", "smoke", "tiny-0", (0,), 3, tmp_path, fractions=(0.5,))
    assert rates[True] == 5e-4 and rates[False] < rates[True]
