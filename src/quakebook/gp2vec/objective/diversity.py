"""How many codes a batch uses, and the loss that asks for all of them."""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor

#: Added inside the logarithm: the gradient of p log p is -infinity times 0 where a mean probability underflows.
EPS = 1e-7


def mean_probabilities(probabilities: Tensor, weights: Tensor) -> Tensor:
    """Mean code distribution (G, V) of rows (..., G, V) with weights (...), over all processes."""
    flat, weight = probabilities.flatten(0, -3), weights.flatten().to(probabilities.dtype)
    total = torch.einsum("ngv,n->gv", flat, weight)
    count = weight.sum()
    if dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1:
        total = _Summed.apply(total)
        count = _summed(count)
    return total / count.clamp_min(1)


class _Summed(torch.autograd.Function):
    """Sum over the processes; a gradient reaches the part of every process, so it is summed as well."""

    @staticmethod
    def forward(ctx: object, tensor: Tensor) -> Tensor:
        return _summed(tensor)

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:
        return _summed(gradient)


def _summed(tensor: Tensor) -> Tensor:
    tensor = tensor.clone()
    dist.all_reduce(tensor)
    return tensor


def perplexity(mean: Tensor) -> Tensor:
    """Sum over groups of exp(entropy): G V for uniform codes, G for one code each."""
    return torch.exp(-(mean * torch.log(mean + EPS)).sum(-1)).sum()


def hard_distribution(codes: Tensor, size: int, weights: Tensor) -> Tensor:
    """Share (G, V) of each code among rows (..., G) with weights (...)."""
    flat, weight = codes.flatten(0, -2).transpose(0, 1), weights.flatten().to(torch.get_default_dtype())
    counts = torch.zeros(len(flat), size, device=codes.device, dtype=weight.dtype)
    counts = counts.scatter_add_(1, flat, weight.expand_as(flat))
    if dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1:
        counts = _summed(counts)
    return counts / counts.sum(1, keepdim=True).clamp_min(1)


def diversity_loss(mean: Tensor) -> Tensor:
    """(G V - perplexity) / (G V): 0 for uniform use, 1 - 1/V for one code per group."""
    return (mean.numel() - perplexity(mean)) / mean.numel()
