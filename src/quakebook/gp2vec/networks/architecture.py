"""What a network is built from: one frozen description, from sizes, settings or the published model file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from .encoder import PRESETS, Layer, from_config, layers
from .metadata_fusion import FUSIONS

QUANTISERS = ("gumbel", "ema", "none")


@dataclass(frozen=True)
class Size:
    """Width D, blocks, channels of the convolutions, width of codevectors and of the compared projections."""

    width: int
    depth: int
    channels: tuple[int, ...]
    code_width: int


#: "base" is the published default. An attention head has 64 numbers, the feed-forward layer 4 D.
SIZES = {
    "tiny": Size(128, 4, (32, 64, 64, 128, 128), 64),
    "small": Size(256, 6, (32, 64, 128, 256, 256), 128),
    "base": Size(768, 12, (64, 128, 256, 512, 768), 256),
    "large": Size(1024, 24, (64, 128, 256, 512, 1024), 256),
}


@dataclass(frozen=True)
class Architecture:
    """Everything that `GP2Vec` needs to be built again. Field names are those of the settings."""

    convolutions: tuple[Layer, ...]
    width: int = 768
    depth: int = 12
    heads: int = 12
    hidden: int = 3072
    channels: int = 3
    norm: str = "group"
    padding: str = "same"
    feature_grad_mult: float = 1.0
    position: str = "conv"
    position_kernel: int = 128
    dropout: float = 0.1
    attention_dropout: float = 0.1
    feature_dropout: float = 0.1
    layer_drop: float = 0.0
    pre_norm: bool = True
    quantiser: str = "gumbel"
    codebooks: int = 2
    codes: int = 320
    code_width: int = 256
    scale_logits: bool = True
    ema_decay: float = 0.99
    ema_restart: int = 1
    fusion: str = "add"
    fusion_layers: tuple[int, ...] = ()
    tasks: tuple[str, ...] = ()
    task_mode: str = "predict"

    def __post_init__(self) -> None:
        for name, known in (("norm", ("group", "layer")), ("padding", ("same", "valid")),
                            ("position", ("conv", "learned", "sinusoidal")), ("quantiser", QUANTISERS),
                            ("fusion", FUSIONS), ("task_mode", ("predict", "adversarial"))):
            if getattr(self, name) not in known:
                raise ValueError(f"`{name}` must be one of {', '.join(known)}; found {getattr(self, name)!r}")
        for name in ("width", "depth", "heads", "hidden", "codebooks", "codes", "code_width", "position_kernel",
                     "ema_restart"):
            if getattr(self, name) < 1:
                raise ValueError(f"`{name}` must be at least 1; found {getattr(self, name)}")
        if self.channels not in (1, 3):
            raise ValueError(f"`channels` must be 1 or 3; found {self.channels}")
        if self.width % self.heads:
            raise ValueError(f"`width` {self.width} is no multiple of `heads` {self.heads}")
        if self.code_width % self.codebooks:
            raise ValueError(f"`code_width` {self.code_width} is no multiple of `codebooks` {self.codebooks}")
        if any(not 0 <= layer < self.depth for layer in self.fusion_layers):
            raise ValueError(f"`fusion_layers` must lie between 0 and {self.depth - 1}; found {self.fusion_layers}")

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self) | {"convolutions": [[c.channels, c.kernel_size, c.stride] for c in self.convolutions]}

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Architecture:
        """The inverse of `plain`; unknown fields are refused."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"unknown architecture field {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
        return cls(**{**values, "convolutions": from_config(values["convolutions"])})


def heads_of(width: int) -> int:
    """Attention heads of 64 numbers each, at least one, and a divisor of the width.

    >>> heads_of(768), heads_of(512), heads_of(1024)
    (12, 8, 16)
    """
    heads = max(1, width // 64)
    while width % heads:
        heads -= 1
    return heads


def of_size(size: str = "base", rate: str = "hz5", **changes: Any) -> Architecture:
    """The architecture of a size at a frame rate, with single fields replaced.

    A changed `width` changes heads, feed-forward width with it, unless those are given too.
    """
    if size not in SIZES:
        raise ValueError(f"unknown size {size!r}; known: {', '.join(SIZES)}")
    if rate not in PRESETS:
        raise ValueError(f"unknown frame rate {rate!r}; known: {', '.join(PRESETS)}")
    plan = SIZES[size]
    width = changes.pop("width", plan.width)
    base = Architecture(convolutions=layers(rate, plan.channels), width=width, depth=plan.depth,
                        heads=heads_of(width), hidden=4 * width, code_width=plan.code_width)
    return replace(base, **changes)
