"""The generators' loss: adversaries, cycles and identities with the paper's weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor
from torch.nn import functional as F

from ..data.norms import Norm
from ..settings import ObjectiveConfig
from .images import Images
from .losses import gan_loss
from .queue import Queue

Critics = Mapping[str, Callable[..., Any]]


def absolute_error(image: Tensor, target: Tensor, norm: Norm, normalised: bool) -> Tensor:
    """Mean absolute error, in image values or, with `normalised`, in those of the network."""
    if normalised:
        image, target = norm.forward(image), norm.forward(target)
    return F.l1_loss(image, target)


def adversarial_weights(objective: ObjectiveConfig) -> dict[str, float]:
    """Weights of the critics by domain in the generators' loss; A's two halves share one half each."""
    return {"b": objective.adversarial_b, "a0": 0.5 * objective.adversarial_a0, "a1": 0.5 * objective.adversarial_a1}


def generator_loss(objective: ObjectiveConfig, norm: Norm, images: Images, critics: Critics, a0: Tensor, a1: Tensor,
                   b: Tensor, queues: Mapping[str, Queue] | None = None) -> tuple[Tensor, dict[str, Tensor]]:
    """Sum of the four published losses (cyc-aba, cyc-bab, idt-bb, idt-aa), and each part without its weight.

    Parameters
    ----------
    critics : mapping
        Domain (b, a0, a1) -> critic, in training mode with frozen weights; a missing one takes no part.
    queues : mapping, optional
        "fake_b", ... -> earlier bodies for the heads; they are read, not filled, here.

    Returns
    -------
    Tensor, dict
        Names gen_ab, gen_ba0, gen_ba1, cycle_a0, cycle_a1, cycle_b, idt_bb, idt_aa_a0, idt_aa_a1.
    """
    weights, parts = adversarial_weights(objective), {}
    terms = []
    fakes = fake_images(images, a0.shape[1])
    rule = gan_loss(objective.gan)
    for domain, critic in critics.items():
        seen = norm.forward(fakes[domain]) if objective.norm_critic else fakes[domain]
        scores = critic(seen, queues[f"fake_{domain}"].query()) if queues else critic(seen)
        name = {"b": "gen_ab", "a0": "gen_ba0", "a1": "gen_ba1"}[domain]
        parts[name] = rule(scores, is_real=True, is_generator=True)
        terms.append(weights[domain] * parts[name])
    for name, image, target, weight in _errors(objective, images, a0, a1, b):
        parts[name] = absolute_error(image, target, norm, objective.norm_loss)
        terms.append(weight * parts[name])
    return sum(terms), {name: part.detach() for name, part in parts.items()}


def fake_images(images: Images, channels_a0: int) -> dict[str, Tensor]:
    """Made images by domain."""
    return {"b": images.fake_b, "a0": images.fake_a[:, :channels_a0], "a1": images.fake_a[:, channels_a0:]}


def _errors(objective: ObjectiveConfig, images: Images, a0: Tensor, a1: Tensor,
            b: Tensor) -> list[tuple[str, Tensor, Tensor, float]]:
    cut = a0.shape[1]
    rows = []
    if images.reco_a is not None:
        rows += [("cycle_a0", images.reco_a[:, :cut], a0, 0.5 * objective.cycle_a0),
                 ("cycle_a1", images.reco_a[:, cut:], a1, 0.5 * objective.cycle_a1)]
    if images.reco_b is not None:
        rows.append(("cycle_b", images.reco_b, b, objective.cycle_b))
    if images.idt_bb is not None:
        rows.append(("idt_bb", images.idt_bb, b, objective.identity_bb * objective.cycle_b))
    if images.idt_aa is not None:
        share = 0.5 * objective.identity_aa
        rows += [("idt_aa_a0", images.idt_aa[:, :cut], a0, share * objective.cycle_a0),
                 ("idt_aa_a1", images.idt_aa[:, cut:], a1, share * objective.cycle_a1)]
    return rows
