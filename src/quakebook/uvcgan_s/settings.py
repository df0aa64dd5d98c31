"""Settings of the chapter. The defaults are the published calorimeter settings, on embedded events."""

from __future__ import annotations

from dataclasses import dataclass, field

from quakebook.training.config import ConfigError, TrainingConfig, compose

from .settings_networks import DataConfig, NetworkConfig, Shapes
from .settings_objective import EvaluationConfig, ObjectiveConfig, OptimiserConfig

__all__ = ["PRESETS", "DataConfig", "EvaluationConfig", "NetworkConfig", "ObjectiveConfig", "OptimiserConfig",
           "Shapes", "UvcganConfig", "config"]


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
        if objective.warm_steps and self.optimiser.schedule != "constant":
            raise ConfigError("`objective.warm_steps` needs optimiser.schedule=constant: critics wait through them; "
                              f"found schedule {self.optimiser.schedule}")
        if objective.method == "flow" and (training.capture or self.network.output != "none"):
            raise ConfigError("`objective.method` flow pairs images on the host and answers velocities of either sign: "
                              "it needs training.capture=false and network.output=none")
        if training.strategy != "auto" or training.devices * training.num_nodes > 1:
            raise ConfigError("this chapter trains on one device: a critic's penalty needs second derivatives, which "
                              f"distributed wrappers do not take; found strategy {training.strategy}, "
                              f"{training.devices} devices, {training.num_nodes} nodes")
        if training.precision == "16-mixed":
            raise ConfigError("`training.precision` 16-mixed cannot scale the gradient penalty; use bf16-mixed, "
                              "32-true or 64-true")
        if training.compile and objective.penalty and objective.method in ("full", "uvcgan2"):
            raise ConfigError("`training.compile` cannot differentiate the gradient penalty twice; use "
                              "training.capture on CUDA, or objective.penalty=0")
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
              "data.records=100", "data.dev_records=16", "data.batch_size=4", "optimiser.schedule=linear",
              "optimiser.warmup_steps=4", "optimiser.epoch_steps=1", "training.steps=4", "training.ema_decay=0.9",
              "training.log_every=1", "training.checkpoint_every=2", "training.validate_every=2"],
    "quick": [*_SMALL, *_DIGITS, "data.dev_records=200", "objective.warm_steps=800", "training.steps=2000",
              "training.ema_decay=0.995", "training.validate_every=250", "training.checkpoint_every=500"],
    "paper": [],
}


def config(*overrides: str, preset: str | None = "paper") -> UvcganConfig:
    """Settings from a preset and ``key=value`` overrides, checked."""
    return compose(UvcganConfig, PRESETS, list(overrides), preset=preset)
