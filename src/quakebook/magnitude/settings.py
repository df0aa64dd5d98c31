"""Configuration of the chapter: one frozen tree, the README's values as defaults, presets counted in steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quakebook.training.checks import single_precision, within
from quakebook.training.config import ConfigError, TrainingConfig, compose

from .model_types import complete, lookup
from .network_settings import NetworkConfig, model_options

__all__ = ["KINDS", "PRESETS", "Config", "DataConfig", "EvaluationConfig", "NetworkConfig", "ObjectiveConfig",
           "OptimiserConfig", "READOUTS", "config", "model_options", "resolve"]

#: Learning rate schedules.
KINDS = ("plateau", "one_cycle", "constant")
#: Ways to read one magnitude off a magnitude per sample.
READOUTS = ("post_p_mean", "post_p_median", "last_5s", "final_half", "max")


@dataclass(frozen=True)
class DataConfig:
    """Records and batches.

    Attributes
    ----------
    name : str
        ``synthetic:PRESET``, a SeisBench data set by class name, or a folder.
    records : int
        How many synthetic records are made; of a real set at most so many, drawn at random. 0: 50,000 synthetic
        records, all of a real set.
    seed : int
        Of the synthetic records.
    batch_size : int, optional
        Windows per step; not given: the published number of the model type.
    magnitude_types : str
        Comma list, "all", or empty: one kind only.
    accelerometers : bool
        Also use records of accelerometers, whose gain is per m/s2: no ground velocity.
    """

    name: str = "synthetic:magnitude"
    records: int = 0
    seed: int = 1
    batch_size: int | None = None
    magnitude_types: str = ""
    accelerometers: bool = False

    def __post_init__(self) -> None:
        within("data", self, records="[0, 1e9]", seed="[0, 1e15]", batch_size="[1, 1e6]")


@dataclass(frozen=True)
class ObjectiveConfig:
    """What is minimised: the published loss of the model type, or another one for the magnitude networks."""

    loss: Literal["published", "mse", "mae"] = "published"


@dataclass(frozen=True)
class OptimiserConfig:
    """How weights are improved; None stands for the value of the model type."""

    name: str | None = None  # adam, adamw, sgd
    lr: float | None = None
    weight_decay: float | None = None
    schedule: str | None = None  # plateau, one_cycle, constant
    warmup_epochs: int | None = None  # 5 for magnitude models, 0 for pickers; honoured by plateau and constant
    scheduler_patience: int = 5
    plateau_factor: float = 0.5
    early_stopping_patience: int = 10
    epochs: int = 0  # passes over the training records; 0: training.steps counts
    save_every: int = 5  # keep the weights every so many epochs (0: only best and final)

    def __post_init__(self) -> None:
        within("optimiser", self, lr="[0, 100]", weight_decay="[0, 100]", warmup_epochs="[0, 1e6]",
               scheduler_patience="[0, 1e6]", plateau_factor="(0, 1]", early_stopping_patience="[0, 1e6]",
               epochs="[0, 1e6]", save_every="[0, 1e6]")


@dataclass(frozen=True)
class EvaluationConfig:
    """How a model is read and scored."""

    readout: str = "post_p_mean"
    threshold: float = 0.3
    batch_size: int = 64
    bootstrap: int = 1000

    def __post_init__(self) -> None:
        within("evaluation", self, threshold="[0, 1]", batch_size="[1, 1e6]", bootstrap="[0, 1e6]")
        if self.readout not in READOUTS:
            raise ConfigError(f"`evaluation.readout` must be one of {', '.join(READOUTS)}; found {self.readout!r}")


@dataclass(frozen=True)
class Config:
    """All that decides the result of a training of this chapter."""

    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(steps=6000, validate_every=300))

    def __post_init__(self) -> None:
        within("training", self.training, steps="[1, 1e9]")
        single_precision(self.training)


_QUICK = ["optimiser.schedule=one_cycle", "optimiser.save_every=0", "evaluation.bootstrap=200"]

#: Differences from the defaults. Steps are optimiser steps. `quick` is what a notebook trains on one core.
PRESETS: dict[str, list[str]] = {
    "smoke": [*_QUICK, "data.name=synthetic:tiny", "data.records=240", "data.batch_size=8", "training.steps=6",
              "training.validate_every=3"],
    "quick": [*_QUICK, "data.records=2600", "data.batch_size=32", "optimiser.lr=2e-3",
              "training.steps=400", "training.validate_every=80"],
    "paper": [],
    "reference_code": ["optimiser.epochs=5", "training.validate_every=0"],
}


def config(*overrides: str, preset: str = "paper") -> Config:
    """Compose a configuration and fill in what the model type decides.

    Parameters
    ----------
    *overrides : str
        ``key=value``, for example ``"network.type=amag_v2"``; an unknown key is an error that lists what exists.
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
        entry = lookup(raw.network.type)
        given = {name: value for name, value in vars(raw.network).items() if name != "type" and value is not None}
        options = complete(entry.name, given)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    if raw.objective.loss != "published" and entry.family != "magnitude":
        raise ConfigError(f"`objective.loss` of model type {entry.name} can only be 'published'; found "
                          f"{raw.objective.loss!r}")
    if entry.family == "phase" and raw.data.magnitude_types not in ("", "all"):
        raise ConfigError(f"`data.magnitude_types` chooses records by their magnitude, which a picker does not need; "
                          f"found {raw.data.magnitude_types!r} for {entry.name}")
    types = "all" if entry.family == "phase" else raw.data.magnitude_types
    wanted = raw.optimiser
    optimiser = replace(
        wanted, name=wanted.name or entry.optimiser, weight_decay=_first(wanted.weight_decay, entry.weight_decay),
        lr=_first(wanted.lr, entry.learning_rate_of_code if of_code else entry.learning_rate),
        warmup_epochs=_first(wanted.warmup_epochs, 0 if entry.family == "phase" else 5),
        schedule=wanted.schedule or ("constant" if entry.family == "phase" else "plateau"))
    _check_words(optimiser)
    batch_size = _first(raw.data.batch_size, entry.batch_size_of_code if of_code else entry.batch_size)
    return replace(raw, network=NetworkConfig(type=entry.name, **options), optimiser=optimiser,
                   data=replace(raw.data, batch_size=batch_size or 1, magnitude_types=types),
                   training=replace(raw.training, clip_norm=_first(raw.training.clip_norm, entry.clip_norm)))


def _first(value: Any, default: Any) -> Any:
    return default if value is None else value


def _check_words(optimiser: OptimiserConfig) -> None:
    for name, choices in (("name", ("adam", "adamw", "sgd")), ("schedule", KINDS)):
        if getattr(optimiser, name) not in choices:
            raise ConfigError(f"`optimiser.{name}` must be one of {', '.join(choices)}; found "
                              f"{getattr(optimiser, name)!r}")
