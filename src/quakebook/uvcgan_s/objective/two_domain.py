"""The plain two-domain cycle (UVCGAN v2) between signals and mixtures: the toy's baseline, without stratification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.batch_norm import counted_together
from .critics import critic_losses
from .losses import gan_loss
from .step import Trainer

#: The baseline draws its penalties' mixing weights for A first, then for B.
DOMAINS = ("a1", "b")


class TwoDomainTrainer(Trainer):
    """A is the signal, B the mixture; G_BA takes a signal out of a mixture, and nothing models the background.

    Weights: cycle_a1 and cycle_b are lambda_a and lambda_b, identity_aa and identity_bb the share of the identities
    (one number in the published program). Cycle and identity losses are recorded with their weights, as published.
    """

    @counted_together()
    def full(self, batch: Mapping[str, Any]) -> dict[str, Tensor]:
        """Generators, then the critics of signals and mixtures on the fakes of before the update."""
        a, b, objective = batch["a1"], batch["b"], self.objective
        self._freeze(True)
        fake_b = self.networks["gen_ab"](self.norm.forward(a))
        split = self.networks["gen_ba"](torch.cat([fake_b, *map(self.norm.forward, (b, a))]))
        reco_a, fake_a, idt_a = split.split(len(a))
        reco_b, idt_b = self.networks["gen_ab"](torch.cat([fake_a, self.norm.forward(b)])).split(len(b))
        fakes = {"b": self.norm.inverse(fake_b), "a1": self.norm.inverse(fake_a)}
        rule, parts = gan_loss(objective.gan), {}
        for domain, name, weight in (("b", "gen_ab", objective.adversarial_b),
                                     ("a1", "gen_ba", objective.adversarial_a1)):
            seen = self.norm.forward(fakes[domain]) if objective.norm_critic else fakes[domain]
            parts[name] = weight * rule(self.critics[domain](seen), is_real=True, is_generator=True)
        for name, image, target, weight in (
                ("cycle_a", reco_a, a, objective.cycle_a1), ("cycle_b", reco_b, b, objective.cycle_b),
                ("idt_a", idt_a, a, objective.cycle_a1 * objective.identity_aa),
                ("idt_b", idt_b, b, objective.cycle_b * objective.identity_bb)):
            parts[name] = weight * F.l1_loss(self.norm.inverse(image), target)
        self._update("gen", sum(parts.values()))
        self._freeze(False)
        parts = {name: part.detach() for name, part in parts.items()}
        return parts | self._train_both({"a1": a, "b": b}, {name: fake.detach() for name, fake in fakes.items()}, batch)

    def _train_both(self, reals: Mapping[str, Tensor], fakes: Mapping[str, Tensor],
                    batch: Mapping[str, Any]) -> dict[str, Tensor]:
        parts: dict[str, Tensor] = {}
        self.optimisers["disc"].zero_grad(set_to_none=True)
        for k, domain in enumerate(DOMAINS):
            critic = self.critics[domain]
            penalty, loss = critic_losses(self.objective, self.norm, domain, critic, reals[domain], fakes[domain],
                                          batch["alpha"][k], bare=self.bare.get(f"disc_{domain}"))
            loss = loss * (2 if domain == "a1" else 1)  # A is one domain here: no half of it to share
            self.backward(loss if penalty is None else loss + penalty)
            parts |= {f"disc_{domain[0]}": loss.detach()}
            if penalty is not None:
                parts[f"gp_{domain[0]}"] = penalty.detach()
        self._clip("disc")
        self.optimisers["disc"].step()
        return parts
