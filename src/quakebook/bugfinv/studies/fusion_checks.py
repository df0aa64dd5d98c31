"""Small computations that show the fusion at work: agreement with the slow form and with random draws, checks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from quakebook.bugfinv.objective.bayes.fusion import shares
from quakebook.bugfinv.objective.bayes.moments import gradient_moments
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior
from quakebook.bugfinv.objective.nash import nash_weights

from .cost import Batch, closed_form, full_covariance


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of one row's gradient (outputs, d): closed form and from random heads."""

    mean: np.ndarray
    deviation: np.ndarray
    drawn_mean: np.ndarray
    drawn_deviation: np.ndarray


def draw_moments(row: int = 0, d: int = 12, draws: int = 200_000, seed: int = 0) -> Moments:
    """Draw heads from their posterior, differentiate, and compare with the closed form."""
    batch = Batch.random(40, d=d, seed=seed, dtype=torch.float64, full_rows=1)
    h, y = batch.features, batch.labels
    (group,) = posterior(Statistics.of(h, y, bias=False), 1.0, (0.5,) * 3)
    mu, sigma = group.posterior.mean, group.posterior.covariance
    expected, variance = gradient_moments(h, y, mu, sigma)
    noise = torch.randn(draws, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    steps = noise @ torch.linalg.cholesky(sigma).T
    drawn = [_statistics(2 * ((mu[t] + steps) @ h[row] - y[row, t])[:, None] * (mu[t] + steps)) for t in range(3)]
    return Moments(expected[row].numpy(), variance[row].sqrt().numpy(), np.stack([a for a, _ in drawn]),
                   np.stack([b for _, b in drawn]))


def fusion_metrics(seed: int = 0) -> dict[str, float]:
    """What must hold in float64, measured: agreement with the slow form, weights that sum to 1, Nash's fixed point."""
    batch = Batch.random(60, d=24, seed=seed, dtype=torch.float64, full_rows=200)
    fast, slow = closed_form(batch), full_covariance(batch)
    (group,) = posterior(Statistics.of(batch.features, batch.labels, bias=False), 1.0, (0.05,) * 3)
    _, variance = gradient_moments(batch.features, batch.labels, group.posterior.mean, group.posterior.covariance)
    part = shares(variance)
    return {"fusion.oracle_error": float((fast - slow).norm() / slow.norm()),
            "fusion.share_sum_error": float((part.sum(1) - 1).abs().max()),
            "fusion.share_smallest": float(part.min()), "fusion.share_largest": float(part.max()),
            "fusion.nash_residual": nash_residual(seed)}


def nash_residual(seed: int = 0, problems: int = 300) -> float:
    """Largest |alpha_t (G alpha)_t - 1| over random problems with gradient norms from 1e-3 to 1e3."""
    rng = np.random.default_rng(seed)
    worst = 0.0
    for _ in range(problems):
        g = rng.normal(size=(3, 40)) * 10.0 ** rng.uniform(-3, 3, size=(3, 1))
        alpha = nash_weights(g @ g.T)
        worst = max(worst, float(np.abs(alpha * (g @ g.T @ alpha) - 1).max()))
    return worst


def _statistics(values: Tensor) -> tuple[np.ndarray, np.ndarray]:
    return values.mean(0).numpy(), values.std(0).numpy()
