"""Settings of losses, optimisers and evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quakebook.training.checks import within
from quakebook.training.config import ConfigError


@dataclass(frozen=True)
class ObjectiveConfig:
    """What is minimised.

    Attributes
    ----------
    method : {"full", "identity", "regression", "paired", "uvcgan2", "flow"}
        full: adversaries, cycles and identities. identity: only the absolute error of splitting sums of independent
        draws (no critics). regression: their squared error, in one pass over the data. paired: the absolute error
        on mixtures whose truth is known, an upper bound. uvcgan2: the two-domain cycle between signal and mixture.
        flow: a flow from mixtures to backgrounds, the signal is what is left of the mixture.
    adversarial_*, cycle_*, identity_aa, identity_bb : float
        Weights lambda of the paper, before its factors of one half.
    with_cycle : bool
        False leaves out the cycle terms; their weights still scale the identities.
    sum_scale : float
        The split of a sum is trained on ``sum_scale * (a0 + a1)``: 1 is the published plain sum, 0.5 tells the
        method that mixtures are blends of one half. Method flow takes mixtures for such sums.
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

    method: Literal["full", "identity", "regression", "paired", "uvcgan2", "flow"] = "full"
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
        least = ("warm_steps", "penalty", "penalty_center", "penalty_period", "queue")
        above = ("norm_bias", "norm_scale", "norm_threshold", "sum_scale")
        within("objective", self, **dict.fromkeys([*weights, *least], "[0, 1e9]"), **dict.fromkeys(above, "(0, 1e9]"))
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
        within("optimiser", self, lr="[0, 100]", critic_lr="[0, 100]", weight_decay="[0, 1e9]", beta1="[0, 1)",
               beta2="[0, 1)", warmup_steps="[0, 1e9]", epoch_steps="[1, 1e9]", start_factor="[0, 1]")
        for name in ("warmup_steps", "epoch_steps", "start_factor"):
            default = type(self).__dataclass_fields__[name].default
            if self.schedule == "constant" and getattr(self, name) != default:
                raise ConfigError(f"`optimiser.{name}` belongs to schedule linear; found schedule constant")


@dataclass(frozen=True)
class EvaluationConfig:
    """Mixtures translated at a time."""

    batch_size: int = 64

    def __post_init__(self) -> None:
        within("evaluation", self, batch_size="[1, 1e9]")
