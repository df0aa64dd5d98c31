"""What one backward costs: the closed form, and the full-covariance form that the published code follows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from quakebook.bugfinv.objective.bayes.fusion import fuse
from quakebook.bugfinv.objective.bayes.moments import MIN_VAR
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior
from quakebook.bugfinv.objective.bayes.rows import fused_gradient

CLOSED, FULL = "closed form, one pass", "full covariance per row"


@dataclass(frozen=True)
class Batch:
    """Random features with the scale of a trained network's, labels that depend on them, and full data."""

    features: Tensor
    labels: Tensor
    full: Statistics

    @classmethod
    def random(cls, rows: int, d: int = 64, outputs: int = 3, seed: int = 0, dtype: torch.dtype = torch.float32,
               device: str = "cpu", full_rows: int = 8192) -> Batch:
        g = torch.Generator().manual_seed(seed)
        w = torch.randn(d, outputs, generator=g, dtype=dtype) / d**0.5

        def draw(n: int) -> tuple[Tensor, Tensor]:
            h = torch.randn(n, d, generator=g, dtype=dtype).relu_()
            return h.to(device), (h @ w + 0.1 * torch.randn(n, outputs, generator=g, dtype=dtype)).to(device)

        full = Statistics.of(*draw(full_rows), bias=False)
        return cls(*draw(rows), full)


def closed_form(batch: Batch, prior_variance: float = 0.001, noise_variance: float = 1.0) -> Tensor:
    """Posterior and fused gradient (rows, d), as `BUGFInv.backward` computes them."""
    outputs = batch.labels.shape[1]
    groups = posterior(batch.full + Statistics.of(batch.features, batch.labels, False), prior_variance,
                       (noise_variance,) * outputs)
    return fused_gradient(batch.features, batch.labels, groups).gradient


def full_covariance(batch: Batch, prior_variance: float = 0.001, noise_variance: float = 1.0) -> Tensor:
    """The same gradient from whole d x d covariances of every row and task, O(d^3) a row and O(d^2) memory a row.

    Cov[g] = 4 (E[s^2 w w^T] - E[s w] E[s w]^T) with s = w^T h - y, where E[s^2 w w^T] is built, as the published code
    does, from products of d x d matrices; its diagonal alone is used.
    """
    h, y = batch.features, batch.labels
    statistics = batch.full + Statistics.of(h, y, False)
    (group,) = posterior(statistics, prior_variance, (noise_variance,) * y.shape[1])
    sigma, means = group.posterior.covariance.to(h), group.posterior.mean.to(h)
    outer_h = h[:, :, None] * h[:, None, :]  # (rows, d, d)
    expected, variance = [], []
    for t, mu in enumerate(means):
        second = sigma + torch.outer(mu, mu)
        through = sigma @ outer_h @ sigma  # (rows, d, d)
        v, q, m = h @ sigma, (h @ sigma * h).sum(1)[:, None, None], (h @ mu - y[:, t])
        cross = v[:, :, None] * mu
        moment = (m**2)[:, None, None] * second + q * second + 2 * through
        moment = moment + 2 * m[:, None, None] * (cross + cross.mT)
        first = v + m[:, None] * mu
        covariance = 4 * (moment - first[:, :, None] * first[:, None, :])
        expected.append(2 * first)
        variance.append(torch.diagonal(covariance, dim1=1, dim2=2).clamp_min(MIN_VAR))
    return fuse(torch.stack(expected, 1), torch.stack(variance, 1))


def milliseconds(work: Callable[[], Tensor], repeats: int, device: str = "cpu") -> float:
    """Smallest time of several calls, after one that does not count.

    On the CPU it is processor time, which a busy machine disturbs less; with one thread it is the wall time of an idle
    one. On a GPU it is wall time, kernels finished.
    """
    clock = time.process_time if device == "cpu" else time.perf_counter
    best = float("inf")
    for k in range(repeats + 1):
        if device != "cpu":
            torch.cuda.synchronize()
        begin = clock()
        work()
        if device != "cpu":
            torch.cuda.synchronize()
        if k:
            best = min(best, clock() - begin)
    return 1000 * best


def cost_table(rows: Sequence[int], full_rows: Sequence[int], device: str = "cpu", repeats: int = 3) -> pd.DataFrame:
    """Columns form, rows, milliseconds; the slow form only for `full_rows`."""
    found = []
    for form, work, sizes in ((FULL, full_covariance, full_rows), (CLOSED, closed_form, rows)):
        for n in sizes:
            batch = Batch.random(n, device=device)
            found.append((f"{form}, {device}", n, milliseconds(lambda w=work, b=batch: w(b), repeats, device)))
    return pd.DataFrame(found, columns=["form", "rows", "milliseconds"])
