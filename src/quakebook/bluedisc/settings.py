"""Settings of the chapter. The defaults are the published recipe, on synthetic records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from quakebook.training.checks import single_precision, within
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
        within("data", self, batch_size="[1, 1e6]", records="[0, 1e9]", dev_records="[0, 1e9]", seed="[0, 1e15]")


@dataclass(frozen=True)
class ObjectiveConfig:
    """Mode (bce, hybrid, gan), third channel (N, D) and weights; published hybrid: data weight 4000."""

    mode: Literal["bce", "hybrid", "gan"] = "hybrid"
    label: Literal["N", "D"] = "N"
    data_weight: float = 4000.0
    gan_weight: float = 1.0
    published_statistics: bool = False

    def __post_init__(self) -> None:
        within("objective", self, data_weight="[0, 1e12]", gan_weight="[0, 1e12]")
        needed = {"bce": (), "gan": ("gan_weight",), "hybrid": ("data_weight", "gan_weight")}[self.mode]
        for name in needed:
            if getattr(self, name) == 0:
                raise ConfigError(f"`objective.{name}` must be above 0 in mode {self.mode}; found 0")


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
    """Adam of both networks, as published: `lr` is the generator's learning rate, `discriminator_lr` the other one."""

    lr: float = 1e-3
    discriminator_lr: float = 1e-3
    beta1: float = 0.0
    beta2: float = 0.999

    def __post_init__(self) -> None:
        within("optimiser", self, lr="[0, 100]", discriminator_lr="[0, 100]", beta1="[0, 1)", beta2="[0, 1)")


@dataclass(frozen=True)
class EvaluationConfig:
    """Scores, and windows that are followed through training.

    Attributes
    ----------
    last, windows_before : int
        Scores are the mean over the `last` validations; earlier ones see at most `windows_before` dev windows.
    height, confidence : float
        Least peak height that counts, and the height above which a peak counts as confident.
    distance_samples, precise_samples
        Least distance of two peaks, and the largest error in time of a precise one.
    followed, follow_every : int
        Dev windows whose predictions are kept through training, and every how many steps.
    """

    last: int = 3
    windows_before: int = 2000
    batch_size: int = 500
    height: float = 0.1
    distance_samples: int = 100
    confidence: float = 0.7
    precise_samples: float = 10.0
    followed: int = 8
    follow_every: int = 50

    def __post_init__(self) -> None:
        within("evaluation", self, last="[1, 1e6]", batch_size="[1, 1e6]", distance_samples="[1, 3001]",
               windows_before="[0, 1e9]", precise_samples="[0, 3001]", height="[0, 1]", confidence="[0, 1]",
               followed="[0, 10000]", follow_every="[1, 1e9]")


@dataclass(frozen=True)
class BlueDiscConfig:
    """All settings of one run."""

    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(
        steps=10_000, seed=42, validate_every=1000, checkpoint_every=1000))

    def __post_init__(self) -> None:
        within("training", self.training, steps="[1, 1e9]")
        single_precision(self.training)


#: Overrides of each preset: seconds, a few CPU minutes, and the published settings (one GPU).
PRESETS: dict[str, list[str]] = {
    "smoke": ["data.records=48", "data.dev_records=24", "data.batch_size=4", "evaluation.followed=2",
              "evaluation.follow_every=2",
              "evaluation.batch_size=16", "evaluation.windows_before=16", "training.steps=4",
              "training.validate_every=2", "training.checkpoint_every=2", "training.log_every=1"],
    "quick": ["data.records=6000", "data.dev_records=2000", "data.batch_size=16", "evaluation.followed=8",
              "evaluation.follow_every=20",
              "evaluation.batch_size=100", "evaluation.windows_before=500", "training.steps=2000",
              "training.validate_every=200", "training.checkpoint_every=500"],
    "paper": [],
}


def config(*overrides: str, preset: str | None = "paper") -> BlueDiscConfig:
    """Settings from a preset and ``key=value`` overrides, checked."""
    return compose(BlueDiscConfig, PRESETS, list(overrides), preset=preset)
