"""Richter's way: magnitude as a regression on amplitude and distance, no network at all."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Richter(nn.Module):
    """M = quadratic polynomial of log10 peak velocity (m/s) and log10 S-P time (s), fitted by least squares."""

    N_TERMS = 6

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("coefficients", torch.zeros(self.N_TERMS, dtype=torch.float64))

    @staticmethod
    def terms(log_peak: Tensor, log_sp: Tensor) -> Tensor:
        """1, a, s, a^2, a s, s^2 for a = `log_peak`, s = `log_sp`: shape ``(records, 6)``."""
        a, s = log_peak.double(), log_sp.double()
        return torch.stack([torch.ones_like(a), a, s, a * a, a * s, s * s], dim=-1)

    def fit(self, log_peak: Tensor, log_sp: Tensor, magnitude: Tensor) -> Richter:
        """Least squares over records; `magnitude` has shape ``(records,)``."""
        if len(magnitude) < self.N_TERMS:
            raise ValueError(f"the regression needs at least {self.N_TERMS} records; found {len(magnitude)}")
        solution = torch.linalg.lstsq(self.terms(log_peak, log_sp), magnitude.double()[:, None]).solution
        self.coefficients.copy_(solution[:, 0])
        return self

    def forward(self, log_peak: Tensor, log_sp: Tensor) -> Tensor:
        return self.terms(log_peak, log_sp) @ self.coefficients

    def get_model_args(self) -> dict:
        return {}
