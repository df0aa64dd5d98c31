"""How the shares of the tasks are distributed in a trained network, and how far the fused gradient is from the mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.objective.bayes.fusion import shares
from quakebook.bugfinv.objective.bayes.moments import MIN_VAR, project, task_moments, variance_parts
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior

BINS = np.linspace(0.0, 1.0, 41)


@dataclass(frozen=True)
class ShareStudy:
    """Shares of every task, row and feature.

    Attributes
    ----------
    histogram : ndarray, shape (tasks, bins)
        Density per task over `BINS`.
    mean, deviation : ndarray, shape (tasks,)
    over_half, sign_conflict : float
        Part of the entries with a share above 0.5, and with expected gradients of different sign.
    by_residual : ndarray, shape (tasks,)
        Mean share of the task with the smallest residual of a row, of the next, and of that with the largest.
    cosine_features, cosine_encoder : float
        Between fused gradient and plain mean of the same expected gradients: at the features, and carried down to the
        parameters of the encoder.
    """

    histogram: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    over_half: float
    sign_conflict: float
    by_residual: np.ndarray
    cosine_features: float
    cosine_encoder: float

    @property
    def metrics(self) -> dict[str, float]:
        """All numbers under short names."""
        names = ("smallest", "middle", "largest")
        return {"share.sd": float(np.sqrt(np.mean(self.deviation**2))), "share.over_half": self.over_half,
                "sign_conflict": self.sign_conflict, "cosine.features": self.cosine_features,
                "cosine.encoder": self.cosine_encoder,
                **{f"share.residual_{name}": float(v) for name, v in zip(names, self.by_residual, strict=True)}}


def study(network: InversionNetwork, x: Tensor, y: Tensor, prior_variance: float, noise_variance: float,
          seed: int = 0) -> ShareStudy:
    """Shares at wells x (B, n_in, T) with normalised logs y (B, 3, T), as one training step sees them.

    The posterior knows these features twice, as in training: as the full data, and as the batch. The network is in
    training mode, with seeded dropout: batch normalisation then takes part in the gradient of the encoder.
    """
    network.train()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        features = network.shared_encoder(x)
    h, targets = features.detach().double().flatten(0, 1), y.movedim(1, -1).reshape(-1, 3).double()
    once = Statistics.of(h, targets, bias=True)
    (group,) = posterior(once + once, prior_variance, (noise_variance,) * 3)
    p = project(h, targets, group.posterior)
    parts = variance_parts(p, group.posterior)
    moments = [task_moments(p, parts, group.posterior.mean[t], p.m[:, t:t + 1]) for t in range(3)]
    expected = torch.stack([e for e, _ in moments], dim=1)  # (rows, 3, d)
    share = shares(torch.stack([v for _, v in moments], dim=1).clamp_min(MIN_VAR))
    fused, mean = (share * expected).sum(dim=1), expected.mean(dim=1)
    positive = (expected > 0).sum(dim=1)
    ranked = share.mean(dim=2).gather(1, p.m.abs().argsort(dim=1))
    return ShareStudy(
        np.stack([np.histogram(share[:, t].numpy(), BINS, density=True)[0] for t in range(3)]),
        share.mean(dim=(0, 2)).numpy(), share.std(dim=(0, 2), correction=0).numpy(),
        float((share.amax(dim=1) > 0.5).double().mean()), float(((positive > 0) & (positive < 3)).double().mean()),
        ranked.mean(dim=0).numpy(), _cosine(fused, mean),
        _cosine(*(_carried(network, features, g) for g in (fused, mean))))


def _carried(network: InversionNetwork, features: Tensor, gradient: Tensor) -> Tensor:
    """Gradient of the shared parameters, as one vector, for a gradient (rows, d) at the features."""
    pieces = torch.autograd.grad(features, network.shared_parameters(), gradient.reshape(features.shape).to(features),
                                 retain_graph=True, allow_unused=True)
    return torch.cat([piece.flatten() for piece in pieces if piece is not None])


def _cosine(a: Tensor, b: Tensor) -> float:
    return float(torch.nn.functional.cosine_similarity(a.flatten(), b.flatten(), dim=0))
