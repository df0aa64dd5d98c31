"""One whole training step in the published order, without a read to the host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..data.norms import Norm
from ..networks.batch_norm import counted_together
from ..networks.spectral import ahead
from ..networks.winograd import shared_filters
from ..settings import ObjectiveConfig
from .critics import ORDER, PenaltyCache, critic_losses, make_queues
from .generators import adversarial_weights, fake_images, generator_loss
from .images import Wanted, make_images, sums
from .queue import Queue

Batch = Mapping[str, Any]


@dataclass
class Trainer:
    """Networks, optimisers and rules of a training; `full`, `identity` and `paired` are its steps.

    Attributes
    ----------
    networks : mapping
        gen_ab, gen_ba, disc_a0, disc_a1, disc_b (those that the method uses).
    optimisers : mapping
        "gen" and, with critics, "disc".
    backward : callable
        ``loss.backward()``, with whatever a precision needs round it.
    clip_norm : float
        Joint norm of both generators' gradients, and of all critics'; 0 leaves them as they are.
    together : bool
        Independent generator passes share a batch.
    bare : mapping
        Critics without wrappers, where `networks` holds wrapped ones.
    """

    objective: ObjectiveConfig
    norm: Norm
    networks: Mapping[str, nn.Module]
    optimisers: Mapping[str, Any]
    backward: Callable[[Tensor], None] = field(default=lambda loss: loss.backward())
    clip_norm: float = 0.0
    together: bool = True
    bare: Mapping[str, nn.Module] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cache = PenaltyCache(self.objective.penalty_period)
        self.queues: dict[str, Queue] | None = make_queues(self.objective.queue)
        weights = adversarial_weights(self.objective)
        self.critics = {domain: self.networks[f"disc_{domain}"] for domain in ORDER
                        if weights[domain] and f"disc_{domain}" in self.networks}
        self.wanted = Wanted(self.objective.with_cycle, self.objective.identity_aa > 0, self.objective.identity_bb > 0)

    @counted_together()
    def full(self, batch: Batch) -> dict[str, Tensor]:
        """Generators, then critics on the fakes of before the generators' update.

        Parameters
        ----------
        batch : mapping
            a0, a1, b (B, C, H, W); alpha (3,), the mixing weights of the penalties in the order b, a0, a1; recompute,
            whether the penalties are due.
        """
        a0, a1, b = batch["a0"], batch["a1"], batch["b"]
        self._freeze(True)
        with shared_filters(), ahead(self.critics.values(), 1):
            images = make_images(self.networks["gen_ab"], self.networks["gen_ba"], self.norm, a0, a1, b, self.wanted,
                                 self.objective.sum_scale, self.together)
            loss, parts = generator_loss(self.objective, self.norm, images, self.critics, a0, a1, b, self.queues)
        self._update("gen", loss)
        self._freeze(False)
        if self.critics:
            fakes = {domain: fake.detach() for domain, fake in fake_images(images, a0.shape[1]).items()}
            del images, loss
            parts |= self._train_critics({"a0": a0, "a1": a1, "b": b}, fakes, batch)
        return parts

    def identity(self, batch: Batch) -> dict[str, Tensor]:
        """G_BA alone on sums of independent draws: absolute error, or squared error for method regression."""
        mixed = sums(batch["a0"], batch["a1"], self.objective.sum_scale)
        return self._split(mixed, batch["a0"], batch["a1"], "idt_aa")

    def paired(self, batch: Batch) -> dict[str, Tensor]:
        """G_BA alone on mixtures with their truth."""
        return self._split(batch["b"], batch["true_a0"], batch["true_a1"], "pair")

    def _split(self, mixed: Tensor, a0: Tensor, a1: Tensor, name: str) -> dict[str, Tensor]:
        both = self.norm.inverse(self.networks["gen_ba"](self.norm.forward(mixed)))
        targets = (a0, a1)
        parts, terms = {}, []
        error = F.mse_loss if self.objective.method == "regression" else F.l1_loss
        weights = (self.objective.cycle_a0, self.objective.cycle_a1)
        for k, image in enumerate(both.split([a0.shape[1], a1.shape[1]], dim=1)):
            target = targets[k]
            if self.objective.norm_loss:
                image, target = self.norm.forward(image), self.norm.forward(target)
            parts[f"{name}_a{k}"] = error(image, target)
            terms.append(0.5 * (self.objective.identity_aa or 1.0) * weights[k] * parts[f"{name}_a{k}"])
        self._update("gen", sum(terms))
        return {key: part.detach() for key, part in parts.items()}

    def _train_critics(self, reals: Mapping[str, Tensor], fakes: Mapping[str, Tensor],
                       batch: Batch) -> dict[str, Tensor]:
        parts: dict[str, Tensor] = {}
        self.optimisers["disc"].zero_grad(set_to_none=True)
        due = batch.get("recompute", True)
        with shared_filters(), ahead(self.critics.values(), 3 if self.objective.penalty and due else 2):
            for domain, critic in self.critics.items():
                alpha = batch["alpha"][ORDER.index(domain)]
                penalty, loss = critic_losses(self.objective, self.norm, domain, critic, reals[domain], fakes[domain],
                                              alpha, self.queues, due, self.bare.get(f"disc_{domain}"))
                if self.objective.penalty:
                    penalty = self._penalise(domain, critic, penalty, due)
                    parts[f"gp_{domain}"] = penalty.detach()
                self.backward(loss if penalty is None or not penalty.requires_grad else loss + penalty)
                parts[f"disc_{domain}"] = loss.detach()
        self._clip("disc")
        self.optimisers["disc"].step()
        return parts

    def _penalise(self, domain: str, critic: nn.Module, penalty: Tensor | None, due: bool) -> Tensor:
        """The penalty with its graph, or, where gradients are kept, without: they are set already."""
        if not self.cache.period:
            return penalty
        if due:
            self.backward(penalty)
            self.cache.keep(domain, penalty, critic)
            return penalty.detach()
        return self.cache.replay(domain, critic)

    def _update(self, side: str, loss: Tensor) -> None:
        self.optimisers[side].zero_grad(set_to_none=True)
        self.backward(loss)
        self._clip(side)
        self.optimisers[side].step()

    def _clip(self, side: str) -> None:
        if self.clip_norm:
            owned = [network for name, network in self.networks.items() if name.startswith(side)]
            torch.nn.utils.clip_grad_norm_(chain.from_iterable(each.parameters() for each in owned), self.clip_norm)

    def _freeze(self, frozen: bool) -> None:
        for critic in self.critics.values():
            critic.requires_grad_(not frozen)

    def state_dict(self) -> dict[str, Any]:
        """Kept penalty gradients and queues."""
        return {"cache": self.cache.state_dict(),
                "queues": {name: queue.state_dict() for name, queue in (self.queues or {}).items()}}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.cache.load_state_dict(state["cache"])
        for name, queue in (self.queues or {}).items():
            queue.load_state_dict(state["queues"][name])
