"""Losses of the Nash inversion code and of the BUGFInv loop."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class AndrewsLoss(nn.Module):
    """Robust loss under its published name: log(1 + (r / delta)^2) where r < delta, else r - delta / 2; mean.

    It is not Andrews' sine. With r = |prediction - target| it drops from 0.693 to 0.5 at r = delta = 1.

    Parameters
    ----------
    delta : float
    continuous : bool
        Add log 2 - delta / 2 to the outer branch, so that the drop vanishes.

    Examples
    --------
    >>> AndrewsLoss()(torch.tensor([2.0]), torch.tensor([0.0])).item()
    1.5
    """

    def __init__(self, delta: float = 1.0, continuous: bool = False) -> None:
        super().__init__()
        if delta <= 0:
            raise ValueError(f"`delta` must be positive; found {delta}")
        self.delta = delta
        self.lift = math.log(2.0) - delta / 2 if continuous else 0.0

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        r = (prediction - target).abs()
        inner = torch.log1p((r / self.delta) ** 2)
        return torch.where(r < self.delta, inner, r - self.delta / 2 + self.lift).mean()


def criterion(name: str) -> nn.Module:
    """A loss by name: "mse", "andrews" or "andrews_continuous"."""
    known = {"mse": nn.MSELoss, "andrews": AndrewsLoss, "andrews_continuous": lambda: AndrewsLoss(continuous=True)}
    if name not in known:
        raise ValueError(f"unknown loss {name!r}; known are {', '.join(known)}")
    return known[name]()


def supervision_share(epoch: float) -> float:
    """s = exp(-epoch / 1200): weight of the labelled losses; 1 - s is that of the seismic loss (Nash code)."""
    return math.exp(-epoch / 1200.0)
