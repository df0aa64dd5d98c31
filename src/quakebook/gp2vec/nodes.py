"""Settings of data, network and objective; the whole tree stands in `settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quakebook.training.checks import within
from quakebook.training.config import ConfigError


@dataclass(frozen=True)
class DataConfig:
    """Records and windows.

    Attributes
    ----------
    name : str
        ``synthetic:PRESET``, ``synthetic:caldera``, a SeisBench data set or its folder, or ``shards:FOLDER``.
    records, dev_records : int
        Records for training and for evaluation; for real sets at most so many, 0 = all.
    seed : int
        Of the synthetic records, for all training seeds the same.
    batch_size : int
        Windows per step and process.
    window_s : float
        Length of a window.
    low_hz, high_hz : float
        Band-pass before windows are cut; 0 = none on that side.
    noise, tremor : float
        Synthetic records: share without an earthquake, and the share of those that carry tremor.
    augment : float
        Share of training windows that are augmented.
    """

    name: str = "synthetic:near"
    records: int = 100_000
    dev_records: int = 12_000
    seed: int = 0
    batch_size: int = 64
    window_s: float = 30.0
    low_hz: float = 1.0
    high_hz: float = 45.0
    noise: float = 0.31
    tremor: float = 0.5
    augment: float = 0.0

    def __post_init__(self) -> None:
        within("data", self, records="[0, inf)", dev_records="[0, inf)", seed="[0, 2144483648]", batch_size="[1, inf)",
               window_s="[5, 60]", low_hz="[0, 20]", high_hz="[0, 50]", noise="[0, 0.95]", tremor="[0, 1]",
               augment="[0, 1]")
        if self.high_hz and self.high_hz <= self.low_hz:
            raise ConfigError(f"`data.high_hz` must exceed `data.low_hz`; found {self.high_hz} and {self.low_hz}")
        if self.name.startswith("synthetic:") and min(self.records, self.dev_records) < 1:
            raise ConfigError("synthetic records need `data.records` and `data.dev_records` of at least 1")

        if self.name.startswith("shards:") and self.records:
            raise ConfigError(f"shards are streamed whole: `data.records` must be 0; found {self.records}")

    @property
    def samples(self) -> int:
        """Samples of a window at 100 Hz."""
        return round(100 * self.window_s)


@dataclass(frozen=True)
class NetworkConfig:
    """Size and parts of the network; a number of 0 means "that of the size"."""

    size: Literal["tiny", "small", "base", "large"] = "small"
    rate: Literal["hz5", "hz25", "hz50", "hz100", "draft160", "speech320", "seislm"] = "hz25"
    width: int = 0
    depth: int = 0
    heads: int = 0
    channels: tuple[int, ...] = ()
    kernels: tuple[int, ...] = ()
    strides: tuple[int, ...] = ()
    norm: Literal["group", "layer"] = "group"
    padding: Literal["same", "valid"] = "same"
    feature_grad_mult: float = 1.0
    position: Literal["conv", "learned", "sinusoidal"] = "conv"
    position_kernel: int = 128
    dropout: float = 0.0
    attention_dropout: float = 0.0
    feature_dropout: float = 0.0
    layer_drop: float = 0.0
    quantiser: Literal["gumbel", "ema", "none"] = "ema"
    codebooks: int = 2
    codes: int = 320
    code_width: int = 0
    scale_logits: bool = True
    ema_decay: float = 0.99
    ema_restart: int = 1
    fusion: Literal["none", "add", "film", "cross_attention", "concat"] = "none"
    fusion_layers: tuple[int, ...] = ()
    tasks: tuple[Literal["sampling_rate", "channel_family", "region"], ...] = ()
    task_mode: Literal["predict", "adversarial"] = "predict"

    def __post_init__(self) -> None:
        within("network", self, width="[0, 8192]", depth="[0, 96]", heads="[0, 128]", feature_grad_mult="[0, 10]",
               position_kernel="[1, 1024]", dropout="[0, 0.9]", attention_dropout="[0, 0.9]",
               feature_dropout="[0, 0.9]", layer_drop="[0, 0.9]", codebooks="[1, 16]", codes="[2, 32768]",
               code_width="[0, 8192]",
               ema_decay="[0, 0.99999]", ema_restart="[1, inf)")
        if len({len(self.channels), len(self.kernels), len(self.strides)}) != 1:
            raise ConfigError("`network.channels`, `kernels` and `strides` are given together, one number a layer; "
                              f"found {len(self.channels)}, {len(self.kernels)} and {len(self.strides)}")
        for name in ("channels", "kernels", "strides"):
            if any(value < 1 for value in getattr(self, name)):
                raise ConfigError(f"`network.{name}` must be at least 1 in each layer; found {getattr(self, name)}")


@dataclass(frozen=True)
class ObjectiveConfig:
    """Spans, distractors, weights and the temperature of the Gumbel noise."""

    mask_start_prob: float = 0.026
    mask_length: int = 25
    min_masks: int = 2
    negatives: int = 100
    cross_negatives: int = 0
    negative_mode: Literal["sample", "all"] = "sample"
    kappa: float = 0.1
    diversity_weight: float = 1.0
    penalty_weight: float = 0.0
    commitment_weight: float = 0.25
    multitask_weight: float = 0.05
    temperature_start: float = 2.0
    temperature_end: float = 0.5
    temperature_schedule: Literal["scaled", "published", "cosine"] = "scaled"

    def __post_init__(self) -> None:
        within("objective", self, mask_start_prob="[0.001, 0.5]", mask_length="[1, 1000]", min_masks="[1, 100]",
               negatives="[1, 10000]", cross_negatives="[0, 10000]", kappa="[0.001, 10]", diversity_weight="[0, 1000]",
               penalty_weight="[0, 1000]", commitment_weight="[0, 1000]", multitask_weight="[0, 1000]",
               temperature_start="[0.01, 100]", temperature_end="[0.01, 100]")
        if self.temperature_end > self.temperature_start:
            raise ConfigError("`objective.temperature_end` must not exceed `temperature_start`; found "
                              f"{self.temperature_end} and {self.temperature_start}")
