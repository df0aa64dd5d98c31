"""The critics' side of a step: penalty, real images, fakes of before the generators' update."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from ..data.norms import Norm
from ..settings import ObjectiveConfig
from .generators import adversarial_weights
from .losses import gan_loss, gradient_penalty, penalty_point
from .queue import Queue

#: Order in which the critics draw their penalty's mixing weight from one generator.
ORDER = ("b", "a0", "a1")


class PenaltyCache:
    """Gradients of the penalties, kept for the steps between two computations.

    With period p they are computed at every (p + 1)th step and set, not added, in between.
    """

    def __init__(self, period: int) -> None:
        self.period = period
        self._kept: dict[str, tuple[Tensor, list[Tensor | None]]] = {}

    def recompute(self, step: int) -> bool:
        """Whether the penalty is computed at a step, counted from 0."""
        return step % (self.period + 1) == 0

    def draw(self, step: int) -> int:
        """How many times it was computed before."""
        return step // (self.period + 1)

    def keep(self, domain: str, value: Tensor, critic: nn.Module) -> None:
        self._kept[domain] = (value.detach(), [None if p.grad is None else p.grad.clone() for p in critic.parameters()])

    def replay(self, domain: str, critic: nn.Module) -> Tensor:
        value, gradients = self._kept[domain]
        for parameter, gradient in zip(critic.parameters(), gradients, strict=True):
            parameter.grad = None if gradient is None else gradient.clone()
        return value

    def state_dict(self) -> dict[str, Any]:
        return {domain: {"value": value, "gradients": gradients} for domain, (value, gradients) in self._kept.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._kept = {domain: (each["value"], list(each["gradients"])) for domain, each in state.items()}


def critic_losses(objective: ObjectiveConfig, norm: Norm, domain: str, critic: Callable[..., Any], real: Tensor,
                  fake: Tensor, alpha: Tensor, queues: Mapping[str, Queue] | None = None,
                  penalty: bool = True, bare: Callable[..., Any] | None = None) -> tuple[Tensor | None, Tensor]:
    """Gradient penalty (None when it is off or not due) and adversarial loss of one critic, in the published order.

    The penalty sees image values whatever `norm_critic` says, and carries neither the adversarial weight nor the
    halves; the adversarial loss carries both. `bare` is the critic without wrappers, for the penalty: a wrapper for
    mixed precision does not let itself be differentiated twice, so the penalty is computed in full precision.
    """
    held = {kind: queues[f"{kind}_{domain}"] for kind in ("real", "fake")} if queues else {}
    charge = None
    if penalty and objective.penalty:
        charge = gradient_penalty(_with_queue(bare or critic, held, alpha, objective), real, fake, alpha,
                                  lambda_gp=objective.penalty, center=objective.penalty_center,
                                  mix=objective.penalty_mix, reduction=objective.penalty_reduction)
    rule, losses = gan_loss(objective.gan), []
    for kind, image in (("real", real), ("fake", fake)):
        seen = norm.forward(image) if objective.norm_critic else image
        if held:
            scores, body = critic(seen, held[kind].query(), with_body=True)
            held[kind].push(body)
        else:
            scores = critic(seen)
        losses.append(rule(scores, is_real=kind == "real"))
    return charge, 0.5 * adversarial_weights(objective)[domain] * (losses[0] + losses[1])


def _with_queue(critic: Callable[..., Any], held: Mapping[str, Queue], alpha: Tensor,
                objective: ObjectiveConfig) -> Callable[[Tensor], Tensor]:
    """The critic beside earlier bodies, mixed like the images."""
    if not held or held["real"].query() is None:
        return critic
    earlier = penalty_point(held["real"].query(), held["fake"].query(), alpha, objective.penalty_mix)
    return lambda image: critic(image, earlier)


def make_queues(size: int) -> dict[str, Queue] | None:
    """One queue for real and one for fake bodies of each domain; None when there are no queues."""
    return {f"{kind}_{domain}": Queue(size) for kind in ("real", "fake") for domain in ORDER} if size else None

