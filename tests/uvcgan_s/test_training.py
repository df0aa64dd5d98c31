"""Whole trainings: exact resume, capture, every method, refusals."""

from __future__ import annotations

import pytest
import torch

from quakebook import uvcgan_s
from quakebook.training.config import ConfigError
from quakebook.training.experiment import Experiment
from quakebook.uvcgan_s.experiment import GENERATORS_FILE, DecompositionExperiment
from quakebook.uvcgan_s.figures import all_figures

CONSTANT = ("optimiser.schedule=constant", "optimiser.warmup_steps=64000", "optimiser.epoch_steps=2000")


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    return monkeypatch


def settings(*overrides):
    return uvcgan_s.config("training.progress=false", *overrides, preset="smoke")


def weights(run):
    return {f"{name}.{key}": value for name, network in uvcgan_s.generators_of(run).items()
            for key, value in network.state_dict().items()}


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(value, other[key]) for key, value in one.items())


@pytest.mark.parametrize("overrides", [(), ("objective.penalty_period=1", "network.head=batch-stdev",
                                            "objective.queue=6"), ("objective.warm_steps=3", *CONSTANT)])
def test_a_killed_training_goes_on_bit_for_bit(runs, tmp_path, overrides):
    config = settings("training.steps=6", *overrides)
    whole = uvcgan_s.train(config)
    runs.setenv("QUAKEBOOK_RUNS", str(tmp_path / "again"))
    original = Experiment.observe

    def killed(self, step):
        if step == 5:  # the last checkpoint holds step 4
            raise KeyboardInterrupt
        return original(self, step)

    with runs.context() as patch:
        patch.setattr(DecompositionExperiment, "observe", killed, raising=False)
        with pytest.raises(KeyboardInterrupt):
            uvcgan_s.train(config)
    resumed = uvcgan_s.train(config)
    assert resumed.id == whole.id and resumed.path != whole.path
    assert same(weights(whole), weights(resumed))
    assert resumed.record["metrics"] == whole.record["metrics"]


def test_a_captured_training_equals_an_eager_one(runs):
    eager, captured = uvcgan_s.train(settings()), uvcgan_s.train(settings("training.capture=true"))
    assert same(weights(eager), weights(captured))


@pytest.mark.parametrize("method", ["identity", "regression", "paired", "uvcgan2", "flow"])
def test_every_method_trains_and_scores(runs, method):
    run = uvcgan_s.train(settings(f"objective.method={method}"))
    scores = uvcgan_s.evaluate(run)
    assert scores["error"] == pytest.approx((scores["error_a0"] + scores["error_a1"]) / 2)
    assert scores["error"] == pytest.approx(run.record["metrics"]["error"], rel=1e-5)
    assert scores["trivial_error"] > 0
    if method == "uvcgan2":
        assert scores["sum_gap"] == pytest.approx(0, abs=1e-6)


def test_the_full_method_records_fifteen_losses_and_shows_its_training(runs):
    run = uvcgan_s.train(settings())
    names = {name for name in run.metrics().columns if name.split("_")[0] in ("gen", "cycle", "disc", "gp", "idt")}
    assert len(names) == 15
    shown = run.read_arrays("shown")
    assert shown["parts"].shape == (2, 6, 2, 16, 16) and shown["step"].tolist() == [2, 4]
    assert set(all_figures(run)) == {"losses", "decomposition"}


def test_averages_decide_about_the_result(runs):
    one, other = uvcgan_s.train(settings("training.ema_decay=0")), uvcgan_s.train(settings("training.ema_decay=0.999"))
    assert not same(weights(one), weights(other))


def test_undefined_images_are_refused_before_the_first_step(runs):
    images = torch.rand(12, 1, 16, 16)
    broken = images.clone()
    broken[7, 0, 3, 5] = -0.1
    train = uvcgan_s.from_arrays(images, broken, images, name="towers")
    dev = uvcgan_s.from_arrays(images, images, images, (images, images), name="dev")
    with pytest.raises(ValueError, match="towers, signal: image 7, channel 0, row 3, column 5 is -0.1"):
        uvcgan_s.train(settings("objective.norm=log"), {"train": train, "dev": dev})


def test_arrays_of_one_own_train(runs):
    images = torch.rand(12, 2, 16, 16)
    domains = uvcgan_s.from_arrays(images[:, :1], images, images[:, :1], name="own")
    with pytest.raises(ConfigError, match="as many channels as B; found 1, 2 and 1"):
        uvcgan_s.train(settings("training.steps=2"), {"train": domains, "dev": domains})
    run = uvcgan_s.train(settings("training.steps=2", "objective.identity_aa=0"), {"train": domains, "dev": domains})
    a0, a1 = uvcgan_s.decompose(run, images[:, :1])
    assert (a0.shape[1], a1.shape[1]) == (1, 2)
    assert (run.path / GENERATORS_FILE).is_file() and not run.record.get("metrics")


@pytest.mark.parametrize("overrides, words", [
    (["training.compile=true"], "training.compile"), (["training.strategy=ddp"], "one device"),
    (["training.capture=true", "objective.warm_steps=2", *CONSTANT], "warm_steps"), (["objective.queue=2"], "queue"),
    (["objective.norm_critic=true"], "norm_critic"), (["network.critic=n_layers"], "critic_blocks"),
    (["network.heads=3"], "divisible"), (["objective.norm_scale=2"], "norm_scale"),
    (["objective.method=identity", "objective.warm_steps=2", *CONSTANT], "warm_steps"),
    (["optimiser.schedule=constant"], "warmup_steps")])
def test_wishes_without_meaning_are_refused(overrides, words):
    with pytest.raises(ConfigError, match=words):
        settings(*overrides)


def test_presets_and_paper():
    paper = uvcgan_s.config()
    assert paper.training.steps == 800_000 and paper.objective.cycle_a1 == 100
    assert uvcgan_s.config(preset="quick").training.steps >= 1000
