"""Settings of the chapter. The defaults are the paper preset: the published network and recipe on synthetic data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.checks import single_precision, within
from quakebook.training.config import ConfigError, TrainingConfig, compose

#: Methods that train the network, by the rule that makes the shared gradient; then those that do not train.
TRAINED = ("cw", "nash", "bugfinv", "upgrad", "cagrad", "imtl_g", "aligned_mtl", "mgda", "pcgrad", "dual_proj",
           "famo", "uncertainty")
UNTRAINED = ("lbfgs", "initial")
#: Name of the model that is made on the spot.
SYNTHETIC = "synthetic:elastic"
Method = Literal["cw", "nash", "bugfinv", "upgrad", "cagrad", "imtl_g", "aligned_mtl", "mgda", "pcgrad", "dual_proj",
                 "famo", "uncertainty", "lbfgs", "initial"]


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
class PhysicsConfig:
    """Semi-supervised term. "auto": on for constant weights, Nash and the other solvers, off for BUGFInv.

    `weight` multiplies it for BUGFInv, which has no place for a loss without labels: its plain gradient is added.
    """

    mode: Literal["auto", "on", "reference", "off"] = "auto"
    factor: float = 20.0
    weight: float = 1.0

    def __post_init__(self) -> None:
        within("objective.physics", self, factor="(0, 1e6]", weight="[0, 1e6]")


@dataclass(frozen=True)
class BayesConfig:
    """BUGFInv's numbers (README's defaults) and the prior variance of the posterior heads.

    `sqrt_power` 0 gives all tasks the same weight, with everything else as it is.
    """

    gamma: float = 0.001
    obs_noise: float = 1.0
    sqrt_power: float = 1.0
    min_var: float = 1e-8
    model_bias: bool = True
    warmup_steps: int = 0
    heads_prior: float = 1e3

    def __post_init__(self) -> None:
        within("objective.bayes", self, gamma="(0, 1e12]", obs_noise="(0, 1e12]", sqrt_power="[0, 10]",
               min_var="(0, 1]", warmup_steps="[0, 1e9]", heads_prior="(0, 1e12]")


@dataclass(frozen=True)
class SolverConfig:
    """Gradient solvers: where the task gradients are taken, and Nash's clip.

    `unit_norm` scales all gradients of a step so that the shared one has norm 1, as Nash's has; for every method.
    """

    on: Literal["parameters", "features"] = "parameters"
    max_norm: float = 1.0
    update_weights_every: int = 1
    unit_norm: bool = False

    def __post_init__(self) -> None:
        within("objective.solver", self, max_norm="(0, 1e12]", update_weights_every="[1, 1e6]")


@dataclass(frozen=True)
class ObjectiveConfig:
    """What is minimised: the loss of a task, and how three task gradients become one.

    `method` names the rule (or "lbfgs" and "initial", which train no network), `task_weights` are those of constant
    weights ("cw").
    """

    method: Method = "bugfinv"
    loss: Literal["mse", "andrews", "andrews_continuous"] = "mse"
    task_weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    physics: PhysicsConfig = field(default_factory=PhysicsConfig)
    bayes: BayesConfig = field(default_factory=BayesConfig)
    solver: SolverConfig = field(default_factory=SolverConfig)

    def __post_init__(self) -> None:
        within("objective", self, task_weights="[0, 1e6]")

    @property
    def physics_mode(self) -> str:
        """ "on", "reference" or "off", with "auto" resolved."""
        if self.physics.mode != "auto":
            return self.physics.mode
        return "off" if self.method == "bugfinv" else "on"


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
