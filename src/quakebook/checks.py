"""Checks at the public edge that several modules share."""

from __future__ import annotations

import torch
from torch import Tensor


def require_finite(**tensors: Tensor) -> None:
    """Raise a ValueError that names the first tensor with NaN or infinite values and where the first one stands."""
    for name, tensor in tensors.items():
        if tensor.numel() and tensor.dtype.is_floating_point and not bool(torch.isfinite(tensor).all()):
            bad = ~torch.isfinite(tensor)
            where = tuple(int(i) for i in bad.nonzero()[0])
            raise ValueError(f"`{name}` holds {int(bad.sum())} NaN or infinite values, the first at index {where}")
