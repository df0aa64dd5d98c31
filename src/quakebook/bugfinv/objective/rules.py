"""How three task losses become one shared gradient: constant weights, a solver's weights, or BUGFInv's fusion.

Every rule is called with the losses, the network and its features, puts gradients on all parameters, and returns the
weights that it gave to the tasks.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor, nn

from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.settings import BUGFInvConfig

from .bayes.aggregator import BUGFInv
from .gramian import gramian_of
from .nash import NashMTL
from .scalarised import SCALARISED
from .solvers import weights

#: What BUGFInv logs while it warms up with the plain sum, which is the plain mean in direction.
PLAIN = {"clamped": 0.0, "share.sd": 0.0, "share.over_half": 0.0, "sign_conflict": 0.0,
         "cosine.plain_mean": 1.0}


class Rule(Protocol):
    """Called once a step; returns what to log, under names that do not change."""

    def __call__(self, losses: Tensor, network: InversionNetwork, features: Tensor, labels: Tensor
                 ) -> dict[str, Tensor]: ...


class ConstantWeights:
    """One backward of the weighted sum."""

    def __init__(self, task_weights: tuple[float, float, float]) -> None:
        self.weights = task_weights

    def __call__(self, losses: Tensor, network: InversionNetwork, features: Tensor, labels: Tensor
                 ) -> dict[str, Tensor]:
        alpha = losses.new_tensor(self.weights)
        (losses * alpha).sum().backward()
        return {"weights": alpha}


class NashRule:
    """Nash weights, with the shared gradient clipped."""

    def __init__(self, on: str, max_norm: float, update_weights_every: int) -> None:
        self.on = on
        self.method = NashMTL(3, max_norm=max_norm, update_weights_every=update_weights_every)

    def __call__(self, losses: Tensor, network: InversionNetwork, features: Tensor, labels: Tensor
                 ) -> dict[str, Tensor]:
        _, extra = self.method.backward(losses, network.shared_parameters(), network.task_specific_parameters(),
                                        network.last_shared_parameters(),
                                        representation=features if self.on == "features" else None)
        return {"weights": extra["weights"]}


class SolverRule:
    """Weights of one of `solvers.METHODS` from the Gram matrix; each head is driven by its own task, unweighted."""

    def __init__(self, method: str, on: str) -> None:
        self.method, self.on = method, on

    def __call__(self, losses: Tensor, network: InversionNetwork, features: Tensor, labels: Tensor
                 ) -> dict[str, Tensor]:
        shared = network.shared_parameters()
        gramian, gradients = gramian_of(losses, [features] if self.on == "features" else shared)
        alpha = weights(gramian, self.method).to(losses)
        heads = network.task_specific_parameters()
        for parameter, gradient in zip(heads, torch.autograd.grad(losses.sum(), heads, retain_graph=True), strict=True):
            parameter.grad = gradient
        if self.on == "features":
            features.backward(gradient=_combine(alpha, [g[0] for g in gradients]))
            return {"weights": alpha}
        for k, parameter in enumerate(shared):
            parameter.grad = _combine(alpha, [g[k] for g in gradients])
        return {"weights": alpha}


class BayesRule:
    """BUGFInv; the full training data are the features of the previous step, as one step is one epoch here."""

    def __init__(self, cfg: BUGFInvConfig) -> None:
        b = cfg.objective.bayes
        self.aggregator = BUGFInv(
            agg_scheme_hps={"min_var": b.min_var}, model_bias=b.model_bias, warmup_steps=b.warmup_steps, summary=True,
            reg_hps={"gamma": b.gamma, "obs_noise": b.obs_noise, "sqrt_power": b.sqrt_power})

    def __call__(self, losses: Tensor, network: InversionNetwork, features: Tensor, labels: Tensor
                 ) -> dict[str, Tensor]:
        targets = list(labels.unbind(dim=1))
        self.aggregator.backward(losses, network.task_specific_parameters(), features, targets)
        self.aggregator.accumulate(features.detach(), targets)
        self.aggregator.end_epoch()
        last = self.aggregator.last
        if last is None:  # still warming up with the plain sum
            return {"weights": torch.ones_like(losses).detach(),
                    **{name: losses.new_full((), value) for name, value in PLAIN.items()}}
        return {"weights": last.share, "clamped": last.clamped, "share.sd": last.spread,
                "share.over_half": last.dominated, "sign_conflict": last.conflict, "cosine.plain_mean": last.cosine}

    def state_dict(self) -> dict[str, Any]:
        return self.aggregator.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.aggregator.load_state_dict(state)


def make(cfg: BUGFInvConfig) -> Rule:
    """The rule of a configuration's method."""
    objective, solver = cfg.objective, cfg.objective.solver
    if objective.method == "cw":
        return ConstantWeights(objective.task_weights)
    if objective.method in SCALARISED:
        return SCALARISED[objective.method](cfg.optimiser.lr)
    if objective.method == "nash":
        return NashRule(solver.on, solver.max_norm, solver.update_weights_every)
    return BayesRule(cfg) if objective.method == "bugfinv" else SolverRule(objective.method, solver.on)


def to_unit_length(network: InversionNetwork) -> None:
    """Divide all gradients by the norm of the shared one, so that it becomes 1."""
    gradients = [p.grad for p in network.parameters() if p.grad is not None]
    norm = nn.utils.get_total_norm([p.grad for p in network.shared_parameters() if p.grad is not None])
    torch._foreach_div_(gradients, norm.clamp_min(torch.finfo(norm.dtype).tiny))


def add_plain(loss: Tensor, parameters: list[nn.Parameter]) -> None:
    """Add the plain gradient of a loss to what stands on the parameters."""
    gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        if gradient is not None:
            parameter.grad = gradient if parameter.grad is None else parameter.grad + gradient


def _combine(alpha: Tensor, gradients: list[Tensor]) -> Tensor:
    return sum((a * g for a, g in zip(alpha.unbind(), gradients, strict=True)), torch.zeros_like(gradients[0]))
