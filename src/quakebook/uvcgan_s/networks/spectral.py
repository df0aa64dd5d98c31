"""Spectral norm of convolutions without a normalised copy of their weights.

PyTorch's parametrisation divides the weights by their largest singular value sigma in every pass and, in training,
multiplies with them three times more than it must. A convolution is linear: dividing its output is the same and much
smaller, and sigma falls out of the power iteration. The iteration sees weights alone, so the values of several passes
over the same weights can be had at once (`ahead`). Names in the state dictionary are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations

from .winograd import convolve, pays


class _Scales(torch.autograd.Function):
    """1 / (u^T W v) of P passes, with their values given: derivatives are outer products of u and v."""

    @staticmethod
    def forward(ctx: Any, matrix: Tensor, u: Tensor, v: Tensor, values: Tensor) -> Tensor:
        ctx.constants = u, v, values  # for a second pass backwards, which saved tensors would refuse
        return values.clone()

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor, None, None, None]:
        u, v, values = ctx.constants  # (P, K), (P, N), (P,)
        return (u * (-slopes * values.square())[:, None]).T @ v, None, None, None


class SpectralConv2d(nn.Conv2d):
    """A convolution that, once `attach_spectral_norm` was called on it, computes conv(x, W) / sigma + bias."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ahead: list[Tensor] = []

    def forward(self, image: Tensor) -> Tensor:
        if not hasattr(self, "parametrizations"):
            return super().forward(image)
        weight = self.parametrizations.weight.original
        if self.training and not self._ahead:
            _iterate([self], 1)
        scale = self._ahead.pop(0) if self.training else 1 / _settled(self)
        if self.stride == (1, 1) and self.padding == (1, 1) and pays(image, weight):
            mixed = convolve(image, weight)
        else:
            mixed = F.conv2d(image, weight, None, self.stride, self.padding)
        return torch.addcmul(self.bias[:, None, None], mixed, scale.to(image.dtype))


@contextmanager
def ahead(networks: Iterable[nn.Module], passes: int) -> Iterator[None]:
    """Inside, every network passes as often as said, in training, and its weights stay as they are.

    Raises
    ------
    RuntimeError
        There were fewer passes.
    """
    layers = [layer for network in networks for layer in network.modules()
              if isinstance(layer, SpectralConv2d) and hasattr(layer, "parametrizations") and layer.training]
    _iterate(layers, passes)
    try:
        yield
        if left := max((len(layer._ahead) for layer in layers), default=0):
            raise RuntimeError(f"spectral norms were made for {passes} passes of each network; {left} did not happen")
    finally:
        for layer in layers:
            layer._ahead.clear()


def _iterate(layers: Sequence[SpectralConv2d], passes: int) -> None:
    """Power iterations of all layers together; each layer then holds 1 / sigma of its next passes."""
    if not layers:
        return
    weights = [layer.parametrizations.weight.original for layer in layers]
    states = [layer.parametrizations.weight[0] for layer in layers]
    with torch.no_grad(), torch.autocast(weights[0].device.type, enabled=False):
        matrices, eps = [weight.flatten(1) for weight in weights], states[0].eps
        right, steps = [state._v for state in states], []
        for _ in range(passes):
            left = _unit([torch.mv(matrix, v) for matrix, v in zip(matrices, right, strict=True)], eps)[0]
            right, values = _unit([torch.mv(matrix.T, u) for matrix, u in zip(matrices, left, strict=True)], eps)
            steps.append((left, right, torch._foreach_reciprocal(values)))
        torch._foreach_copy_([vector for state in states for vector in (state._u, state._v)],
                             [vector for pair in zip(left, right, strict=True) for vector in pair])
    for k, (layer, weight) in enumerate(zip(layers, weights, strict=True)):
        scales = [each[2][k] for each in steps]
        if weight.requires_grad and torch.is_grad_enabled():
            u, v = (torch.stack([each[part][k] for each in steps]) for part in range(2))
            scales = _Scales.apply(weight.flatten(1), u, v, torch.stack(scales)).unbind()
        layer._ahead.extend(scales)


def _unit(vectors: list[Tensor], eps: float) -> tuple[list[Tensor], list[Tensor]]:
    """Vectors divided by their lengths, which must not fall below eps, and the lengths."""
    lengths = torch._foreach_norm(vectors)
    return torch._foreach_div(vectors, torch._foreach_clamp_min(lengths, eps)), lengths


def _settled(layer: SpectralConv2d) -> Tensor:
    held = layer.parametrizations.weight
    with torch.autocast(held.original.device.type, enabled=False):
        return torch.dot(held[0]._u, torch.mv(held.original.flatten(1), held[0]._v))


def attach_spectral_norm(body: nn.Module) -> None:
    """Start the spectral norm of every convolution of a body: one power iteration a training pass."""
    for layer in list(body.modules()):
        if isinstance(layer, SpectralConv2d):
            parametrizations.spectral_norm(layer)
