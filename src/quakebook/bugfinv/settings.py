"""Settings of the chapter. The defaults are the paper preset: the published network and recipe on synthetic data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.config import ConfigError, TrainingConfig, compose

#: Methods that train the network, by the rule that makes the shared gradient; then those that do not train.
TRAINED = ("cw", "nash", "bugfinv", "upgrad", "cagrad", "imtl_g", "aligned_mtl", "mgda", "pcgrad", "dual_proj")
UNTRAINED = ("lbfgs", "initial")
Method = Literal["cw", "nash", "bugfinv", "upgrad", "cagrad", "imtl_g", "aligned_mtl", "mgda", "pcgrad", "dual_proj",
                 "lbfgs", "initial"]


@dataclass(frozen=True)
class DataConfig:
    """Model, gathers and wells.

    Attributes
    ----------
    source : str
        "synthetic", or the path of an elastic model (see `files.load_model`).
    shape : inlines, crosslines, samples
        Of the synthetic model.
    file_shape : tuple of int
        Shape of flat binaries, e.g. (500, 174).
    dt_s : float
        Time step; models in depth are resampled to it.
    dz_m : float
        Depth step of a model in depth; 0 for models in time.
    seed : int
        Of the synthetic model and of the noise; the same for all training seeds.
    wavelet, snr_db, zoeppritz, phase_deg, frequency_error, resolution_ratio
        See `survey.Recording`. `snr_db` None: no noise.
    """

    source: str = "synthetic"
    shape: tuple[int, int, int] = (200, 200, 360)
    file_shape: tuple[int, ...] = ()
    dt_s: float = 0.001
    dz_m: float = 0.0
    seed: int = 0
    n_wells: int = 24
    n_unlabelled: int = 101
    wavelet: Literal["ricker", "ormsby"] = "ricker"
    snr_db: float | None = 15.0
    zoeppritz: bool = False
    phase_deg: float = 0.0
    frequency_error: float = 0.0
    resolution_ratio: int = 1


@dataclass(frozen=True)
class NetworkConfig:
    """Widths of the network (defaults: 1 497 483 parameters); `lowfreq_input` adds the initial model as 3 channels."""

    channels: tuple[int, ...] = (90, 180, 180, 90)
    regression: tuple[int, ...] = (128, 128, 64, 64)
    dropout: float = 0.2
    init: Literal["default", "normal"] = "default"
    lowfreq_input: bool = False


@dataclass(frozen=True)
class PhysicsConfig:
    """Semi-supervised term. "auto": on for constant weights, Nash and the other solvers, off for BUGFInv.

    `weight` multiplies it for BUGFInv, which has no place for a loss without labels: its plain gradient is added.
    """

    mode: Literal["auto", "on", "reference", "off"] = "auto"
    factor: float = 20.0
    weight: float = 1.0


@dataclass(frozen=True)
class BayesConfig:
    """BUGFInv's numbers (README's defaults) and the prior variance of the posterior heads."""

    gamma: float = 0.001
    obs_noise: float = 1.0
    sqrt_power: float = 1.0
    min_var: float = 1e-8
    model_bias: bool = True
    warmup_steps: int = 0
    heads_prior: float = 1e3


@dataclass(frozen=True)
class SolverConfig:
    """Gradient solvers: where the task gradients are taken, and Nash's clip.

    `unit_norm` scales the gradients of constant weights so that the shared one has norm 1 at every step, as Nash's has.
    """

    on: Literal["parameters", "features"] = "parameters"
    max_norm: float = 1.0
    update_weights_every: int = 1
    unit_norm: bool = False


@dataclass(frozen=True)
class OptimiserConfig:
    """Adam as published; `pretrain_low` steps first fit the initial model on all traces (0: not)."""

    lr: float = 1e-3
    weight_decay: float = 1e-4
    pretrain_low: int = 50


@dataclass(frozen=True)
class BUGFInvConfig:
    """All settings of one inversion."""

    method: Method = "bugfinv"
    loss: Literal["mse", "andrews", "andrews_continuous"] = "mse"
    task_weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    physics: PhysicsConfig = field(default_factory=PhysicsConfig)
    bayes: BayesConfig = field(default_factory=BayesConfig)
    solver: SolverConfig = field(default_factory=SolverConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(steps=500, seed=0, validate_every=25,
                                                                            log_every=5))

    def __post_init__(self) -> None:
        if self.training.strategy != "auto" or self.training.devices != 1:
            raise ConfigError("this chapter trains on one device: the gradients of three tasks are fused before they "
                              "reach the parameters, which distributed strategies do not see")
        if self.training.precision == "16-mixed" or self.training.capture:
            raise ConfigError("`training.precision` 16-mixed and `training.capture` do not work with fused gradients; "
                              "use 32-true or bf16-mixed")

    @property
    def physics_mode(self) -> str:
        """ "on", "reference" or "off", with "auto" resolved."""
        if self.physics.mode != "auto":
            return self.physics.mode
        return "off" if self.method == "bugfinv" else "on"


_SMALL = ["network.channels=[24,48,48,24]", "network.regression=[32,32,32,32]", "data.shape=[48,48,160]",
          "data.dt_s=0.002", "data.n_unlabelled=48", "physics.mode=off", "optimiser.pretrain_low=0"]

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
