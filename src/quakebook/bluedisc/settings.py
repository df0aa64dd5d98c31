"""Settings of the chapter. The defaults are the published recipe, on synthetic records."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.checks import at_least
from quakebook.training.config import ConfigError, TrainingConfig, compose


@dataclass(frozen=True)
class DataConfig:
    """Records and batches.

    Attributes
    ----------
    name : str
        ``synthetic:PRESET``, a SeisBench data set ("InstanceCounts") or a folder.
    records, dev_records : int
        Records for training and for evaluation. Synthetic: how many are made; otherwise at most so many, 0 = all.
    seed : int
        Of the synthetic records, for all training seeds the same.
    batch_size : int
        Windows per step.
    """

    name: str = "synthetic:picker"
    records: int = 160_000
    dev_records: int = 20_000
    seed: int = 0
    batch_size: int = 100

    def __post_init__(self) -> None:
        at_least("data", self, batch_size=1, records=0, dev_records=0)


@dataclass(frozen=True)
class LossConfig:
    """Mode (bce, hybrid, gan), third channel (N, D) and weights; published hybrid: data weight 4000."""

    mode: Literal["bce", "hybrid", "gan"] = "hybrid"
    label: Literal["N", "D"] = "N"
    data_weight: float = 4000.0
    gan_weight: float = 1.0
    published_statistics: bool = False

    def __post_init__(self) -> None:
        weights = {"data_weight": self.data_weight, "gan_weight": self.gan_weight}
        needed = {"bce": (), "gan": ("gan_weight",), "hybrid": ("data_weight", "gan_weight")}[self.mode]
        for name, value in weights.items():
            if not math.isfinite(value) or value < 0 or (name in needed and value == 0):
                bound = "> 0" if name in needed else ">= 0"
                raise ConfigError(f"`loss.{name}` must be a finite number {bound} in mode {self.mode}; found {value}")


@dataclass(frozen=True)
class NetworkConfig:
    """Start weights: those that PhaseNet draws for the seed, as published; or the same with a head that starts rare.

    Attributes
    ----------
    start : {"published", "base_rate"}
        "base_rate" sets only the three biases of the last layer, to the log-odds of the mean label of a window with one
        pick of each phase. Our own addition: it keeps a phase from starting under the ceiling of the head.
    """

    start: Literal["published", "base_rate"] = "published"


@dataclass(frozen=True)
class OptimiserConfig:
    """Adam of both networks, as published."""

    g_lr: float = 1e-3
    d_lr: float = 1e-3
    beta1: float = 0.0
    beta2: float = 0.999

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            rate = name.endswith("lr")
            if not (math.isfinite(value) and value >= 0 and (rate or value < 1)):
                raise ConfigError(f"`optimiser.{name}` must be {'>= 0' if rate else 'in [0, 1)'}; found {value}")


@dataclass(frozen=True)
class TrackConfig:
    """Dev windows whose predictions are kept through training: how many, and every how many steps."""

    samples: int = 8
    every: int = 50

    def __post_init__(self) -> None:
        at_least("track", self, samples=0, every=1)


@dataclass(frozen=True)
class EvaluationConfig:
    """Scores: mean over the `last` validations; earlier ones see at most `windows_before` dev windows."""

    last: int = 3
    windows_before: int = 2000
    batch_size: int = 500
    height: float = 0.1
    distance_samples: int = 100
    confidence: float = 0.7
    precise_samples: float = 10.0

    def __post_init__(self) -> None:
        at_least("evaluation", self, last=1, batch_size=1, distance_samples=1, windows_before=0, precise_samples=0)
        for name in ("height", "confidence"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"`evaluation.{name}` is a probability from 0 to 1; found {getattr(self, name)}")


@dataclass(frozen=True)
class BlueDiscConfig:
    """All settings of one run."""

    data: DataConfig = field(default_factory=DataConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    track: TrackConfig = field(default_factory=TrackConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(
        steps=10_000, seed=42, validate_every=1000, checkpoint_every=1000))

    def __post_init__(self) -> None:
        at_least("training", self.training, steps=1)


#: Overrides of each preset: seconds, a few CPU minutes, and the published settings (one GPU).
PRESETS: dict[str, list[str]] = {
    "smoke": ["data.records=48", "data.dev_records=24", "data.batch_size=4", "track.samples=2", "track.every=2",
              "evaluation.batch_size=16", "evaluation.windows_before=16", "training.steps=4",
              "training.validate_every=2", "training.checkpoint_every=2", "training.log_every=1"],
    "quick": ["data.records=6000", "data.dev_records=2000", "data.batch_size=16", "track.samples=8", "track.every=20",
              "evaluation.batch_size=100", "evaluation.windows_before=500", "training.steps=2000",
              "training.validate_every=200", "training.checkpoint_every=500"],
    "paper": [],
}


def config(*overrides: str, preset: str | None = "paper") -> BlueDiscConfig:
    """Settings from a preset and ``key=value`` overrides, checked."""
    return compose(BlueDiscConfig, PRESETS, list(overrides), preset=preset)
