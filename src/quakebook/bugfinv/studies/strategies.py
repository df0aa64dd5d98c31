"""Combination rules compared on a problem of two tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from quakebook.bugfinv.objective.bayes.fusion import fuse, shares
from quakebook.bugfinv.objective.bayes.moments import gradient_moments
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior
from quakebook.bugfinv.objective.nash import nash_weights


@dataclass(frozen=True)
class Strategies:
    """What each strategy makes of one batch: the shared gradient at the features (rows, d), and how it weighs.

    `tasks` (3, rows, d) are the plain task gradients; `expected` and `deviation` (rows, 3, d) those under the
    posterior; `nash` are the Nash weights (3,), `share` BUGFInv's (rows, 3, d).
    """

    tasks: np.ndarray
    summed: np.ndarray
    nash: np.ndarray
    nash_gradient: np.ndarray
    expected: np.ndarray
    deviation: np.ndarray
    share: np.ndarray
    fused: np.ndarray


def compute(features: torch.Tensor, labels: torch.Tensor, heads: torch.Tensor, prior_variance: float = 0.001,
            noise_variance: float = 1.0) -> Strategies:
    """All three strategies for features (rows, d), labels (rows, 3) and head weights (3, d), in float64."""
    h, y, w = (x.double() for x in (features, labels, heads))
    tasks = torch.stack([2 * (h @ w[t] - y[:, t])[:, None] * w[t] / len(h) for t in range(3)])
    flat = tasks.flatten(1)
    alpha = nash_weights(flat @ flat.T)
    (group,) = posterior(Statistics.of(h, y, bias=False), prior_variance, (noise_variance,) * 3)
    expected, variance = gradient_moments(h, y, group.posterior.mean, group.posterior.covariance)
    pieces = (tasks, tasks.sum(0), alpha, torch.einsum("t,tri->ri", alpha, tasks), expected / len(h),
              variance.sqrt() / len(h), shares(variance), fuse(expected, variance))
    return Strategies(*(piece.numpy() for piece in pieces))
