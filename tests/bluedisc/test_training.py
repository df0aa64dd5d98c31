"""Smoke trainings: identity, batches, artefacts, resume, labels, errors."""

import numpy as np
import pytest
import torch

from quakebook import bluedisc
from quakebook.bluedisc import api
from quakebook.bluedisc.data import splits
from quakebook.bluedisc.scoring.followed import Track, kept_steps
from quakebook.data.errors import DataError
from quakebook.training.config import ConfigError


@pytest.fixture(autouse=True)
def _runs(runs_folder, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(runs_folder))
    monkeypatch.setenv("QUAKEBOOK_BATCH", "1")


def test_run_reports_both_phases_and_is_found_again(smoke_runs):
    for mode, run in smoke_runs.items():
        assert run.finished and {"S.tp", "S.below", "P.tp", "final.S.tp"} <= set(run.record["metrics"])
        assert bluedisc.train(bluedisc.config(f"objective.mode={mode}", preset="smoke")).id == run.id
    assert "d_loss" in smoke_runs["hybrid"].metrics() and "d_loss" not in smoke_runs["bce"].metrics()


def test_evaluate_repeats_the_last_validation(smoke_runs):
    run = smoke_runs["hybrid"]
    again = bluedisc.evaluate(run)
    for key in ("S.precise", "P.precise", "S.label_count"):
        assert again[key] == pytest.approx(run.record["metrics"][f"final.{key}"])


def test_modes_start_from_the_same_weights_and_batches(smoke_runs):
    first = [run.metrics()["g_data_loss"].iloc[0] for run in smoke_runs.values()]
    assert first[0] == pytest.approx(first[1], rel=1e-6)


def test_tracked_steps_and_the_error_for_another(smoke_runs):
    track = Track.from_arrays(smoke_runs["bce"].read_arrays("track"))
    assert track.step.tolist() == kept_steps(4, 2) == [1, 2, 4]
    assert track.at(4).shape == (2, 3, 3001) and not np.array_equal(track.at(1), track.at(4))
    with pytest.raises(ValueError, match="step 3 was not kept; kept steps: 1, 2, 4"):
        track.at(3)


def test_killed_training_goes_on_with_the_same_bits(tmp_path, monkeypatch, smoke_runs):
    from quakebook.bluedisc.experiment import PickerExperiment

    step = PickerExperiment.step

    def stop(self, batch, left=[3]):  # noqa: B006
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return step(self, batch)

    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    settings = bluedisc.config("objective.mode=hybrid", preset="smoke")
    with monkeypatch.context() as patch:
        patch.setattr(PickerExperiment, "step", stop)
        with pytest.raises(KeyboardInterrupt):
            bluedisc.train(settings)
    resumed, whole = bluedisc.train(settings), smoke_runs["hybrid"]
    for a, b in zip(api.generator_of(resumed).state_dict().values(),
                    api.generator_of(whole).state_dict().values(), strict=True):
        assert torch.equal(a, b)
    for name in ("track", "history"):
        ours, theirs = resumed.read_arrays(name), whole.read_arrays(name)
        assert all(np.array_equal(ours[key], theirs[key], equal_nan=ours[key].dtype.kind == "f") for key in theirs)


def test_splits_hold_different_records():
    data = bluedisc.config(preset="smoke").data
    names = [set(splits.load(data, split, limit=4).metadata["trace_name"]) for split in ("train", "dev", "test")]
    assert not names[0] & names[1] and not names[1] & names[2] and not names[0] & names[2]
    assert set(splits.load(data, "track", limit=4).metadata["trace_name"]) == names[1]
    with pytest.raises(DataError, match="unknown split 'eval'"):
        splits.load(data, "eval")


def test_generator_of_another_label_set_is_refused(smoke_runs):
    with pytest.raises(ValueError, match="trained with labels 'PSN'"):
        api.generator_of(smoke_runs["bce"], label="D")


def test_start_is_phasenets_own_unless_the_base_rate_is_asked_for():
    from seisbench.models import PhaseNet

    from quakebook.bluedisc.experiment import PickerExperiment

    started = {}
    for start in ("published", "base_rate"):
        experiment = PickerExperiment(bluedisc.config(f"network.start={start}", preset="smoke"), None, None)
        experiment.build()
        started[start] = experiment.networks["generator"]
    torch.manual_seed(42)
    for name, value in PhaseNet(phases="PSN", norm="peak").state_dict().items():
        assert torch.equal(value, started["published"].state_dict()[name])
        assert torch.equal(value, started["base_rate"].state_dict()[name]) == (name != "out.bias")
    assert float(started["base_rate"].out.bias.detach().sigmoid()[0]) == pytest.approx(0.0167, abs=1e-4)


@pytest.mark.parametrize("override", ["network.start=warm", "objective.mode=wgan", "objective.label=X",
                                      "data.batch_size=0",
                                      "data.nmae=x", "objective.gan_weight=0", "objective.data_weight=0",
                                      "objective.data_weight=-1",
                                      "objective.data_weight=nan", "evaluation.confidence=7", "evaluation.height=-1",
                                      "optimiser.lr=-1", "optimiser.discriminator_lr=nan", "optimiser.beta1=1",
                                      "training.steps=0"])
def test_bad_settings_are_refused(override):
    with pytest.raises(ConfigError):
        bluedisc.config(override, preset="smoke")


def test_paper_preset_is_the_published_recipe():
    made = bluedisc.config()
    assert (made.training.steps, made.data.batch_size, made.objective.data_weight) == (10_000, 100, 4000.0)
    assert (made.optimiser.beta1, made.optimiser.beta2, made.optimiser.lr) == (0.0, 0.999, 1e-3)


@pytest.mark.parametrize(("mode", "momentum"), [("bce", 0.1), ("hybrid", 0.271), ("gan", 0.271)])
def test_running_statistics_move_as_fast_as_published_and_adam_as_asked(mode, momentum):
    from quakebook.bluedisc.experiment import PickerExperiment

    settings = bluedisc.config(f"objective.mode={mode}", "optimiser.beta1=0.3", "optimiser.discriminator_lr=0.5",
                               preset="smoke")
    experiment = PickerExperiment(settings, None, None)
    experiment.build()
    norms = [m for m in experiment.networks["generator"].modules() if isinstance(m, torch.nn.BatchNorm1d)]
    assert {round(m.momentum, 9) for m in norms} == {momentum}
    experiment.device = torch.device("cpu")
    experiment.configure()
    groups = {name: optimiser.param_groups[0] for name, optimiser in experiment.optimisers.items()}
    assert groups["generator"]["betas"] == (0.3, 0.999) and groups["generator"]["lr"] == 1e-3
    assert mode == "bce" or groups["discriminator"]["lr"] == 0.5


def test_prediction_leaves_the_network_as_it_was():
    from quakebook.bluedisc.scoring.predict import predict

    torch.manual_seed(0)
    generator = bluedisc.Generator().train()
    before = {name: value.clone() for name, value in generator.named_buffers()}
    x = torch.randn(4, 3, 3001)
    found = predict(generator, x)
    assert generator.training and all(torch.equal(value, before[name]) for name, value in generator.named_buffers())
    torch.testing.assert_close(found, torch.sigmoid(generator.eval()(x, logits=True)))


def test_reported_numbers_are_means_over_the_last_validations(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    run = bluedisc.train(bluedisc.config("objective.mode=bce", "training.steps=6", "evaluation.last=2", preset="smoke"))
    history = run.read_arrays("history")
    assert history["step"].tolist() == [2, 4, 6] and history["whole"].tolist() == [0, 1, 1]
    assert history["S.label_count"][0] < history["S.label_count"][1]  # early validations see a part
    assert run.record["metrics"]["P.height_50"] == pytest.approx(history["P.height_50"][-2:].mean())


def test_records_that_are_not_those_of_the_settings_are_refused(records):
    settings = bluedisc.config("objective.mode=bce", preset="smoke")
    with pytest.raises(ValueError, match=r"`records\['train'\]` must be 48 of synthetic:picker; found 24 of"):
        bluedisc.train(settings, {"train": records})
