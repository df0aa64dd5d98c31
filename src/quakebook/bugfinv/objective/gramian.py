"""Gradients of several losses and their inner products."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def gramian_of(losses: Tensor, inputs: Sequence[Tensor]) -> tuple[Tensor, list[list[Tensor]]]:
    """Inner products of the gradients of all losses with respect to `inputs`, all of these as one long vector.

    Parameters
    ----------
    losses : Tensor, shape (n,)
    inputs : sequence of Tensor
        Parameters, or the shared representation.

    Returns
    -------
    gramian : Tensor, shape (n, n), float64
    gradients : list of n lists of Tensor
        What the inner products were made of, shaped like `inputs`. The graph is kept.
    """
    gradients = []
    for loss in losses.unbind():
        found = torch.autograd.grad(loss, list(inputs), retain_graph=True, allow_unused=True)
        gradients.append([torch.zeros_like(x) if g is None else g for g, x in zip(found, inputs, strict=True)])
    n = len(gradients)
    gramian = torch.zeros(n, n, dtype=torch.float64, device=losses.device)
    for pieces in zip(*gradients, strict=True):
        rows = torch.stack([p.flatten() for p in pieces])
        gramian += (rows @ rows.T).to(torch.float64)
    return gramian, gradients


def floating(gramian: Tensor) -> Tensor:
    """The matrix in a floating type: whole numbers become the default float; complex numbers are refused."""
    if gramian.is_complex():
        raise ValueError(f"`gramian` must be real; found {gramian.dtype}")
    return gramian if gramian.is_floating_point() else gramian.to(torch.get_default_dtype())


def cosines(gramian: Tensor) -> Tensor:
    """Cosines between the gradients, in [-1, 1]; 0 where a gradient vanishes."""
    norms = torch.diagonal(gramian).clamp_min(0.0).sqrt()
    product = torch.outer(norms, norms)
    return torch.where(product > 0, gramian / product.clamp_min(torch.finfo(product.dtype).tiny), 0.0).clamp(-1.0, 1.0)
