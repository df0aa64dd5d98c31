"""Losses of the three modes: point-wise BCE, BCE with an adversary (hybrid), adversary alone."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

#: Weight of the data loss in the published hybrid.
PUBLISHED_DATA_WEIGHT = 4000.0


@dataclass(frozen=True)
class Weights:
    """Weights of the generator's loss, L_G = (w_g L_GAN + lambda L_data) / (w_g + lambda)."""

    gan: float
    data: float

    def __post_init__(self) -> None:
        if self.gan < 0 or self.data < 0 or self.gan + self.data <= 0:
            raise ValueError("loss weights must be non-negative and not both zero; "
                             f"found gan {self.gan}, data {self.data}")

    @classmethod
    def of_mode(cls, mode: str, data_weight: float = PUBLISHED_DATA_WEIGHT, gan_weight: float = 1.0) -> Weights:
        """Weights of "bce" (no discriminator), "hybrid" or "gan"."""
        if mode == "bce":
            return cls(0.0, 1.0)
        if mode == "hybrid":
            return cls(gan_weight, data_weight)
        if mode == "gan":
            return cls(gan_weight, 0.0)
        raise ValueError(f"unknown mode {mode!r}; choose one of bce, hybrid, gan")

    @property
    def adversarial(self) -> bool:
        """Whether a discriminator takes part."""
        return self.gan > 0


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """L_D = (softplus(-D(y, x)) + softplus(D(p, x))) / 2, mean over the batch; logits in, scalar out."""
    return 0.5 * (softplus(-real).mean() + softplus(fake).mean())


def adversarial_loss(fake: Tensor) -> Tensor:
    """L_GAN = softplus(-D(p, x)), mean over the batch; logits in, scalar out."""
    return softplus(-fake).mean()


def data_loss(logits: Tensor, label: Tensor) -> Tensor:
    """Binary cross-entropy of (b, 3, samples) logits, mean over batch, channels and samples."""
    return binary_cross_entropy_with_logits(logits, label)


def generator_loss(gan: Tensor | float, data: Tensor | float, weights: Weights) -> Tensor:
    """L_G: weighted mean of adversarial and data loss; its scale does not depend on lambda."""
    return (weights.gan * gan + weights.data * data) / (weights.gan + weights.data)
