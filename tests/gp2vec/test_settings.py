"""Bounds of the settings, each from both sides, and the presets number by number."""

from types import SimpleNamespace

import pytest

from quakebook import gp2vec
from quakebook.gp2vec import api, experiment
from quakebook.gp2vec.networks.architecture import of_size
from quakebook.training.config import ConfigError, to_dict


@pytest.mark.parametrize(("overrides", "words"), [
    (("data.low_hz=10", "data.high_hz=10"), "must exceed"), (("data.records=0",), "at least 1"),
    (("data.dev_records=0",), "at least 1"), (("objective.cross_negatives=1", "data.batch_size=1"), "at least 2"),
    (("network.channels=[8]",), "given together"), (("network.channels=[8]", "network.kernels=[0]",
                                                     "network.strides=[1]"), "at least 1 in each layer"),
    (("objective.temperature_end=2.01",), "must not exceed"), (("data.name=shards:/x", "data.records=1",
                                                                "evaluation.probe=false"), "must be 0"),
    (("training.capture=true", "network.layer_drop=0.1"), "layer_drop"),
    (("data.name=synthetic:caldera",), "evaluation.probe=false")])
def test_one_step_beyond_the_bound_is_refused(overrides, words):
    with pytest.raises(ConfigError, match=words):
        gp2vec.config(*overrides)


@pytest.mark.parametrize("overrides", [
    ("data.low_hz=10", "data.high_hz=10.1"), ("data.low_hz=10", "data.high_hz=0"), ("data.records=1",),
    ("data.dev_records=1",), ("objective.cross_negatives=1", "data.batch_size=2"), ("data.batch_size=1",),
    ("network.channels=[8]", "network.kernels=[1]", "network.strides=[1]"), ("objective.temperature_end=2",),
    ("data.name=shards:/x", "data.records=0", "evaluation.probe=false"), ("training.capture=true",),
    ("network.layer_drop=0.1",), ("data.name=synthetic:caldera", "evaluation.probe=false")])
def test_wishes_at_the_bound_are_taken(overrides):
    assert gp2vec.config(*overrides)


@pytest.mark.parametrize(("window_s", "frames"), [(12.8, 8), (12.7, 8), (11.2, 7), (5.0, 4)])
def test_a_window_has_eight_frames_at_least(window_s, frames):
    """Strides of 160 samples at 100 Hz: 1.6 s a frame, the last one begun."""
    settings = gp2vec.config(f"data.window_s={window_s}", "network.rate=draft160")
    plan = of_size("tiny", "draft160")
    if frames >= 8:
        assert api.check_frames(settings, plan) is None
    else:
        with pytest.raises(ConfigError, match=f"gives {frames} latent frames at `network.rate` draft160"):
            api.check_frames(settings, plan)


def test_numbers_of_the_quick_and_smoke_presets():
    quick, smoke = to_dict(gp2vec.config(preset="quick")), to_dict(gp2vec.config(preset="smoke"))
    for values in (quick, smoke):
        assert values["network"]["rate"] == "hz5" and values["network"]["size"] == "tiny"
        assert (values["objective"]["mask_start_prob"], values["objective"]["mask_length"]) == (0.065, 10)
    assert (quick["data"]["records"], quick["data"]["dev_records"], quick["data"]["batch_size"]) == (1500, 256, 16)
    assert quick["evaluation"] == {"batch_size": 64, "windows": 256, "probe": True, "probe_records": 1200}
    assert quick["optimiser"]["warmup_steps"] == 20
    keys = ("steps", "validate_every", "checkpoint_every", "log_every")
    assert [quick["training"][key] for key in keys] == [200, 50, 50, 10]
    assert [smoke["training"][key] for key in keys] == [4, 2, 2, 1]
    assert (smoke["data"]["records"], smoke["data"]["dev_records"], smoke["data"]["batch_size"]) == (24, 16, 4)


def test_the_codebook_begins_with_the_first_sixty_four_windows():
    asked = []

    class Asked(Exception):
        pass

    def first(count, samples):
        asked.append((count, samples))
        raise Asked

    with pytest.raises(Asked):
        experiment.Pretrain._start_book(SimpleNamespace(_train=SimpleNamespace(first=first),
                                                        settings=gp2vec.config("data.window_s=20")), None)
    assert asked == [(64, 2000)]


@pytest.mark.parametrize(("step", "share"), [(0, 0.25), (3, 1.0), (4, 1.0), (8, 0.6), (12, 0.2), (99, 0.2)])
def test_the_rate_rises_over_the_first_steps_and_ends_at_its_share(step, share):
    """Four of twelve steps; half way down it is (1 + 0.2) / 2."""
    rule = experiment.OptimiserConfig(warmup_steps=4, min_lr_share=0.2)
    assert experiment.rate_share(step, 12, rule) == pytest.approx(share)
    constant = experiment.OptimiserConfig(warmup_steps=4, schedule="constant")
    assert experiment.rate_share(step, 12, constant) == (share if step < 4 else 1.0)
    assert experiment.rate_share(4, 4, rule) == 1.0  # no step left: the fall begins


def test_the_device_of_the_records(monkeypatch):
    import torch

    for there, name in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert api.data_device("auto") == name and api.data_device("cpu") == "cpu"


def test_pools_that_are_handed_over_must_be_those_of_the_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    settings = gp2vec.config(preset="smoke")

    class Made:
        def __init__(self, count, source="synthetic:near"):
            self.count, self.source = count, source

        def __len__(self):
            return self.count

    for split, pool in (("train", Made(23)), ("dev", Made(24)), ("train", Made(24, "synthetic:far"))):
        with pytest.raises(ValueError, match=rf"`pools\['{split}'\]` must be"):
            gp2vec.train(settings, {split: pool})
    assert not list(tmp_path.iterdir())
