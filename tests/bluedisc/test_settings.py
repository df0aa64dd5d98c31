"""Settings nobody gives: the published numbers, and our own where the paper has none."""

from dataclasses import asdict

import pytest

from quakebook.bluedisc.live import live_config
from quakebook.bluedisc.settings import config


def test_published_settings_are_the_defaults():
    """Adam 1e-3 with betas (0, 0.999) for both networks, 10,000 steps of 100 windows, hybrid weight 4000, seed 42."""
    made = config()
    assert asdict(made.optimiser) == {"lr": 1e-3, "discriminator_lr": 1e-3, "beta1": 0.0, "beta2": 0.999}
    assert (made.data.batch_size, made.training.steps, made.training.seed) == (100, 10_000, 42)
    assert (made.objective.mode, made.objective.label, made.objective.data_weight, made.objective.gan_weight) == (
        "hybrid", "N", 4000.0, 1.0)
    assert not made.objective.published_statistics and made.network.start == "published"


def test_what_counts_as_a_peak_and_as_precise():
    """Peaks of 0.1 that are 1 s apart, confident from 0.7, precise within 0.1 s: the paper's script."""
    found = config().evaluation
    assert (found.height, found.distance_samples, found.confidence, found.precise_samples) == (0.1, 100, 0.7, 10.0)
    assert (found.last, found.windows_before, found.followed, found.follow_every) == (3, 2000, 8, 50)


def test_our_own_amounts():
    """As many synthetic records as INSTANCE has windows for training, about; validated ten times."""
    made = config()
    assert (made.data.name, made.data.records, made.data.dev_records, made.data.seed) == (
        "synthetic:picker", 160_000, 20_000, 0)
    assert (made.training.validate_every, made.training.checkpoint_every) == (1000, 1000)


@pytest.mark.parametrize(("preset", "records", "dev", "batch", "steps", "every"), [
    ("smoke", 48, 24, 4, 4, 2), ("quick", 6000, 2000, 16, 2000, 200)])
def test_presets(preset, records, dev, batch, steps, every):
    made = config(preset=preset)
    assert (made.data.records, made.data.dev_records, made.data.batch_size) == (records, dev, batch)
    assert (made.training.steps, made.training.validate_every) == (steps, every)
    assert made.optimiser == config().optimiser and made.objective == config().objective


@pytest.mark.parametrize(("preset", "records", "steps", "start"), [
    ("smoke", 48, 4, "published"), ("quick", 1500, 300, "base_rate"), ("paper", 160_000, 10_000, "published")])
def test_live_trainings_of_the_pages(preset, records, steps, start):
    made = live_config(preset, "bce")
    assert (made.objective.mode, made.data.records, made.training.steps, made.network.start) == (
        "bce", records, steps, start)
    if preset == "quick":
        assert (made.data.dev_records, made.training.validate_every) == (300, 100)
        assert (made.evaluation.last, made.evaluation.follow_every, made.data.batch_size) == (1, 20, 16)
    with pytest.raises(ValueError, match="unknown preset 'huge'; known: smoke, quick, paper"):
        live_config("huge", "bce")
