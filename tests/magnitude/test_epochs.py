"""An epoch is one pass, its rate is the one it was trained with, and it is told while it runs."""

import pytest
import torch

from quakebook.magnitude import settings
from quakebook.magnitude.api import in_steps, train
from quakebook.magnitude.data.learnable import training_records
from quakebook.magnitude.experiment import MagnitudeExperiment
from quakebook.magnitude.network_settings import NetworkConfig
from quakebook.training.config import ConfigError


def make(*more, model="phasenet_mag"):
    return settings.config(f"network.type={model}", "optimiser.epochs=3", "data.batch_size=6", *more, preset="smoke")


def test_each_epoch_sees_each_record_once(splits):
    config = in_steps(make(), splits)
    experiment = MagnitudeExperiment(config, splits)
    n = len(experiment.train_data)
    assert n % 6 and experiment.steps_per_epoch == config.training.validate_every == -(-n // 6)
    passes = [torch.cat([experiment._records(epoch * experiment.steps_per_epoch + k)
                         for k in range(experiment.steps_per_epoch)]) for epoch in range(3)]
    assert all(sorted(rows.tolist()) == list(range(n)) for rows in passes)
    assert passes[0].tolist() != passes[1].tolist()


def test_batches_counted_in_steps_are_full(splits):
    """A pass of n records is not a whole number of batches; counted in steps, the next pass fills the last one."""
    n = len(MagnitudeExperiment(in_steps(make(), splits), splits).train_data)
    one_pass = -(-n // 6)
    config = make("optimiser.epochs=0", "training.steps=99", f"training.validate_every={one_pass}")
    experiment = MagnitudeExperiment(config, splits)
    rows = torch.cat([experiment._records(k) for k in range(n)])
    assert rows.shape == (6 * n,) and torch.bincount(rows).tolist() == [6] * n


def test_dropped_records_do_not_lengthen_an_epoch(make_records, make_splits):
    """Magnitudes at or below zero are left out at offset 0: fewer steps, and as many as the network learns from."""
    records = make_records()
    records.metadata.loc[records.metadata.index[::3], "source_magnitude"] = -0.5
    splits = make_splits(records)
    for more in ((), ("network.label_offset=1",)):
        config = make(*more)
        kept = len(MagnitudeExperiment(in_steps(config, splits), splits).train_data)
        assert training_records(config, splits.train) == kept
        assert in_steps(config, splits).training.steps == 3 * -(-kept // 6)
    assert training_records(make(model="magnet"), splits.train) == int(
        (splits.train.is_event & (splits.train.magnitude > 0)).sum())


def test_rate_and_losses_of_each_epoch(splits, tmp_path):
    """Warm-up over two epochs: 0.1, 0.55 and 1 of the rate."""
    told = []
    run = train(make("optimiser.schedule=plateau", "optimiser.warmup_epochs=2", "optimiser.lr=1e-3"), root=tmp_path,
                splits=splits, progress=told.append)
    history = torch.load(run.path / "training_history.pt", weights_only=True)
    assert history["learning_rate"] == pytest.approx([1e-4, 5.5e-4, 1e-3])
    assert len(told) == 3 and told[0].startswith(f"epoch 1: train loss {history['train_loss'][0]:.5f}, dev loss ")
    assert "rate 0.00055" in told[1]


def test_network_settings_have_ranges():
    for name, value in (("label_offset", float("nan")), ("dropout", 1.0), ("filter_factor", 0), ("lstm_hidden", 10**6),
                        ("output_scale", 0.0), ("sampling_rate", 50.0)):
        with pytest.raises(ConfigError, match=f"`network.{name}`"):
            NetworkConfig(**{name: value})
    assert NetworkConfig(sampling_rate=100.0).sampling_rate == 100.0


def test_pickers_take_records_of_any_magnitude():
    assert settings.config("network.type=phasenet").data.magnitude_types == "all"
    with pytest.raises(ConfigError, match="which a picker does not need; found 'ML'"):
        settings.config("network.type=phasenet", "data.magnitude_types=ML")


def test_unknown_read_out_is_refused_before_anything_runs():
    with pytest.raises(ConfigError, match="post_p_mean, post_p_median, last_5s, final_half, max; found 'nonsense'"):
        settings.config("evaluation.readout=nonsense")
