"""Settings of the chapter. The defaults are the paper preset: the published network and recipe on synthetic data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.checks import single_precision, within
from quakebook.training.config import ConfigError, TrainingConfig, compose

from .objective_settings import TRAINED, UNTRAINED, BayesConfig, ObjectiveConfig, PhysicsConfig, SolverConfig

__all__ = ["PRESETS", "SYNTHETIC", "TRAINED", "UNTRAINED", "BUGFInvConfig", "BayesConfig", "DataConfig",
           "EvaluationConfig", "NetworkConfig", "ObjectiveConfig", "OptimiserConfig", "PhysicsConfig", "SolverConfig",
           "config"]

#: Name of the model that is made on the spot.
SYNTHETIC = "synthetic:elastic"


@dataclass(frozen=True)
class DataConfig:
    """Model, gathers and wells.

    Attributes
    ----------
    name : str
        "synthetic:elastic", or the path of an elastic model (see `quakebook.data.elastic.files.load_model`).
    shape : inlines, crosslines, samples
        Of the synthetic model.
    file_shape : tuple of int
        Shape of flat binaries, e.g. (500, 174).
    dt_s : float
        Time step; models in depth are resampled to it.
    dz_m : float
        Depth step of a model in depth; 0 for models in time. Overthrust brings its own, 25 m.
    byte_order : {"little", "big"}
        Of flat binaries.
    every : int
        Keep every so-many-th inline and crossline of a model from files (4 makes 201 x 201 traces of Overthrust).
    seed : int
        Of the synthetic model and of the noise; the same for all training seeds.
    wavelet, snr_db, zoeppritz, phase_deg, frequency_error, resolution_ratio
        See `survey.Recording`. `snr_db` None: no noise.
    """

    name: str = SYNTHETIC
    shape: tuple[int, int, int] = (200, 200, 360)
    file_shape: tuple[int, ...] = ()
    dt_s: float = 0.001
    dz_m: float = 0.0
    byte_order: Literal["little", "big"] = "little"
    every: int = 1
    seed: int = 0
    n_wells: int = 24
    n_unlabelled: int = 101
    wavelet: Literal["ricker", "ormsby"] = "ricker"
    snr_db: float | None = 15.0
    zoeppritz: bool = False
    phase_deg: float = 0.0
    frequency_error: float = 0.0
    resolution_ratio: int = 1

    def __post_init__(self) -> None:
        within("data", self, shape="[1, 1e5]", file_shape="[1, 1e7]", dt_s="[1e-5, 0.1]", dz_m="[0, 1000]",
               every="[1, 1000]",
               seed="[0, 1e15]", n_wells="[2, 1e6]", n_unlabelled="[0, 1e9]", snr_db="[-60, 200]",
               phase_deg="[-360, 360]", frequency_error="(-1, 1]", resolution_ratio="[1, 64]")
        if self.name.startswith("synthetic") and self.name != SYNTHETIC:
            raise ConfigError(f"`data.name` must be {SYNTHETIC!r} or the path of an elastic model; found {self.name!r}")


@dataclass(frozen=True)
class NetworkConfig:
    """Widths of the network (defaults: 1 497 483 parameters); `lowfreq_input` adds the initial model as 3 channels."""

    channels: tuple[int, ...] = (90, 180, 180, 90)
    regression: tuple[int, ...] = (128, 128, 64, 64)
    dropout: float = 0.2
    init: Literal["default", "normal"] = "default"
    lowfreq_input: bool = False

    def __post_init__(self) -> None:
        within("network", self, channels="[1, 4096]", regression="[1, 4096]", dropout="[0, 1)")
        for name in ("channels", "regression"):
            if len(getattr(self, name)) != 4:
                raise ConfigError(f"`network.{name}` must hold 4 widths; found {list(getattr(self, name))}")


@dataclass(frozen=True)
class OptimiserConfig:
    """Adam as published; `pretrain_low` steps first fit the initial model on all traces (0: not).

    `pretrain_low` 50 is this book's choice: the published training starts from such a state, made in an unknown way.
    """

    lr: float = 1e-3
    weight_decay: float = 1e-4
    pretrain_low: int = 50

    def __post_init__(self) -> None:
        within("optimiser", self, lr="[0, 100]", weight_decay="[0, 100]", pretrain_low="[0, 1e9]")


@dataclass(frozen=True)
class EvaluationConfig:
    """How the trained network is applied: traces that are inverted together."""

    batch_size: int = 256

    def __post_init__(self) -> None:
        within("evaluation", self, batch_size="[1, 1e6]")


@dataclass(frozen=True)
class BUGFInvConfig:
    """All settings of one inversion."""

    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(steps=500, seed=0, validate_every=25,
                                                                            log_every=5))

    def __post_init__(self) -> None:
        if self.training.strategy != "auto" or self.training.devices != 1 or self.training.num_nodes != 1:
            raise ConfigError("this chapter trains on one device: the gradients of three tasks are fused before they "
                              "reach the parameters, which distributed strategies do not see")
        single_precision(self.training)
        if self.training.precision == "16-mixed" or self.training.capture:
            raise ConfigError("`training.precision` 16-mixed and `training.capture` do not work with fused gradients; "
                              "use 32-true or bf16-mixed")


_SMALL = ["network.channels=[24,48,48,24]", "network.regression=[32,32,32,32]", "data.shape=[48,48,160]",
          "data.dt_s=0.002", "data.n_unlabelled=48", "objective.physics.mode=off", "optimiser.pretrain_low=0"]

#: Overrides of each preset: seconds, about a minute a method on one core, and the published settings (one GPU).
PRESETS: dict[str, list[str]] = {
    "smoke": [*_SMALL, "data.shape=[12,10,48]", "data.dt_s=0.004", "data.n_wells=6", "network.channels=[8,8,8,8]",
              "network.regression=[8,8,8,8]", "training.steps=4", "training.validate_every=2", "training.log_every=1"],
    "quick": _SMALL,
    "paper": [],
}


def config(*overrides: str, preset: str | None = "paper") -> BUGFInvConfig:
    """Settings from a preset and ``key=value`` overrides, checked."""
    return compose(BUGFInvConfig, PRESETS, list(overrides), preset=preset)
