"""Bounds of the settings, each from both sides."""

import pytest

from quakebook import uvcgan_s
from quakebook.training.config import ConfigError

CONSTANT = ("optimiser.schedule=constant", "optimiser.warmup_steps=64000", "optimiser.epoch_steps=2000")


@pytest.mark.parametrize(("override", "words"), [
    ("training.devices=2", "one device"), ("training.num_nodes=2", "one device"),
    ("network.critic_blocks=0", "at least 1 for critic resnet"), ("network.levels=[]", "network.levels"),
    ("network.levels=[0]", "network.levels"), ("network.head=batch-stdev", "need each other"),
    ("training.precision=16-mixed", "16-mixed"), ("objective.norm_threshold=2", "belongs to norm symlog"),
    ("objective.warm_steps=2", "needs optimiser.schedule=constant"), ("objective.norm_loss=true", "need a norm")])
def test_one_wish_too_many_is_refused(override, words):
    with pytest.raises(ConfigError, match=words):
        uvcgan_s.config(override, preset="smoke")


@pytest.mark.parametrize("overrides", [
    ("network.levels=[1]",), ("network.critic_levels=[1]",), ("network.critic=n_layers", "network.critic_blocks=0"),
    ("objective.queue=1", "network.head=batch-stdev"), ("training.compile=true", "objective.penalty=0"),
    ("training.compile=true", "objective.method=identity"), ("training.capture=true",),
    ("objective.norm=symlog", "objective.norm_threshold=2", "objective.norm_scale=3"),
    ("objective.norm=scale", "objective.norm_scale=3", "objective.norm_critic=true"),
    ("objective.norm=log", "objective.norm_bias=0.2", "objective.norm_loss=true"),
    ("objective.warm_steps=2", *CONSTANT)])
def test_wishes_at_the_edge_are_taken(overrides):
    assert uvcgan_s.config(*overrides, preset="smoke")


@pytest.mark.parametrize("override", ["objective.queue=2", "objective.penalty_period=1", "objective.warm_steps=1"])
def test_captured_steps_must_be_alike(override):
    more = ("network.head=batch-stdev",) if "queue" in override else ()
    with pytest.raises(ConfigError, match="steps that are all alike"):
        uvcgan_s.config("training.capture=true", override, *more, *CONSTANT, preset="smoke")
