"""Settings of the chapter. The defaults are the measured recipe for one GPU; presets are made for smaller machines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.checks import within
from quakebook.training.config import ConfigError, TrainingConfig, compose

from .nodes import DataConfig, NetworkConfig, ObjectiveConfig


@dataclass(frozen=True)
class OptimiserConfig:
    """AdamW; decay acts on matrices only. The rate rises linearly, then follows half a cosine down to a share."""

    name: Literal["adamw"] = "adamw"
    lr: float = 5e-4
    weight_decay: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.98
    eps: float = 1e-6
    schedule: Literal["cosine", "constant"] = "cosine"
    warmup_steps: int = 178
    min_lr_share: float = 0.02

    def __post_init__(self) -> None:
        within("optimiser", self, lr="[0, 1]", weight_decay="[0, 10]", beta1="[0, 0.99999]", beta2="[0, 0.99999]",
               eps="[1e-12, 1]", warmup_steps="[0, inf)", min_lr_share="[0, 1]")


@dataclass(frozen=True)
class EvaluationConfig:
    """What is measured after training.

    Attributes
    ----------
    batch_size : int
        Windows at once; changes no number beyond rounding.
    windows : int
        Held-out windows for gap, accuracy and code use during training; at most `data.dev_records`.
    probe : bool
        Score linear probes on the frozen features at the end.
    probe_records : int
        Records of the probes, other than those of the training; divided 60 / 15 / 25 % by event.
    """

    batch_size: int = 128
    windows: int = 1024
    probe: bool = True
    probe_records: int = 12_000

    def __post_init__(self) -> None:
        within("evaluation", self, batch_size="[1, inf)", windows="[2, inf)", probe_records="[40, inf)")


@dataclass(frozen=True)
class GP2VecConfig:
    """All settings of one run."""

    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(
        steps=1784, seed=0, clip_norm=1.0, validate_every=446, checkpoint_every=446))

    def __post_init__(self) -> None:
        within("training", self.training, steps="[1, inf)")
        if self.training.capture and self.network.layer_drop:
            raise ConfigError("`training.capture` records one step for all: it needs `network.layer_drop=0`; "
                              f"found {self.network.layer_drop}")
        if self.network.quantiser == "ema" and self.training.strategy in ("fsdp", "deepspeed"):
            raise ConfigError("the averaged codebook needs whole networks: give network.quantiser=gumbel with "
                              f"training.strategy={self.training.strategy}")
        if self.data.name.startswith(("shards:", "synthetic:caldera")) and self.evaluation.probe:
            raise ConfigError(f"{self.data.name} holds no labels for the probes; give evaluation.probe=false")
        if self.objective.cross_negatives and self.data.batch_size < 2:
            raise ConfigError("`objective.cross_negatives` needs `data.batch_size` of at least 2; found 1")


#: hz5 at 30 s windows: spans of 2 s.
_HZ5 = ["network.rate=hz5", "objective.mask_start_prob=0.065", "objective.mask_length=10"]

#: Overrides of each preset: seconds; the tiny averaged-codebook recipe of a few CPU minutes; one GPU.
PRESETS: dict[str, list[str]] = {
    "smoke": [*_HZ5, "network.size=tiny", "network.width=32", "network.depth=1", "network.heads=2", "network.codes=16",
              "network.code_width=16", "network.position_kernel=16", "data.records=24", "data.dev_records=16",
              "data.batch_size=4", "evaluation.batch_size=8", "evaluation.windows=64", "evaluation.probe_records=48",
              "objective.negatives=10", "optimiser.warmup_steps=1", "training.steps=4", "training.validate_every=2",
              "training.checkpoint_every=2", "training.log_every=1"],
    "quick": [*_HZ5, "network.size=tiny", "data.records=1500", "data.dev_records=256", "data.batch_size=16",
              "evaluation.batch_size=64", "evaluation.windows=256", "evaluation.probe_records=1200",
              "optimiser.warmup_steps=20", "training.steps=200", "training.validate_every=50",
              "training.checkpoint_every=50", "training.log_every=10"],
    "paper": [],
}


def config(*overrides: str, preset: str | None = "paper") -> GP2VecConfig:
    """Settings from a preset and ``key=value`` overrides, checked."""
    return compose(GP2VecConfig, PRESETS, list(overrides), preset=preset)
