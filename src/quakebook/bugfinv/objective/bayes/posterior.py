"""Posterior of the linear heads in information form: precision and precision times mean, in float64.

    full data:  L_f = I / gamma + F^T F / s2      eta_f = F^T Y_f / s2
    batch:      L   = L_f + H^T H / s2            eta   = eta_f + H^T Y / s2
    Sigma = L^-1,  mu = L^-1 eta

gamma is the prior VARIANCE and s2 the noise VARIANCE. The precision does not depend on the labels: all tasks with one
noise variance share one covariance, so tasks are grouped by it and each group costs one Cholesky factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .moments import HeadPosterior

CHUNK_ROWS = 16_384


@dataclass
class Statistics:
    """Sums over rows that are all a posterior needs: H^T H (D, D), H^T Y (D, outputs), and the number of rows.

    D is d, or d + 1 with a column of ones for the bias. float64, a few kilobytes, whatever the number of rows.
    """

    gram: Tensor
    cross: Tensor
    rows: int
    bias: bool

    @classmethod
    def empty(cls, d: int, outputs: int, bias: bool, device: torch.device | str = "cpu") -> Statistics:
        size = d + int(bias)
        gram, cross = (torch.zeros(size, width, dtype=torch.float64, device=device) for width in (size, outputs))
        return cls(gram, cross, 0, bias)

    @classmethod
    def of(cls, features: Tensor, labels: Tensor, bias: bool) -> Statistics:
        """Of features (rows, d) and labels (rows, outputs)."""
        new = cls.empty(features.shape[1], labels.shape[1], bias, features.device)
        new.add(features, labels)
        return new

    def add(self, features: Tensor, labels: Tensor, chunk_rows: int = CHUNK_ROWS) -> None:
        """Add rows, in chunks: the extra memory does not grow with their number."""
        for rows, targets in zip(features.split(chunk_rows), labels.split(chunk_rows), strict=True):
            h, y = rows.to(torch.float64), targets.to(torch.float64)
            d = h.shape[1]
            self.gram[:d, :d].addmm_(h.T, h)
            self.cross[:d].addmm_(h.T, y)
            if self.bias:
                sums = h.sum(dim=0)
                self.gram[d, :d] += sums
                self.gram[:d, d] += sums
                self.gram[d, d] += len(h)
                self.cross[d] += y.sum(dim=0)
        self.rows += len(features)

    def to(self, device: torch.device) -> Statistics:
        return Statistics(self.gram.to(device), self.cross.to(device), self.rows, self.bias)

    def __add__(self, other: Statistics) -> Statistics:
        return Statistics(self.gram + other.gram, self.cross + other.cross, self.rows + other.rows, self.bias)


@dataclass(frozen=True)
class TaskGroup:
    """Outputs that share a noise variance, and their posterior in float64."""

    outputs: tuple[int, ...]
    noise_variance: float
    posterior: HeadPosterior


def posterior(statistics: Statistics, prior_variance: float, noise_variances: Sequence[float]) -> list[TaskGroup]:
    """Posterior of all outputs.

    Parameters
    ----------
    statistics : Statistics
        No rows give the prior: mean zero, covariance `prior_variance` times the unit matrix.
    prior_variance : float
        gamma > 0.
    noise_variances : sequence of float
        s2 > 0, one per output.

    Returns
    -------
    list of TaskGroup
        One per distinct noise variance, in order of first appearance.
    """
    groups = []
    for noise in dict.fromkeys(noise_variances):
        outputs = tuple(t for t, s2 in enumerate(noise_variances) if s2 == noise)
        precision = statistics.gram / noise
        precision.diagonal().add_(1.0 / prior_variance)
        factor = psd_safe_cholesky(precision)
        everything = len(outputs) == statistics.cross.shape[1]  # a list of columns would be moved to the device first
        eta = (statistics.cross if everything else statistics.cross[:, list(outputs)]) / noise
        mean, covariance = (solved_together if eta.is_cuda else solved)(factor, eta)
        build = HeadPosterior.with_bias if statistics.bias else HeadPosterior.without_bias
        groups.append(TaskGroup(outputs, noise, build(mean.T.contiguous(), covariance)))
    return groups


def solved(factor: Tensor, eta: Tensor) -> tuple[Tensor, Tensor]:
    """Mean L^-1 eta (D, outputs) and covariance L^-1 (D, D) from the Cholesky factor of L."""
    return torch.cholesky_solve(eta, factor), torch.cholesky_inverse(factor)


def solved_together(factor: Tensor, eta: Tensor) -> tuple[Tensor, Tensor]:
    """The same from one solve: on a GPU each call of the solver costs more than its arithmetic."""
    unit = torch.eye(len(factor), dtype=factor.dtype, device=factor.device)
    both = torch.cholesky_solve(torch.cat([eta, unit], dim=1), factor)
    return both[:, :eta.shape[1]], both[:, eta.shape[1]:]


def psd_safe_cholesky(matrix: Tensor, jitter: float | None = None, tries: int = 25) -> Tensor:
    """Cholesky factor, with a growing jitter on the diagonal where the matrix is not quite positive definite.

    Jitter starts at 1e-7 (float32) or 1e-9 (float64) and grows tenfold up to `tries` times; a matrix that stays
    indefinite raises ValueError.
    """
    factor, info = torch.linalg.cholesky_ex(matrix)
    jitter = jitter if jitter is not None else (1e-9 if matrix.dtype == torch.float64 else 1e-7)
    for k in range(tries):
        if not bool(info.any()):
            return factor
        shifted = matrix.clone()
        shifted.diagonal(dim1=-2, dim2=-1).add_(jitter * 10.0**k)
        factor, info = torch.linalg.cholesky_ex(shifted)
    if not bool(info.any()):
        return factor
    raise ValueError(f"the {tuple(matrix.shape)} matrix is not positive definite, even with jitter "
                     f"{jitter * 10.0 ** (tries - 1):g}")
