"""Configuration of the chapter: one frozen tree, the README's values as defaults, presets counted in steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from quakebook.training.config import ConfigError, TrainingConfig, compose

from .model_types import MODEL_TYPES, complete, lookup


@dataclass(frozen=True)
class ModelConfig:
    """Model type and its options; None stands for the published default of the type."""

    type: str = "phasenet_mag"
    filter_factor: int | None = None
    norm: str | None = None
    phases: str | None = None
    sampling_rate: float | None = None
    amplitude: str | None = None
    label_offset: float | None = None
    output_scale: float | None = None
    dropout: float | None = None
    drop_rate: float | None = None
    lstm_hidden_size: int | None = None
    lstm_num_layers: int | None = None
    lstm_bidirectional: bool | None = None
    convlstm_hidden: int | None = None
    variant: str | None = None
    lstm_hidden: int | None = None
    lstm_layers: int | None = None
    arch: str | None = None
    head: str | None = None
    n_class: int | None = None
    cnn_blocks: int | None = None
    lstm_blocks: int | None = None
    transformer_d_model: int | None = None
    transformer_nhead: int | None = None
    transformer_num_encoder_layers: int | None = None
    transformer_dim_feedforward: int | None = None


@dataclass(frozen=True)
class DataConfig:
    """SYNTHETIC records, a SeisBench data set by class name, or a folder."""

    name: str = "SYNTHETIC"
    preset: str = "magnitude"
    records: int = 50_000
    seed: int = 1
    limit: int = 0  # at most so many records of a real set; 0: all
    magnitude_types: str = ""  # comma list, "all", or empty: one kind only
    accelerometers: bool = False  # their gain is per m/s2: no ground velocity


@dataclass(frozen=True)
class OptimisationConfig:
    """How weights are improved; None stands for the value of the model type."""

    optimiser: str | None = None  # adam, adamw, sgd
    learning_rate: float | None = None
    batch_size: int | None = None
    weight_decay: float | None = None
    clip_norm: float | None = None
    schedule: str | None = None  # plateau, one_cycle, constant
    warmup_epochs: int | None = None  # 5 for magnitude models, 0 for pickers; honoured by plateau and constant
    scheduler_patience: int = 5
    plateau_factor: float = 0.5
    early_stopping_patience: int = 10
    epochs: int = 0  # passes over the training records; 0: training.steps counts
    save_every: int = 5  # keep the weights every so many epochs (0: only best and final)


@dataclass(frozen=True)
class EvaluationConfig:
    """How a model is read and scored."""

    readout: str = "post_p_mean"
    threshold: float = 0.3
    batch_size: int = 64
    bootstrap: int = 1000


@dataclass(frozen=True)
class Config:
    """All that decides the result of a training of this chapter."""

    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    optimisation: OptimisationConfig = field(default_factory=OptimisationConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(steps=6000, validate_every=300))


_QUICK = ["optimisation.schedule=one_cycle", "optimisation.save_every=0", "evaluation.bootstrap=200"]

#: Differences from the defaults. Steps are optimiser steps. `quick` is what a notebook trains on one core.
PRESETS: dict[str, list[str]] = {
    "smoke": [*_QUICK, "data.preset=tiny", "data.records=240", "optimisation.batch_size=8", "training.steps=6",
              "training.validate_every=3"],
    "quick": [*_QUICK, "data.records=2600", "optimisation.batch_size=32", "optimisation.learning_rate=2e-3",
              "training.steps=400", "training.validate_every=80"],
    "paper": [],
    "reference_code": ["optimisation.epochs=5", "training.validate_every=0"],
}


def config(*overrides: str, preset: str = "paper") -> Config:
    """Compose a configuration and fill in what the model type decides.

    Parameters
    ----------
    *overrides : str
        ``key=value``, for example ``"model.type=amag_v2"``; an unknown key is an error that lists what exists.
    preset : {"smoke", "quick", "paper", "reference_code"}
        ``reference_code`` takes learning rate and batch size from the published code instead of its README.
    """
    given = [item for item in overrides if not item.startswith("preset=")]
    named = [item.partition("=")[2] for item in overrides if item.startswith("preset=")]
    preset = named[-1] if named else preset
    raw = compose(Config, PRESETS, given, preset=preset)
    return resolve(raw, of_code=preset == "reference_code")


def resolve(raw: Config, of_code: bool = False) -> Config:
    """Replace every None by the value it stands for and refuse options of another model type."""
    try:
        entry = lookup(raw.model.type)
        given = {name: value for name, value in vars(raw.model).items() if name != "type" and value is not None}
        options = complete(entry.name, given)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    wanted = raw.optimisation
    filled = {
        "optimiser": wanted.optimiser or entry.optimiser,
        "learning_rate": _first(wanted.learning_rate, entry.learning_rate_of_code if of_code else entry.learning_rate),
        "batch_size": _first(wanted.batch_size, entry.batch_size_of_code if of_code else entry.batch_size),
        "weight_decay": _first(wanted.weight_decay, entry.weight_decay),
        "clip_norm": _first(wanted.clip_norm, entry.clip_norm),
        "warmup_epochs": _first(wanted.warmup_epochs, 0 if entry.family == "phase" else 5),
        "schedule": wanted.schedule or ("constant" if entry.family == "phase" else "plateau"),
    }
    _check_words(filled)
    return replace(raw, model=ModelConfig(type=entry.name, **options), optimisation=replace(wanted, **filled))


def model_options(model: ModelConfig) -> dict[str, Any]:
    """Options of the chosen type, ready for `quakebook.magnitude.build`."""
    return {option.name: getattr(model, option.name) for option in MODEL_TYPES[model.type].options}


def _first(value: Any, default: Any) -> Any:
    return default if value is None else value


def _check_words(filled: dict[str, Any]) -> None:
    for name, choices in (("optimiser", ("adam", "adamw", "sgd")), ("schedule", KINDS)):
        if filled[name] not in choices:
            raise ConfigError(f"optimisation.{name} must be one of {', '.join(choices)}; found {filled[name]!r}")


KINDS = ("plateau", "one_cycle", "constant")
