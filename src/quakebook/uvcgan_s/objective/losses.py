"""Adversarial losses by name, and the gradient penalty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.batch_norm import differentiated_twice
from ..networks.winograd_products import images_only

Scores = Tensor | Sequence[Tensor]
Mix = Literal["real", "fake", "real-fake", "real-or-fake"]


def _hinge(scores: Tensor, is_real: bool, is_generator: bool) -> Tensor:
    signed = scores if is_real else -scores
    return -signed.mean() if is_generator else F.relu(1 - signed).mean()


def _lsgan(scores: Tensor, is_real: bool, is_generator: bool) -> Tensor:
    return (scores - float(is_real)).square().mean()


def _wgan(scores: Tensor, is_real: bool, is_generator: bool) -> Tensor:
    return -scores.mean() if is_real else scores.mean()


def _softplus(scores: Tensor, is_real: bool, is_generator: bool) -> Tensor:
    """Real scores are pushed down: the sign is the published one, and consistent in itself."""
    return F.softplus(scores if is_real else -scores).mean()


def _bce(scores: Tensor, is_real: bool, is_generator: bool) -> Tensor:
    return F.softplus(-scores if is_real else scores).mean()


LOSSES = {"hinge": _hinge, "lsgan": _lsgan, "wgan": _wgan, "softplus": _softplus, "bce": _bce, "vanilla": _bce}


def gan_loss(name: str) -> Callable[..., Tensor]:
    """An adversarial loss: ``loss(scores, is_real, is_generator=False)``, a mean over all scores.

    Parameters
    ----------
    name : str
        hinge (margin 1; the generator's part is -mean), lsgan (squares against 1 and 0), wgan, softplus, bce = vanilla
        (cross entropy of logits). A list of scores is averaged.

    Raises
    ------
    ValueError
        Unknown name.

    Examples
    --------
    >>> float(gan_loss("hinge")(torch.tensor([0.5, 2.0]), is_real=True))
    0.25
    """
    if name not in LOSSES:
        raise ValueError(f"unknown GAN loss {name!r}; known: {', '.join(LOSSES)}")
    rule = LOSSES[name]

    def loss(scores: Scores, is_real: bool, is_generator: bool = False) -> Tensor:
        if isinstance(scores, Tensor):
            return rule(scores, is_real, is_generator)
        return torch.stack([rule(part, is_real, is_generator) for part in scores]).mean()

    return loss


def penalty_point(real: Tensor, fake: Tensor, alpha: Tensor, mix: Mix = "real-fake") -> Tensor:
    """Where the penalty is taken: alpha real + (1 - alpha) fake, one of the two, or one of them by alpha > 1/2."""
    if mix == "real":
        return real.detach()
    if mix == "fake":
        return fake.detach()
    if mix == "real-or-fake":
        return torch.where(alpha > 0.5, real, fake).detach()
    if mix != "real-fake":
        raise ValueError(f"unknown mix {mix!r}; known: real, fake, real-fake, real-or-fake")
    return (alpha * real + (1 - alpha) * fake).detach()


def gradient_penalty(critic: Callable[[Tensor], Scores], real: Tensor, fake: Tensor, alpha: Tensor | None = None, *,
                     lambda_gp: float = 1.0, center: float = 0.0, mix: Mix = "real-fake",
                     reduction: Literal["mean", "sum"] = "mean", generator: torch.Generator | None = None) -> Tensor:
    """lambda_gp mean_n (|d y_n / d x_n| - center)^2 at x = alpha real + (1 - alpha) fake; y_n averages an image's map.

    Parameters
    ----------
    critic : callable
        Images (B, C, H, W) -> scores (B, ...), or a list of such.
    real, fake : Tensor, shape (B, C, H, W)
    alpha : Tensor of one number, optional
        One for the whole batch, as published. Without it, drawn from `generator` (on the CPU).
    lambda_gp, center : float
    mix : {"real-fake", "real", "fake", "real-or-fake"}
    reduction : {"mean", "sum"}
        Over the scores of one image.

    Returns
    -------
    Tensor without dimensions, with a graph to the critic's weights. With batch norm in the critic the gradient of an
    image also holds its influence on the others, as published.
    """
    if alpha is None:
        alpha = torch.rand(1, generator=generator).to(real.device)
    point = penalty_point(real, fake, alpha, mix).requires_grad_(True)
    with differentiated_twice():
        scores = critic(point)
    parts = [scores] if isinstance(scores, Tensor) else list(scores)
    values = [part.flatten(1).mean(1) if reduction == "mean" else part.flatten(1).sum(1) for part in parts]
    with images_only():
        (slope,) = torch.autograd.grad(values, point, [torch.ones_like(value) for value in values], create_graph=True)
    return lambda_gp * (torch.linalg.vector_norm(slope.flatten(1), dim=1) - center).square().mean()


def alphas(calls: int, seed: int = 0) -> Tensor:
    """Mixing weights of the first `calls` penalties: uniform numbers of a CPU generator (0.49626, 0.76822, ...)."""
    return torch.rand(calls, generator=torch.Generator().manual_seed(seed))
