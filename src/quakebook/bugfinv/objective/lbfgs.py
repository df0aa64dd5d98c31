"""Model-based inversion of all traces at once with L-BFGS. No source gives any detail; this version is this book's.

The unknown of each sample is u with ln(Vp, Vs, rho) = x_low + C^(1/2) u, where C is the covariance, at the wells, of
what the low-passed logs leave. Minimised is

    1/2 |f(x) - d|^2 / sigma_n^2 + mu/2 |u|^2 + tv sum sqrt((du/dt)^2 + 0.01).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from quakebook.bugfinv.data.first_guess import low_pass
from quakebook.bugfinv.data.survey import Survey


@dataclass(frozen=True)
class LBFGSResult:
    """Inverted volume (traces, 3, T) in physical units, evaluations, and misfit normalised to 1 at noise level."""

    volume: Tensor
    evaluations: int
    misfit: float
    objective: tuple[float, ...]


def invert(survey: Survey, mu: float = 1.0, tv: float = 2.0, iterations: int = 60, history: int = 10) -> LBFGSResult:
    """Invert the gathers of a survey, starting from its initial model."""
    data = survey.gathers * survey.seismic_std + survey.seismic_mean
    low = torch.log(survey.initial)
    root = _root_covariance(survey).to(low)
    u = torch.zeros_like(low, requires_grad=True)
    optimiser = torch.optim.LBFGS([u], max_iter=iterations, history_size=history, line_search_fn="strong_wolfe",
                                  max_eval=iterations * 5 // 4 + 1, tolerance_grad=0.0, tolerance_change=0.0)
    trail: list[float] = []
    noise = max(survey.noise_std, 1e-6 * survey.seismic_std)

    def closure() -> Tensor:
        optimiser.zero_grad()
        residual = (survey.forward(low + root @ u) - data) / noise
        value = 0.5 * residual.square().sum() + 0.5 * mu * u.square().sum()
        value = value + tv * torch.sqrt(torch.diff(u, dim=-1).square() + 0.01).sum()
        value.backward()
        trail.append(float(value.detach()))
        return value

    optimiser.step(closure)
    with torch.no_grad():
        logs = low + root @ u
        misfit = float(((survey.forward(logs) - data) / noise).square().mean())
    if not np.isfinite(misfit):
        raise FloatingPointError("the L-BFGS inversion diverged: its misfit is not finite")
    return LBFGSResult(torch.exp(logs), len(trail), misfit, tuple(trail))


def _root_covariance(survey: Survey) -> Tensor:
    """Symmetric square root (3, 3) of the covariance of ln(log) - ln(low-passed log) at the wells."""
    logs = survey.true[survey.train].double().numpy()
    rest = np.log(logs) - np.log(low_pass(logs, survey.dt_s))
    values, vectors = np.linalg.eigh(np.cov(rest.transpose(1, 0, 2).reshape(3, -1)))
    return torch.from_numpy(vectors @ np.diag(np.sqrt(np.clip(values, 1e-12, None))) @ vectors.T)
