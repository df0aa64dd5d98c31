"""Invertible normalisations between image and network, one class each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

#: Relative step of single precision, in which images are kept.
SINGLE_EPS = torch.finfo(torch.float32).eps


class Norm(Protocol):
    """Normalise on the way into a network, invert on the way out; `floor` is refused with all that lies below it."""

    floor: float | None

    def forward(self, image: Tensor) -> Tensor: ...

    def inverse(self, value: Tensor) -> Tensor: ...


@dataclass(frozen=True)
class Identity:
    """Nothing."""

    floor: float | None = None

    def forward(self, image: Tensor) -> Tensor:
        return image

    def inverse(self, value: Tensor) -> Tensor:
        return value


@dataclass(frozen=True)
class Log:
    """ln(max(x, clip_min) + bias), each part only where given; the inverse exp(y) - bias does not undo the clip.

    What a network makes is normalised again for the next one. Where exp(y) is lost in the rounding of the bias, the
    inverse gives the next value above the floor: the floor itself would become minus infinity, and the training NaN.
    """

    clip_min: float | None = None
    bias: float | None = None

    @property
    def floor(self) -> float | None:
        lowest = 0.0 - (self.bias or 0.0)  # not -0.0, which a message would show
        return None if self.clip_min is not None and self.clip_min > lowest else lowest

    def forward(self, image: Tensor) -> Tensor:
        if self.clip_min is not None:
            image = image.clamp(min=self.clip_min)
        return torch.log(image if self.bias is None else image + self.bias)

    def inverse(self, value: Tensor) -> Tensor:
        image = torch.exp(value)
        digits = torch.finfo(value.dtype)
        if not self.bias:
            return image.clamp(min=digits.tiny)
        return (image - self.bias).clamp(min=-self.bias * (1 - 2 * max(digits.eps, SINGLE_EPS)))


@dataclass(frozen=True)
class SymLog:
    """scale x up to |x| = threshold T, beyond it sign(x) scale T (ln(|x| / T) + 1); smooth at T."""

    threshold: float = 1.0
    scale: float = 1.0
    floor: float | None = None

    def forward(self, image: Tensor) -> Tensor:
        size = image.abs().clamp(min=self.threshold)  # the branch not taken must stay finite for its gradient
        logarithm = image.sign() * self.scale * self.threshold * (torch.log(size / self.threshold) + 1)
        return torch.where(image.abs() > self.threshold, logarithm, self.scale * image)

    def inverse(self, value: Tensor) -> Tensor:
        knee = self.scale * self.threshold
        size = value.abs().clamp(min=knee)
        power = value.sign() * self.threshold * torch.exp(size / knee - 1)
        return torch.where(value.abs() > knee, power, value / self.scale)


@dataclass(frozen=True)
class Scale:
    """scale x."""

    scale: float = 1.0
    floor: float | None = None

    def forward(self, image: Tensor) -> Tensor:
        return self.scale * image

    def inverse(self, value: Tensor) -> Tensor:
        return value / self.scale


@dataclass(frozen=True)
class Standardize:
    """(x - mean) / stdev, one pair a channel."""

    mean: Sequence[float]
    stdev: Sequence[float]
    floor: float | None = None

    def forward(self, image: Tensor) -> Tensor:
        return (image - _along(self.mean, image, -3)) / _along(self.stdev, image, -3)

    def inverse(self, value: Tensor) -> Tensor:
        return value * _along(self.stdev, value, -3) + _along(self.mean, value, -3)


@dataclass(frozen=True)
class MinMax:
    """(x - min) / (max - min), the limits laid along axis `dim` and those after it."""

    feature_min: Any
    feature_max: Any
    dim: int
    floor: float | None = None

    def forward(self, image: Tensor) -> Tensor:
        low, high = _along(self.feature_min, image, self.dim), _along(self.feature_max, image, self.dim)
        return (image - low) / (high - low)

    def inverse(self, value: Tensor) -> Tensor:
        low, high = _along(self.feature_min, value, self.dim), _along(self.feature_max, value, self.dim)
        return value * (high - low) + low


@dataclass(frozen=True)
class DoublePrecision:
    """The inner norm computed in float64."""

    norm: Norm

    @property
    def floor(self) -> float | None:
        return self.norm.floor

    def forward(self, image: Tensor) -> Tensor:
        return self.norm.forward(image.double()).to(image.dtype)

    def inverse(self, value: Tensor) -> Tensor:
        return self.norm.inverse(value.double()).to(value.dtype)


@dataclass(frozen=True)
class Chain:
    """Norms one after the other; the inverse runs backwards. Only the first one's floor is checked."""

    norms: tuple[Norm, ...]

    @property
    def floor(self) -> float | None:
        return self.norms[0].floor if self.norms else None

    def forward(self, image: Tensor) -> Tensor:
        for norm in self.norms:
            image = norm.forward(image)
        return image

    def inverse(self, value: Tensor) -> Tensor:
        for norm in reversed(self.norms):
            value = norm.inverse(value)
        return value


def _along(values: Any, image: Tensor, dim: int) -> Tensor:
    """Values as a tensor that is broadcast from axis `dim` of the image on."""
    values = torch.as_tensor(values, dtype=image.dtype, device=image.device)
    values = values if values.ndim else values[None]
    behind = image.ndim - dim % image.ndim - values.ndim
    return values.reshape(*values.shape, *(1,) * behind)
