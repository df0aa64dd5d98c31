"""Settings of the chapter. The defaults are the published calorimeter settings, on embedded events."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.config import ConfigError, TrainingConfig, compose

#: (channels, height, width) of A0, A1 and B.
Shapes = tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]


def within(node: str, settings: object, **bounds: tuple[float, float]) -> None:
    """Refuse values outside [low, high], and those that are not finite."""
    for name, (low, high) in bounds.items():
        value = getattr(settings, name)
        if not (math.isfinite(value) and low <= value <= high):
            bound = f"at least {low:g}" if math.isinf(high) else f"from {low:g} to {high:g}"
            raise ConfigError(f"`{node}.{name}` must be {bound}; found {value}")


def positive(node: str, name: str, values: tuple[int, ...]) -> None:
    """Refuse an empty list of sizes and sizes below 1."""
    if not values or min(values) < 1:
        raise ConfigError(f"`{node}.{name}` must list sizes of at least 1; found {list(values)}")


@dataclass(frozen=True)
class DataConfig:
    """Three unpaired domains and batches.

    Attributes
    ----------
    name : str
        ``synthetic:small`` and other calorimeter presets, ``synthetic:digits``, ``synthetic:spectrograms``, or a folder
        with SPLIT/DOMAIN.h5 files, or with image folders SPLIT/cat and SPLIT/dog.
    records : int
        Images of each domain for training. Embedded data: how many are made; a folder: at most so many, 0 = all.
    dev_records : int
        Mixtures with their truth for evaluation, counted in the same way.
    seed : int
        Of the embedded data, for all training seeds the same.
    batch_size : int
        Images of each domain per step.
    """

    name: str = "synthetic:small"
    records: int = 20_000
    dev_records: int = 4_000
    seed: int = 0
    batch_size: int = 4

    def __post_init__(self) -> None:
        within("data", self, records=(0, math.inf), dev_records=(0, math.inf), seed=(0, 2**31 - 1),
               batch_size=(1, math.inf))


@dataclass(frozen=True)
class NetworkConfig:
    """Generators (ViT-ModNet) and critics.

    Attributes
    ----------
    levels : tuple of int
        Features of the U-Net levels; images are halved once a level.
    positions : {"published", "rows"}
        Coordinates of the tokens: as the authors' program numbers them, or row by row.
    critic : {"resnet", "n_layers"}
    critic_levels : tuple of int
        Features of the critic; it halves the image between levels (resnet) or in each (n_layers).
    critic_blocks : int
        Residual blocks a level; 0 for n_layers, which has none.
    head : str
        What scores the critic's body: idt (nothing), or a head that looks at the whole batch.
    """

    features: int = 384
    heads: int = 6
    blocks: int = 12
    feed_forward: int = 1536
    embed: int = 384
    levels: tuple[int, ...] = (96, 192, 384)
    extra_tokens: int = 1
    level_norm: Literal["none", "batch", "instance"] = "none"
    level_rezero: bool = False
    rezero: bool = True
    style_rezero: bool = True
    style_bias: bool = True
    demodulate: bool = True
    output: Literal["none", "sigmoid", "tanh"] = "none"
    positions: Literal["published", "rows"] = "published"
    critic: Literal["resnet", "n_layers"] = "resnet"
    critic_levels: tuple[int, ...] = (64, 128, 256, 512)
    critic_blocks: int = 3
    critic_norm: Literal["none", "batch", "instance"] = "batch"
    spectral_norm: bool = True
    head: Literal["idt", "batch-norm-1d", "batch-norm-2d", "batch-stdev", "batch-atten", "simple-average"] = "idt"

    def __post_init__(self) -> None:
        positive("network", "levels", self.levels)
        positive("network", "critic_levels", self.critic_levels)
        within("network", self, features=(1, math.inf), heads=(1, math.inf), blocks=(0, math.inf),
               feed_forward=(1, math.inf), embed=(1, math.inf), extra_tokens=(1, math.inf))
        if self.features % self.heads:
            raise ConfigError(f"`network.features` must be divisible by `network.heads`; found {self.features} and "
                              f"{self.heads}")
        if self.critic == "n_layers" and self.critic_blocks:
            raise ConfigError("`network.critic_blocks` must be 0 for critic n_layers, which has no residual blocks; "
                              f"found {self.critic_blocks}")
        if self.critic == "resnet" and self.critic_blocks < 1:
            raise ConfigError(f"`network.critic_blocks` must be at least 1 for critic resnet; found "
                              f"{self.critic_blocks}")


@dataclass(frozen=True)
class ObjectiveConfig:
    """What is minimised.

    Attributes
    ----------
    method : {"full", "identity", "regression", "paired", "uvcgan2"}
        full: adversaries, cycles and identities. identity: only the absolute error of splitting sums of independent
        draws (no critics). regression: their squared error, in one pass over the data. paired: the absolute error
        on mixtures whose truth is known, an upper bound. uvcgan2: the two-domain cycle between signal and mixture.
    adversarial_*, cycle_*, identity_aa, identity_bb : float
        Weights lambda of the paper, before its factors of one half.
    with_cycle : bool
        False leaves out the cycle terms; their weights still scale the identities.
    sum_scale : float
        The split of a sum is trained on ``sum_scale * (a0 + a1)``: 1 is the published plain sum, 0.5 tells the
        method that mixtures are blends of one half.
    warm_steps : int
        Steps at the start that train identity_aa alone; 0 as published.
    penalty : float
        Weight of the gradient penalty; 0 leaves it out.
    penalty_period : int
        Penalty gradients are computed every (period + 1)th step and replayed between.
    norm : {"none", "log", "symlog", "scale"}
        Between image and network. log: ln(x + bias).
    norm_loss, norm_critic : bool
        Take absolute errors, or let the critics look, in normalised values.
    queue : int
        Earlier images that a head sees; needs a head.
    """

    method: Literal["full", "identity", "regression", "paired", "uvcgan2"] = "full"
    gan: Literal["hinge", "lsgan", "wgan", "softplus", "bce", "vanilla"] = "hinge"
    adversarial_a0: float = 1.0
    adversarial_a1: float = 1.0
    adversarial_b: float = 1.0
    cycle_a0: float = 10.0
    cycle_a1: float = 100.0
    cycle_b: float = 10.0
    identity_aa: float = 0.5
    identity_bb: float = 0.5
    with_cycle: bool = True
    sum_scale: float = 1.0
    warm_steps: int = 0
    penalty: float = 0.01
    penalty_center: float = 0.0
    penalty_mix: Literal["real", "fake", "real-fake", "real-or-fake"] = "real-fake"
    penalty_reduction: Literal["mean", "sum"] = "mean"
    penalty_period: int = 0
    norm: Literal["none", "log", "symlog", "scale"] = "log"
    norm_bias: float = 0.1
    norm_scale: float = 1.0
    norm_threshold: float = 1.0
    norm_loss: bool = False
    norm_critic: bool = False
    queue: int = 0

    def __post_init__(self) -> None:
        weights = [name for name in vars(self) if name.split("_")[0] in ("adversarial", "cycle", "identity")]
        within("objective", self, **dict.fromkeys(weights, (0.0, math.inf)), warm_steps=(0, math.inf),
               penalty=(0, math.inf), penalty_center=(0, math.inf), penalty_period=(0, math.inf), queue=(0, math.inf),
               norm_bias=(1e-6, math.inf), norm_scale=(1e-6, math.inf), norm_threshold=(1e-6, math.inf),
               sum_scale=(1e-6, math.inf))
        self._refuse_idle()

    def _refuse_idle(self) -> None:
        used = {"norm_bias": ("log",), "norm_scale": ("symlog", "scale"), "norm_threshold": ("symlog",)}
        for name, kinds in used.items():
            default = type(self).__dataclass_fields__[name].default
            if getattr(self, name) != default and self.norm not in kinds:
                raise ConfigError(f"`objective.{name}` belongs to norm {' and '.join(kinds)}; found norm {self.norm}")
        if self.norm == "none" and (self.norm_loss or self.norm_critic):
            raise ConfigError("`objective.norm_loss` and `objective.norm_critic` need a norm; found norm none")
        if self.warm_steps and self.method != "full":
            raise ConfigError(f"`objective.warm_steps` belongs to method full; found method {self.method}")


@dataclass(frozen=True)
class OptimiserConfig:
    """Adam of both sides; the published rate rises from a hundredth over 32 epochs of 2000 steps, once an epoch.

    `warmup_steps` and `epoch_steps` belong to schedule linear.
    """

    name: Literal["adam", "adamw"] = "adam"
    lr: float = 5e-5
    critic_lr: float = 5e-5
    weight_decay: float = 0.0
    beta1: float = 0.5
    beta2: float = 0.99
    schedule: Literal["constant", "linear"] = "linear"
    warmup_steps: int = 64_000
    epoch_steps: int = 2_000
    start_factor: float = 0.01

    def __post_init__(self) -> None:
        within("optimiser", self, lr=(0.0, math.inf), critic_lr=(0.0, math.inf), weight_decay=(0.0, math.inf),
               warmup_steps=(0, math.inf), epoch_steps=(1, math.inf), start_factor=(0.0, 1.0))
        for name in ("beta1", "beta2"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"`optimiser.{name}` must lie in [0, 1); found {getattr(self, name)}")


@dataclass(frozen=True)
class EvaluationConfig:
    """Mixtures translated at a time."""

    batch_size: int = 64

    def __post_init__(self) -> None:
        within("evaluation", self, batch_size=(1, math.inf))


@dataclass(frozen=True)
class UvcganConfig:
    """All settings of one run."""

    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(
        steps=800_000, seed=0, ema_decay=0.9999, clip_norm=0.5, checkpoint_every=10_000))

    def __post_init__(self) -> None:
        objective, training = self.objective, self.training
        if (objective.queue > 0) != (self.network.head != "idt"):
            raise ConfigError("`objective.queue` and a `network.head` other than idt need each other; found queue "
                              f"{objective.queue} and head {self.network.head}")
        if training.strategy != "auto" or training.devices * training.num_nodes > 1:
            raise ConfigError("this chapter trains on one device: a critic's penalty needs second derivatives, which "
                              f"distributed wrappers do not take; found strategy {training.strategy}, "
                              f"{training.devices} devices, {training.num_nodes} nodes")
        if training.precision == "16-mixed":
            raise ConfigError("`training.precision` 16-mixed cannot scale the gradient penalty; use bf16-mixed, "
                              "32-true or 64-true")
        if training.capture and (objective.queue or objective.penalty_period or objective.warm_steps):
            raise ConfigError("`training.capture` needs steps that are all alike: objective.queue, "
                              "objective.penalty_period and objective.warm_steps must be 0")


_SMALL = ["network.features=48", "network.heads=4", "network.blocks=1", "network.feed_forward=96", "network.embed=48",
          "network.levels=[16,32,48]", "network.critic_levels=[8,16,32,64]", "network.critic_blocks=1"]
_DIGITS = ["data.name=synthetic:digits", "data.records=0", "objective.norm=none", "objective.cycle_a1=10",
           "objective.penalty=0.1", "optimiser.lr=1e-3", "optimiser.critic_lr=1e-3", "optimiser.schedule=constant",
           "data.batch_size=8"]

#: Overrides of each preset: seconds, a few CPU minutes (the digits), and the published settings (one GPU).
PRESETS: dict[str, list[str]] = {
    "smoke": [*_SMALL, *_DIGITS, "network.levels=[8,16]", "network.features=16", "network.critic_levels=[4,8]",
              "data.dev_records=16", "training.steps=3", "training.ema_decay=0.5", "training.log_every=1",
              "training.checkpoint_every=2", "training.validate_every=2"],
    "quick": [*_SMALL, *_DIGITS, "data.dev_records=200", "objective.warm_steps=800", "training.steps=2000",
              "training.ema_decay=0.995", "training.validate_every=250", "training.checkpoint_every=500"],
    "paper": [],
}


def config(*overrides: str, preset: str | None = "paper") -> UvcganConfig:
    """Settings from a preset and ``key=value`` overrides, checked."""
    return compose(UvcganConfig, PRESETS, list(overrides), preset=preset)
