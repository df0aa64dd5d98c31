"""Settings of what is minimised: losses, the seismic term, and how three task gradients become one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.checks import within

#: Methods that train the network, by the rule that makes the shared gradient; then those that do not train.
TRAINED = ("cw", "nash", "bugfinv", "upgrad", "cagrad", "imtl_g", "aligned_mtl", "mgda", "pcgrad", "dual_proj",
           "famo", "uncertainty")
UNTRAINED = ("lbfgs", "initial")
Method = Literal["cw", "nash", "bugfinv", "upgrad", "cagrad", "imtl_g", "aligned_mtl", "mgda", "pcgrad", "dual_proj",
                 "famo", "uncertainty", "lbfgs", "initial"]


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
