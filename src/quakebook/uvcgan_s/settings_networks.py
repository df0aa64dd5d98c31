"""Settings of data and networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quakebook.training.checks import within
from quakebook.training.config import ConfigError

#: (channels, height, width) of A0, A1 and B.
Shapes = tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]


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
        within("data", self, records="[0, 1e9]", dev_records="[0, 1e9]", seed="[0, 2147483647]", batch_size="[1, 1e9]")


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
        sizes = ("features", "heads", "feed_forward", "embed", "extra_tokens")
        within("network", self, blocks="[0, 1e9]", levels="[1, 1e6]", critic_levels="[1, 1e6]",
               critic_blocks="[0, 1e6]", **dict.fromkeys(sizes, "[1, 1e9]"))
        if self.features % self.heads:
            raise ConfigError(f"`network.features` must be divisible by `network.heads`; found {self.features} and "
                              f"{self.heads}")
        if self.critic == "n_layers" and self.critic_blocks:
            raise ConfigError("`network.critic_blocks` must be 0 for critic n_layers, which has no residual blocks; "
                              f"found {self.critic_blocks}")
        if self.critic == "resnet" and self.critic_blocks < 1:
            raise ConfigError(f"`network.critic_blocks` must be at least 1 for critic resnet; found "
                              f"{self.critic_blocks}")
