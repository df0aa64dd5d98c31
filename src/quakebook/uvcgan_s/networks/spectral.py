"""Spectral norm of convolutions without a normalised copy of their weights.

PyTorch's parametrisation divides the weights by their largest singular value sigma in every pass and, in training,
multiplies with them three times more than it must. A convolution is linear: dividing its output is the same and much
smaller, and sigma falls out of the power iteration. Names in the state dictionary are PyTorch's.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations

from .winograd import convolve, pays


class _Sigma(torch.autograd.Function):
    """u^T W v with its value given: the derivative is the outer product of u and v."""

    @staticmethod
    def forward(ctx: Any, matrix: Tensor, u: Tensor, v: Tensor, value: Tensor) -> Tensor:
        ctx.save_for_backward(u, v)
        return value.clone()

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None, None, None]:
        u, v = ctx.saved_tensors
        return torch.outer(slope * u, v), None, None, None


class SpectralConv2d(nn.Conv2d):
    """A convolution that, once `attach_spectral_norm` was called on it, computes conv(x, W) / sigma + bias."""

    def forward(self, image: Tensor) -> Tensor:
        if not hasattr(self, "parametrizations"):
            return super().forward(image)
        held = self.parametrizations.weight
        weight, state = held.original, held[0]
        sigma = _largest_singular_value(weight.flatten(1), state, self.training)
        if self.stride == (1, 1) and self.padding == (1, 1) and pays(image, weight):
            mixed = convolve(image, weight)
        else:
            mixed = F.conv2d(image, weight, None, self.stride, self.padding)
        return torch.addcmul(self.bias[:, None, None], mixed, sigma.reciprocal())


def _largest_singular_value(matrix: Tensor, state: Any, training: bool) -> Tensor:
    with torch.autocast(matrix.device.type, enabled=False):
        if not training:
            return torch.dot(state._u, torch.mv(matrix, state._v))
        with torch.no_grad():
            state._u.copy_(F.normalize(torch.mv(matrix, state._v), dim=0, eps=state.eps))
            image = torch.mv(matrix.T, state._u)
            value = torch.linalg.vector_norm(image)
            state._v.copy_(image / value.clamp(min=state.eps))
        return _Sigma.apply(matrix, state._u.clone(), state._v.clone(), value)  # later passes move u and v


def attach_spectral_norm(body: nn.Module) -> None:
    """Start the spectral norm of every convolution of a body: one power iteration a training pass."""
    for layer in list(body.modules()):
        if isinstance(layer, SpectralConv2d):
            parametrizations.spectral_norm(layer)
