"""Mean and variance of a task's gradient at one row, in closed form.

For a linear head w with posterior N(mu, Sigma), a feature row h and the squared error (w^T h - y)^2, the gradient
g = 2 (w^T h - y) w is a product of two jointly Gaussian quantities. With v = Sigma h, q = h^T Sigma h and
m = mu^T h - y,

    E[g]     = 2 (v + m mu)
    Var[g_i] = 4 [(m^2 + q) Sigma_ii + q mu_i^2 + 2 m mu_i v_i + v_i^2]

so a row costs O(d^2), where a full covariance costs O(d^3).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from quakebook.checks import require_finite

MIN_VAR = 1e-8  #: floor of a gradient variance, absolute (reference code)


@dataclass(frozen=True)
class HeadPosterior:
    """Gaussian posterior of the last layer of tasks that share one covariance.

    A bias that is modelled enters as three extra pieces instead of a column of ones, so that no copy of the features
    with one more column is ever made. Without a bias they are zero.

    Attributes
    ----------
    mean : Tensor, shape (outputs, d)
    covariance : Tensor, shape (d, d)
    bias_mean : Tensor, shape (outputs,)
    bias_covariance : Tensor, shape (d,)
        Covariance of the bias with each weight.
    bias_variance : Tensor, shape ()
    """

    mean: Tensor
    covariance: Tensor
    bias_mean: Tensor
    bias_covariance: Tensor
    bias_variance: Tensor

    @classmethod
    def without_bias(cls, mean: Tensor, covariance: Tensor) -> HeadPosterior:
        zero = covariance.new_zeros(())
        return cls(mean, covariance, mean.new_zeros(mean.shape[0]), zero.expand(covariance.shape[0]), zero)

    @classmethod
    def with_bias(cls, mean: Tensor, covariance: Tensor) -> HeadPosterior:
        """From a mean (outputs, d + 1) and a covariance (d + 1, d + 1) whose last entry is the bias."""
        return cls(mean[:, :-1].contiguous(), covariance[:-1, :-1].contiguous(), mean[:, -1].contiguous(),
                   covariance[-1, :-1].contiguous(), covariance[-1, -1])

    def to(self, dtype: torch.dtype, device: torch.device | None = None) -> HeadPosterior:
        pieces = (getattr(self, name) for name in self.__dataclass_fields__)
        return HeadPosterior(*(piece.to(dtype=dtype, device=device) for piece in pieces))


@dataclass(frozen=True)
class Projections:
    """What all tasks of one covariance share at each row: v (rows, d), q (rows, 1), and the residuals m (rows, o)."""

    v: Tensor
    q: Tensor
    m: Tensor


def project(features: Tensor, labels: Tensor, posterior: HeadPosterior) -> Projections:
    """v = Sigma h, q = h^T Sigma h >= 0 and m = mu^T h - y for every row."""
    v = torch.addmm(posterior.bias_covariance, features, posterior.covariance)  # (rows, d)
    q = torch.linalg.vecdot(v, features) + features @ posterior.bias_covariance + posterior.bias_variance
    m = torch.addmm(posterior.bias_mean, features, posterior.mean.T) - labels  # (rows, o)
    return Projections(v, q.clamp_min(0.0).unsqueeze(1), m)


def variance_parts(p: Projections, posterior: HeadPosterior) -> tuple[Tensor, Tensor, Tensor]:
    """The parts of the variance that do not depend on the task.

    The variance is summed in a form whose terms are all non-negative, so that float32 cannot return a negative one:
    Var/4 = (m r_i + mu_i v_i / r_i)^2 + mu_i^2 (q - v_i^2 / Sigma_ii) + q Sigma_ii + v_i^2 with r_i = sqrt(Sigma_ii);
    the bracket is >= 0 by Cauchy-Schwarz.

    Returns
    -------
    deviation : Tensor, shape (d,)
        r.
    slack : Tensor, shape (rows, d)
        q - v^2 / Sigma_ii.
    base : Tensor, shape (rows, d)
        q Sigma_ii + v^2.
    """
    diagonal = torch.diagonal(posterior.covariance).clamp_min(0.0)
    squared = p.v * p.v
    safe = diagonal.clamp_min(torch.finfo(diagonal.dtype).tiny)
    slack = (p.q - squared / safe).clamp_min_(0.0)
    return safe.sqrt(), slack, torch.addcmul(squared, p.q, diagonal)


def task_moments(p: Projections, parts: tuple[Tensor, Tensor, Tensor], mean: Tensor, residual: Tensor
                 ) -> tuple[Tensor, Tensor]:
    """E[g] and Var[g] (rows, d) of one task with head mean `mean` (d,) and residuals `residual` (rows, 1)."""
    deviation, slack, base = parts
    expected = torch.addcmul(p.v, residual, mean).mul_(2.0)
    cross = (p.v * (mean / deviation)).addcmul_(residual, deviation)
    variance = torch.addcmul(base, slack, mean * mean).addcmul_(cross, cross).mul_(4.0)
    return expected, variance


def gradient_moments(features: Tensor, labels: Tensor, mean: Tensor, covariance: Tensor, sqrt_power: float = 1.0,
                     min_var: float = MIN_VAR) -> tuple[Tensor, Tensor]:
    """Expected gradient of the squared error of each row and output, and its variance.

    Parameters
    ----------
    features : Tensor, shape (rows, d)
    labels : Tensor, shape (rows, outputs)
    mean : Tensor, shape (outputs, d)
        Posterior mean of the heads.
    covariance : Tensor, shape (d, d)
        Posterior covariance, the same for all outputs.
    sqrt_power : float
        Exponent put on the variance after the floor.
    min_var : float
        Floor of the variance, absolute.

    Returns
    -------
    expected, variance : Tensor, shape (rows, outputs, d)
        Of the features' dtype. The variance is after floor and power. No rows give empty tensors.

    Examples
    --------
    >>> h, y = torch.ones(1, 2), torch.zeros(1, 1)
    >>> expected, variance = gradient_moments(h, y, torch.ones(1, 2), torch.zeros(2, 2))
    >>> expected.tolist(), variance.flatten().tolist()
    ([[[4.0, 4.0]]], [9.99999993922529e-09, 9.99999993922529e-09])
    """
    _check_shapes(features, labels, mean, covariance)
    labels, mean, covariance = (x.to(features) for x in (labels, mean, covariance))
    posterior = HeadPosterior.without_bias(mean, covariance)
    p = project(features, labels, posterior)
    parts = variance_parts(p, posterior)
    moments = [task_moments(p, parts, mean[t], p.m[:, t:t + 1]) for t in range(len(mean))]
    expected = torch.stack([e for e, _ in moments], dim=1)
    variance = torch.stack([v for _, v in moments], dim=1).clamp_min_(min_var)
    return expected, variance if sqrt_power == 1.0 else variance.pow_(sqrt_power)


def _check_shapes(features: Tensor, labels: Tensor, mean: Tensor, covariance: Tensor) -> None:
    if features.ndim != 2 or labels.ndim != 2 or mean.ndim != 2 or covariance.ndim != 2:
        found = ", ".join(str(tuple(x.shape)) for x in (features, labels, mean, covariance))
        raise ValueError("`features` (rows, d), `labels` (rows, outputs), `mean` (outputs, d) and `covariance` (d, d) "
                         f"must have two axes each; found {found}")
    (rows, d), outputs = features.shape, len(mean)
    expected = {"labels": (labels, (rows, outputs)), "mean": (mean, (outputs, d)), "covariance": (covariance, (d, d))}
    for name, (tensor, shape) in expected.items():
        if tuple(tensor.shape) != shape:
            raise ValueError(f"`{name}` must have shape {shape} for {rows} rows of {d} features and {outputs} "
                             f"outputs; found {tuple(tensor.shape)}")
    if not features.dtype.is_floating_point:
        raise ValueError(f"`features` must be floating point; found {features.dtype}")
    require_finite(features=features, labels=labels, mean=mean, covariance=covariance)
