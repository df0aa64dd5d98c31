"""The published tree as settings: sums that are worked by hand, and values that neither source can change."""

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from quakebook.gp2vec.published.configs import settings
from quakebook.gp2vec.published.verbs import register_resolvers
from quakebook.training.config import ConfigError

gp2vec = pytest.importorskip("gp2vec")


def made(*overrides, devices=1, gpu=False):
    register_resolvers()
    with initialize_config_dir(str(gp2vec.CONFIGS), version_base=None):
        tree = OmegaConf.to_container(compose("config", overrides=list(overrides)), resolve=True)
    return settings(tree, devices, gpu)


@pytest.fixture(scope="module")
def published():
    return made()


def test_the_published_tree_as_settings(published):
    """100,000 records by 32 are 3125 steps, a hundred times; the rate ends at 1e-7 of 1e-4."""
    assert published.training.steps == 312_500 and published.training.devices == 1
    assert published.training.seed == 42 and published.training.clip_norm == 1.0
    assert published.optimiser.min_lr_share == pytest.approx(1e-3) and published.optimiser.schedule == "cosine"
    assert published.training.ema_decay == 0.9999 and published.training.strategy == "auto"
    assert published.evaluation.windows == 1024 and published.evaluation.probe is False
    assert published.data.augment == 0.8 and published.data.name == "synthetic:near"
    assert (published.data.records, published.data.dev_records) == (100_000, 12_000)
    network = published.network
    assert network.channels == (64, 128, 256, 512, 768) and network.heads == 12 and network.fusion == "add"
    assert network.kernels == (10, 8, 3, 3, 3) and network.strides == (5, 4, 1, 1, 1)
    assert (network.dropout, network.attention_dropout, network.feature_dropout) == (0.1, 0.1, 0.1)


@pytest.mark.parametrize(("overrides", "steps"), [
    (("train.max_epochs=2", "data.records=33"), 4), (("train.max_epochs=2", "data.records=32"), 2),
    (("train.max_epochs=3", "data.records=64", "train.trainer.devices=2"), 3),
    (("train.max_epochs=3", "data.records=128", "train.trainer.devices=2", "train.trainer.num_nodes=2"), 3),
    (("train.max_epochs=2", "data.records=64", "train.max_steps=3"), 3),
    (("train.max_epochs=2", "data.records=64", "train.max_steps=9"), 4),
    (("train.max_epochs=2", "data.records=64", "train.max_steps=1"), 1),
    (("train.max_epochs=2", "data.records=64", "train.max_steps=0"), 4)])
def test_steps_of_epochs_are_rounded_up_and_cut(overrides, steps):
    assert made(*overrides, "train.ema.enabled=false").training.steps == steps


def test_a_streamed_archive_has_one_step_an_epoch_at_least():
    """Shards: the count of their windows gives the steps, none of it reaches the records."""
    found = made("data.source=shards:/x", "data.records=0", "train.max_epochs=7", "train.ema.enabled=false")
    assert found.training.steps == 7 and found.data.records == 0
    found = made("data.source=shards:/x", "data.records=65", "train.max_epochs=7", "train.ema.enabled=false")
    assert found.training.steps == 21 and found.data.records == 0 and found.data.name == "shards:/x"


@pytest.mark.parametrize(("steps", "decay"), [(1, 0.0), (10, 0.0), (20, 0.5), (100, 0.9), (200_000, 0.9999)])
def test_the_average_is_no_longer_than_the_run(steps, decay):
    """At most 1 - 10 / steps."""
    assert made(f"train.max_steps={steps}").training.ema_decay == pytest.approx(decay)
    assert made(f"train.max_steps={steps}", "train.ema.enabled=false").training.ema_decay == 0


def test_small_values_are_told_as_they_are():
    assert made("data.val_records=1023").evaluation.windows == 1023
    assert made("data.augmentation.enabled=false").data.augment == 0
    assert made("data.metadata.enabled=false").network.fusion == "none"
    assert made("train.lr_scheduler.min_lr=1").optimiser.min_lr_share == 1.0
    assert made("train.lr_scheduler.min_lr=5e-5").optimiser.min_lr_share == pytest.approx(0.5)
    assert made("train.optimizer.lr=0").optimiser.min_lr_share == 0.0
    assert made("train.lr_scheduler.name=constant").optimiser.schedule == "constant"


def test_devices_and_strategy():
    assert made(devices=3).training.devices == 3 and made(devices=3).training.strategy == "ddp"
    assert made("train.trainer.devices=-1", devices=2).training.devices == 2
    assert made("train.trainer.devices=1", devices=3).training.strategy == "auto"
    assert made("train.trainer.num_nodes=2").training.strategy == "ddp"
    assert made("train.trainer.precision=32-true").training.precision == "32-true"


@pytest.mark.parametrize(("rate", "layers", "strides"), [
    ("hz5", 5, (5, 4, 1, 1, 1)), ("hz25", 5, (2, 2, 1, 1, 1)), ("draft160", None, None)])
def test_layers_of_another_frame_rate(rate, layers, strides):
    """The layers of the tree are cut, or the last is repeated, to as many as the frame rate wants."""
    from quakebook.gp2vec.networks.encoder import PRESETS

    network = made(f"model/encoder={rate}").network
    wanted = len(PRESETS[rate][0]) if layers is None else layers
    assert len(network.channels) == len(network.kernels) == len(network.strides) == wanted
    assert network.channels == (64, 128, 256, 512, 768)[:wanted] + (768,) * (wanted - 5)
    assert strides is None or network.strides == strides


@pytest.mark.parametrize(("override", "words"), [
    ("data.processing.overlap=0.25", "overlap"), ("data.augmentation.time_shift.max_shift=0.2", "max_shift"),
    ("model.input_channels=4", "can only be 3"), ("checkpointing.monitor=val/loss", "val/gap"),
    ("loggers.csv.enabled=false", "loggers.csv"), ("loggers.tensorboard.log_graph=true", "log_graph"),
    ("data.processing.target_sampling_rate=40.0", "100.0"), ("++model.encoder.rate=hz7", "model/encoder"),
    ("data.s3.anon=false", "data.s3.anon"), ("data.metadata.path=x", "data.metadata.path"),
    ("data.s3.region=us-east-1", "data.s3.region"), ("data.metadata.fdsn_client=SCEDC", "fdsn_client")])
def test_what_cannot_be_changed_is_refused(override, words):
    with pytest.raises(ConfigError, match=words):
        made(override)


def test_windows_side_by_side_are_no_wish_of_the_archive_alone():
    assert made("data.processing.overlap=0.0").data.window_s == 30.0
    assert made("data.dataloader.num_workers=9").data.batch_size == 32


def test_two_trackers_are_one_too_many():
    assert made("wandb.enabled=true").training.tracker == "wandb"
    assert made("loggers.tensorboard.enabled=true").training.tracker == "tensorboard"
    assert made().training.tracker == "none"
    with pytest.raises(ConfigError, match="one of wandb.enabled"):
        made("wandb.enabled=true", "loggers.tensorboard.enabled=true")


def test_heads_divide_the_width():
    assert made("model.embed_dim=128", "model.context_encoder.num_heads=4").network.heads == 4
    with pytest.raises(ConfigError, match="does not divide `embed_dim` 128; leave it out to get 2"):
        made("model.embed_dim=128", "model.context_encoder.num_heads=3")
