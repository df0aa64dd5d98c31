"""Settings nobody gives: the README's numbers for every model, and what the published code has instead."""

import pytest

from quakebook.magnitude import settings
from quakebook.magnitude.live import live_config
from quakebook.magnitude.model_types import MODEL_TYPES
from quakebook.magnitude.published.flags import make_parser

#: Learning rate, batch, optimiser, weight decay, clipping, window: README of the study (pickers: of their papers).
README = {
    "phasenet": (1e-2, 256, "adam", 0.0, 0.0, 3001), "phasenet_lstm": (1e-3, 256, "adam", 0.0, 0.0, 3001),
    "phasenet_conv_lstm": (1e-3, 256, "adam", 0.0, 0.0, 3001), "phasenet_mag": (1e-3, 32, "adam", 1e-5, 0.0, 3000),
    "eqtransformer_mag": (1e-4, 16, "adamw", 1e-5, 1.0, 3001), "amag_v2": (1e-3, 64, "adamw", 1e-5, 1.0, 3000),
    "magnet": (1e-3, 256, "adam", 0.0, 0.0, 3000)}
CODE = {"phasenet_mag": (1e-4, 256), "eqtransformer_mag": (1e-4, 64), "amag_v2": (1e-3, 256)}


@pytest.mark.parametrize("name", README)
def test_readme_settings_of_a_model(name):
    made = settings.config(f"network.type={name}")
    rate, batch, optimiser, decay, clip, window = README[name]
    assert (made.optimiser.lr, made.data.batch_size, made.optimiser.name) == (rate, batch, optimiser)
    assert (made.optimiser.weight_decay, made.training.clip_norm) == (decay, clip)
    assert MODEL_TYPES[name].window_samples == window
    picker = MODEL_TYPES[name].family == "phase"
    assert (made.optimiser.schedule, made.optimiser.warmup_epochs) == (("constant", 0) if picker else ("plateau", 5))


@pytest.mark.parametrize("name", CODE)
def test_settings_of_the_published_code(name):
    made = settings.config(f"network.type={name}", preset="reference_code")
    assert (made.optimiser.lr, made.data.batch_size) == CODE[name]
    assert made.optimiser.epochs == 5 and made.training.validate_every == 0


def test_options_of_the_networks():
    """The README's defaults, and those of the published code where the README has none."""
    def option(model, name):
        return MODEL_TYPES[model].option(name).default

    assert [option("eqtransformer_mag", f"transformer_{name}") for name in (
        "d_model", "nhead", "num_encoder_layers", "dim_feedforward")] == [128, 8, 4, 512]
    assert [option("eqtransformer_mag", name) for name in ("cnn_blocks", "n_class", "drop_rate", "arch", "head")] == [
        5, 1, 0.1, "transformer", "per_sample"]
    assert [option("amag_v2", name) for name in ("lstm_hidden", "lstm_layers", "dropout")] == [128, 2, 0.2]
    assert [option("magnet", name) for name in ("lstm_hidden", "dropout", "amplitude")] == [100, 0.2, "physical"]
    assert [option("phasenet_lstm", name) for name in ("lstm_num_layers", "lstm_bidirectional")] == [1, True]
    assert option("phasenet_conv_lstm", "convlstm_hidden") == 64 and option("phasenet_mag", "dropout") == 0.0
    for model in ("phasenet_mag", "eqtransformer_mag", "amag_v2"):
        assert [option(model, name) for name in ("filter_factor", "amplitude", "label_offset", "output_scale",
                                                 "sampling_rate")] == [1, "none", 0.0, 1.0, 100.0]


def test_training_and_scores():
    """Plateau: half the rate after 5 epochs, stop after 10, weights every 5; threshold 0.3 and 1000 draws."""
    made = settings.config()
    wanted = made.optimiser
    assert (wanted.scheduler_patience, wanted.plateau_factor, wanted.early_stopping_patience) == (5, 0.5, 10)
    assert (wanted.epochs, wanted.save_every) == (0, 5)
    found = made.evaluation
    assert (found.readout, found.threshold, found.bootstrap, found.batch_size) == ("post_p_mean", 0.3, 1000, 64)
    assert (made.data.name, made.data.records, made.data.seed) == ("synthetic:magnitude", 0, 1)
    assert (made.training.steps, made.training.validate_every) == (6000, 300)


@pytest.mark.parametrize(("preset", "records", "batch", "steps", "every", "draws"), [
    ("smoke", 240, 8, 6, 3, 200), ("quick", 2600, 32, 400, 80, 200)])
def test_presets(preset, records, batch, steps, every, draws):
    made = settings.config(preset=preset)
    assert (made.data.records, made.data.batch_size, made.training.steps) == (records, batch, steps)
    assert (made.training.validate_every, made.evaluation.bootstrap) == (every, draws)
    assert (made.optimiser.schedule, made.optimiser.save_every) == ("one_cycle", 0)


def test_live_trainings_climb_from_zero_with_a_scale_of_three():
    assert live_config("quick").network.output_scale == 1.0
    assert live_config("quick", "amag_v2", "physical").network.output_scale == 3.0
    paper = live_config("paper", "amag_v2", "counts", "training.seed=4")
    assert (paper.network.output_scale, paper.network.amplitude, paper.training.seed) == (1.0, "counts", 4)
    with pytest.raises(ValueError, match="one of smoke, quick, paper; found 'huge'"):
        live_config("huge")


def test_flags_that_are_not_given():
    args = make_parser().parse_args([])
    assert (args.mode, args.output_dir, args.device) == ("tutorial_test_load_and_generator", "trained_weights", "auto")
    assert not (args.plot or args.force or args.tune_inputs)
    assert (args.n_trials, args.max_epochs_per_trial, args.final_epochs, args.worker) == (100, 30, 50, 0)


@pytest.mark.parametrize(("flag", "least"), [("--epochs", 1), ("--records", 1), ("--n_trials", 1), ("--worker", 0),
                                             ("--final_epochs", 0), ("--max_epochs_per_trial", 1)])
def test_counts_have_a_least_value(flag, least, capsys):
    name = flag.removeprefix("--")
    assert getattr(make_parser().parse_args([flag, str(least)]), name) == least
    for wrong in (str(least - 1), "1.5", "many"):
        with pytest.raises(SystemExit):
            make_parser().parse_args([flag, wrong])
        assert f"expected a whole number of at least {least}, found '{wrong}'" in capsys.readouterr().err


def test_only_magnitude_networks_take_another_loss():
    assert settings.config("network.type=amag_v2", "objective.loss=mae").objective.loss == "mae"
    for name in ("phasenet", "magnet"):
        assert settings.config(f"network.type={name}").objective.loss == "published"
        with pytest.raises(settings.ConfigError, match=f"of model type {name} can only be 'published'; found 'mae'"):
            settings.config(f"network.type={name}", "objective.loss=mae")


def test_pickers_take_records_of_any_magnitude():
    assert settings.config("network.type=phasenet").data.magnitude_types == "all"
    assert settings.config("network.type=phasenet_mag").data.magnitude_types == ""
    assert settings.config("network.type=phasenet_mag", "data.magnitude_types='ML,Md'").data.magnitude_types == "ML,Md"
    with pytest.raises(settings.ConfigError, match="which a picker does not need; found 'ML' for phasenet"):
        settings.config("network.type=phasenet", "data.magnitude_types=ML")
