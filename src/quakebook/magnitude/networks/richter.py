"""Richter's way: magnitude as a regression on amplitude and distance, no network at all."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Richter(nn.Module):
    """M = quadratic polynomial of log10 peak velocity (m/s) and log10 S-P time (s), fitted by least squares.

    Where the S-P time is NaN, a quadratic polynomial of the amplitude alone answers; where the amplitude is NaN too,
    the mean of the training magnitudes.
    """

    N_TERMS = 6
    N_ALONE = 3

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("coefficients", torch.zeros(self.N_TERMS, dtype=torch.float64))
        self.register_buffer("amplitude_alone", torch.zeros(self.N_ALONE, dtype=torch.float64))
        self.register_buffer("mean", torch.zeros((), dtype=torch.float64))

    @staticmethod
    def terms(log_peak: Tensor, log_sp: Tensor) -> Tensor:
        """1, a, a^2, s, a s, s^2 for a = `log_peak`, s = `log_sp`: shape ``(records, 6)``."""
        a, s = log_peak.double(), log_sp.double()
        return torch.stack([torch.ones_like(a), a, a * a, s, a * s, s * s], dim=-1)

    def fit(self, log_peak: Tensor, log_sp: Tensor, magnitude: Tensor) -> Richter:
        """Least squares over the records that have what a polynomial needs; all have shape ``(records,)``."""
        terms, magnitude = self.terms(log_peak, log_sp), magnitude.double()
        both, loud = log_peak.isfinite() & log_sp.isfinite(), log_peak.isfinite()
        if int(both.sum()) < self.N_TERMS:
            raise ValueError(f"the regression needs at least {self.N_TERMS} records with amplitude and S-P time; "
                             f"found {int(both.sum())}")
        self.coefficients.copy_(torch.linalg.lstsq(terms[both], magnitude[both, None]).solution[:, 0])
        alone = terms[loud, :self.N_ALONE]
        self.amplitude_alone.copy_(torch.linalg.lstsq(alone, magnitude[loud, None]).solution[:, 0])
        self.mean.copy_(magnitude.mean())
        return self

    def forward(self, log_peak: Tensor, log_sp: Tensor) -> Tensor:
        terms = self.terms(log_peak, log_sp)
        both, alone = terms @ self.coefficients, terms[:, :self.N_ALONE] @ self.amplitude_alone
        return both.where(both.isfinite(), alone.where(alone.isfinite(), self.mean))

    def get_model_args(self) -> dict:
        return {}
