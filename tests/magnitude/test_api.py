"""From a configuration to scores: short trainings, checkpoints that need no options, clear refusals."""

import json
from dataclasses import replace

import pytest
import torch

from quakebook.magnitude import settings
from quakebook.magnitude.api import evaluate_run, in_steps, score_checkpoint, train
from quakebook.magnitude.experiment import MagnitudeExperiment
from quakebook.magnitude.model_types import MODEL_TYPES
from quakebook.magnitude.networks import checkpoint
from quakebook.magnitude.scoring.history import analyse
from quakebook.training.config import ConfigError
from quakebook.training.early_stopping import History

SHORT = ("data.batch_size=4", "training.steps=2", "training.validate_every=1", "evaluation.bootstrap=20")
SMALL = {"eqtransformer_mag": ("network.transformer_d_model=16", "network.transformer_nhead=2",
                               "network.transformer_num_encoder_layers=1"),
         "amag_v2": ("network.lstm_hidden=8", "network.lstm_layers=1")}


def short(model_type, *more):
    return settings.config(f"network.type={model_type}", *SHORT, *SMALL.get(model_type, ()), *more, preset="smoke")


@pytest.mark.parametrize("model_type", [name for name, entry in MODEL_TYPES.items() if entry.batch_size])
def test_every_network_trains_and_is_scored(model_type, splits, tmp_path):
    config = short(model_type)
    run = train(config, root=tmp_path, splits=splits)
    tree = evaluate_run(run, config, splits)
    measure = tree["P"]["within_0.5s"]["f1"] if MODEL_TYPES[model_type].family == "phase" else tree["scores"]["mae"]
    assert measure >= 0
    assert {file.name for file in run.path.glob("model_*.pt")} >= {"model_best.pt", "model_final.pt"}
    written = json.loads((run.path / "evaluation/test/evaluation.json").read_text())
    assert written["title"] == MODEL_TYPES[model_type].title
    if model_type == "phasenet":
        assert sum(checkpoint.load(run.path / "model_best.pt").content["data"]["split_sizes"].values()) == 48


def test_checkpoint_needs_no_options_and_refuses_wrong_ones(splits, tmp_path):
    config = short("phasenet_mag", "network.norm=peak", "network.filter_factor=2")
    run = train(config, root=tmp_path, splits=splits)
    path = run.path / "model_final.pt"
    loaded = checkpoint.load(run.path / "model_final_*.pt")
    assert loaded.content["preprocess"]["norm"] == "peak"
    assert loaded.content["config"]["data"]["batch_size"] == 4
    experiment = MagnitudeExperiment(config, splits)
    experiment.model.load_state_dict(loaded.content["state_dict"])
    in_memory = checkpoint.Checkpoint(experiment.model.eval(), loaded.content, path)
    first, second = (score_checkpoint(entry, splits, config.evaluation)[0]["scores"] for entry in (loaded, in_memory))
    assert first == second
    with pytest.raises(checkpoint.CheckpointError, match="norm: stored 'peak', given 'std'"):
        checkpoint.load(path, options={"norm": "std"})
    assert checkpoint.load(path, options={"norm": "std"}, force=True).content["model_args"]["norm"] == "peak"
    with pytest.raises(checkpoint.CheckpointError, match="holds a 'phasenet_mag' model, not 'amag_v2'"):
        checkpoint.load(path, model_type="amag_v2")
    with pytest.raises(ValueError, match="magnitude model; valid phase types"):
        checkpoint.load(path, family="phase")


def test_legacy_weights_need_the_options(splits, tmp_path):
    from quakebook.magnitude import build

    torch.save(build("phasenet_mag", filter_factor=2).state_dict(), tmp_path / "old.pt")
    with pytest.raises(checkpoint.CheckpointError, match="bare weights.*model_type"):
        checkpoint.load(tmp_path / "old.pt")
    with pytest.raises(checkpoint.CheckpointError, match="do not fit"):
        checkpoint.load(tmp_path / "old.pt", model_type="phasenet_mag")
    loaded = checkpoint.load(tmp_path / "old.pt", model_type="phasenet_mag", options={"filter_factor": 2})
    assert loaded.content["model_args"]["filter_factor"] == 2


def test_unreadable_and_missing_checkpoints(tmp_path):
    (tmp_path / "broken.pt").write_bytes(b"no checkpoint")
    with pytest.raises(checkpoint.CheckpointError, match="broken.pt is not a readable checkpoint"):
        checkpoint.load(tmp_path / "broken.pt")
    with pytest.raises(checkpoint.CheckpointError, match="no file matches"):
        checkpoint.load(tmp_path / "none_*.pt")


def test_same_seed_same_weights_and_resume_point(splits, tmp_path):
    config = short("phasenet_mag")
    runs = [train(config, root=tmp_path / name, splits=splits) for name in ("a", "b")]
    first, second = (checkpoint.load(run.path / "model_final.pt").content["state_dict"] for run in runs)
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_early_stopping_ends_the_training(splits, tmp_path):
    config = short("phasenet_mag", "optimiser.early_stopping_patience=1", "training.steps=30",
                   "optimiser.lr=0.0")
    run = train(config, root=tmp_path, splits=splits)
    metrics = run.record["metrics"]
    assert metrics["stopped_early"] == 1.0 and metrics["epochs"] < 10


def test_epochs_become_steps(splits):
    config = in_steps(short("phasenet_mag", "optimiser.epochs=3"), splits)
    per_epoch = -(-len(splits.train) // 4)
    assert (config.training.steps, config.training.validate_every) == (3 * per_epoch, per_epoch)


def test_batches_pass_over_all_records(splits):
    experiment = MagnitudeExperiment(short("phasenet"), splits)
    n = len(experiment.train_data)
    rows = torch.cat([experiment._records(step) for step in range(n)])
    assert torch.equal(rows.bincount(), torch.full((n,), 4))


def test_missing_magnitudes_stop_before_training(make_records, make_splits, tmp_path):
    with pytest.raises(ValueError, match="no magnitudes"):
        train(short("phasenet_mag"), root=tmp_path, splits=make_splits(make_records(source_magnitude=float("nan"))))
    train(short("phasenet"), root=tmp_path, splits=make_splits(make_records(source_magnitude=float("nan"))))


def test_a_test_split_without_magnitudes_is_named_when_it_is_scored(make_records, make_splits, tmp_path):
    records = make_records()
    records.metadata.loc[records.metadata["split"] == "test", "source_magnitude"] = float("nan")
    splits = make_splits(records)
    run = train(short("phasenet_mag"), root=tmp_path, splits=splits)
    with pytest.raises(ValueError, match="made up, split test, has no magnitudes"):
        evaluate_run(run, short("phasenet_mag"), splits)


def test_configuration_is_resolved_and_checked():
    config = settings.config("network.type=amag_v2")
    assert (config.optimiser.lr, config.data.batch_size) == (1e-3, 64)
    assert (config.optimiser.name, config.training.clip_norm, config.network.lstm_hidden) == ("adamw", 1, 128)
    assert settings.config("network.type=eqtransformer_mag", preset="reference_code").data.batch_size == 64
    phase = settings.config("network.type=phasenet").optimiser
    assert (phase.schedule, phase.warmup_epochs, config.optimiser.warmup_epochs) == ("constant", 0, 5)
    assert settings.config("network.type=phasenet", "optimiser.warmup_epochs=3").optimiser.warmup_epochs == 3
    with pytest.raises(ConfigError, match="no option 'lstm_hidden'; it has: filter_factor"):
        settings.config("network.type=phasenet", "network.lstm_hidden=3")
    with pytest.raises(ConfigError, match="valid types: phasenet"):
        settings.config("network.type=phasnet")
    with pytest.raises(ConfigError, match="one of adam, adamw, sgd"):
        settings.config("optimiser.name=lion")
    with pytest.raises(ConfigError):
        settings.config("network.filters=3")


def test_history_counts_epochs_without_gain():
    history = History(patience=2)
    for loss in (1.0, 0.5, 0.6, 0.7):
        history.add(torch.tensor(loss))
        history.close(1, loss, 1e-3)
    assert history.exhausted and history.best == 0.5 and history.train == pytest.approx([1.0, 0.5, 0.6, 0.7])
    again = History(2)
    again.load_state_dict(history.state_dict())
    assert again.state_dict()["val_loss"] == history.dev and again.exhausted
    assert "rising" in " ".join(analyse(history.train, history.dev))
    assert "converged: both" in " ".join(analyse([1.0] * 3, [1.0, 1.0, 1.0]))


def test_scalar_models_see_event_windows_only(splits):
    scalar = MagnitudeExperiment(short("eqtransformer_mag", "network.head=scalar"), splits)
    series = MagnitudeExperiment(short("eqtransformer_mag"), splits)
    assert len(scalar.train_data) == int(splits.train.is_event.sum()) < len(series.train_data)
    assert replace(scalar.task).per_sample is False


def test_an_evaluation_is_written_once_and_read_afterwards(tmp_path, monkeypatch):
    """Dotted names; what is no score (options, epoch, dropped) is left out."""
    from types import SimpleNamespace

    from quakebook.magnitude import api

    asked = []

    def evaluate_run(run, config, split):
        asked.append((config, split))
        folder = tmp_path / "evaluation" / split
        folder.mkdir(parents=True)
        (folder / "evaluation.json").write_text(json.dumps(
            {"scores": {"mae": 0.5}, "options": {"lstm_hidden": 9}, "epoch": 3, "dropped": {"no gain": 2}}))

    monkeypatch.setattr(api, "settings_of", lambda run: "settings")
    monkeypatch.setattr(api, "evaluate_run", evaluate_run)
    run = SimpleNamespace(path=tmp_path)
    for _ in range(2):
        assert api.evaluate(run) == {"scores.mae": 0.5}
    assert asked == [("settings", "test")] and api.evaluate(run, "dev") == {"scores.mae": 0.5}
    assert asked[1:] == [("settings", "dev")]


def test_epochs_are_counted_up_and_never_empty(splits):
    """31 records in batches of 8 are four steps; a batch wider than the set is one step."""
    records = len(splits.train)
    for batch in (records - 1, records, records + 1):
        made = in_steps(short("phasenet_mag", "optimiser.epochs=2", f"data.batch_size={batch}"), splits).training
        assert (made.steps, made.validate_every) == ((4, 2) if batch < records else (2, 1))
    untouched = short("phasenet_mag")
    assert in_steps(untouched, splits) is untouched
