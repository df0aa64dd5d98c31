"""What one chapter's settings refuse each on its own, and what "auto" stands for."""

import pytest

from quakebook import bugfinv
from quakebook.bugfinv import objective_settings
from quakebook.training.config import ConfigError


@pytest.mark.parametrize("word", ["training.strategy=ddp", "training.devices=2", "training.num_nodes=2"])
def test_one_device_only(word):
    with pytest.raises(ConfigError, match="this chapter trains on one device"):
        bugfinv.config(word, preset="smoke")


@pytest.mark.parametrize("word", ["training.precision=16-mixed", "training.capture=true"])
def test_what_fused_gradients_cannot_do(word):
    with pytest.raises(ConfigError, match="do not work with fused gradients"):
        bugfinv.config(word, preset="smoke")
    for fine in ("training.precision=32-true", "training.precision=bf16-mixed", "training.capture=false"):
        assert bugfinv.config(fine, preset="smoke").training.steps == 4


@pytest.mark.parametrize(("method", "mode"), [("bugfinv", "off"), ("cw", "on"), ("nash", "on"), ("upgrad", "on")])
def test_the_seismic_term_is_on_but_for_bugfinv(method, mode):
    assert bugfinv.config(f"objective.method={method}").objective.physics_mode == mode
    for told in ("on", "off", "reference"):
        made = bugfinv.config(f"objective.method={method}", f"objective.physics.mode={told}")
        assert made.objective.physics_mode == told


def test_methods_that_train_and_two_that_do_not():
    assert objective_settings.UNTRAINED == ("lbfgs", "initial") and len(objective_settings.TRAINED) == 12
    for method in (*objective_settings.TRAINED, *objective_settings.UNTRAINED):
        assert bugfinv.config(f"objective.method={method}").objective.method == method


@pytest.mark.parametrize(("preset", "numbers"), [
    ("smoke", ((12, 10, 48), 0.004, 6, (8,) * 4, (8,) * 4, 4, 2, 1)),
    ("quick", ((48, 48, 160), 0.002, 24, (24, 48, 48, 24), (32,) * 4, 500, 25, 5)),
    ("paper", ((200, 200, 360), 0.001, 24, (90, 180, 180, 90), (128, 128, 64, 64), 500, 25, 5))])
def test_presets(preset, numbers):
    made = bugfinv.config(preset=preset)
    assert (made.data.shape, made.data.dt_s, made.data.n_wells, made.network.channels, made.network.regression,
            made.training.steps, made.training.validate_every, made.training.log_every) == numbers
    assert made.objective.physics.mode == ("auto" if preset == "paper" else "off")
    assert made.optimiser.pretrain_low == (50 if preset == "paper" else 0)
    assert made.evaluation.batch_size == 256
