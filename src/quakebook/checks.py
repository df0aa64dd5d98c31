"""Checks at the public edge that several modules share."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def require_finite(**tensors: Tensor) -> None:
    """Raise a ValueError that names the first tensor with NaN or infinite values and where the first one stands."""
    for name, tensor in tensors.items():
        if tensor.numel() and tensor.dtype.is_floating_point and not _all_finite(tensor.detach()):
            bad = ~torch.isfinite(tensor)
            where = tuple(int(i) for i in bad.nonzero()[0])
            raise ValueError(f"`{name}` holds {int(bad.sum())} NaN or infinite values, the first at index {where}")


def _all_finite(tensor: Tensor) -> bool:
    """The sum tells in one pass that all are finite; where it is not, a large one may have run over."""
    return math.isfinite(tensor.sum().item()) or bool(torch.isfinite(tensor).all())
