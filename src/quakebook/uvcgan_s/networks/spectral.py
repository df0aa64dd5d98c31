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
    """1 / (u^T W v) of P passes and G matrices, with their values given: derivatives are outer products of u and v."""

    @staticmethod
    def forward(ctx: Any, matrices: Tensor, u: Tensor, v: Tensor, values: Tensor) -> Tensor:
        ctx.constants = u, v, -values.square()  # for a second pass backwards, which saved tensors would refuse
        return values.clone()  # (G, P)

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor, None, None, None]:
        u, v, derivative = ctx.constants  # (G, P, K), (G, P, N), (G, P)
        return torch.bmm((u * (slopes * derivative)[:, :, None]).transpose(1, 2), v), None, None, None


class SpectralConv2d(nn.Conv2d):
    """A convolution that, once `attach_spectral_norm` was called on it, computes conv(x, W) / sigma + bias."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ahead: list[Tensor] = []

    @property
    def filters(self) -> Tensor:
        """The trained weights, before any norm."""
        return self.parametrizations.weight.original if hasattr(self, "parametrizations") else self.weight

    def forward(self, image: Tensor) -> Tensor:
        if not hasattr(self, "parametrizations"):
            return super().forward(image)
        weight = self.filters
        if self.training and not self._ahead:
            _iterate([self], 1)
        scale = self._ahead.pop(0) if self.training else 1 / _settled(self)
        if self.stride == (1, 1) and self.padding == (1, 1) and pays(image, weight):
            mixed = convolve(image, weight)
        else:
            mixed = F.conv2d(image, weight, None, self.stride, self.padding)
        return mixed * scale.to(image.dtype) + self.bias[:, None, None]


@contextmanager
def ahead(networks: Iterable[nn.Module], passes: int) -> Iterator[None]:
    """Inside, every network passes as often as said, in training, and its weights stay as they are.

    Raises
    ------
    RuntimeError
        There were fewer passes.
    """
    groups = [[layer for layer in network.modules() if isinstance(layer, SpectralConv2d) and layer.training
               and hasattr(layer, "parametrizations")] for network in networks]
    for layers in groups:
        _iterate(layers, passes)
    layers = [layer for group in groups for layer in group]
    try:
        yield
        if left := max((len(layer._ahead) for layer in layers), default=0):
            raise RuntimeError(f"spectral norms were made for {passes} passes of each network; {left} did not happen")
    finally:
        for layer in layers:
            layer._ahead.clear()


def _iterate(layers: Sequence[SpectralConv2d], passes: int) -> None:
    """Power iterations, those of equal shapes together; each layer then holds 1 / sigma of its next passes."""
    alike: dict[torch.Size, list[SpectralConv2d]] = {}
    for layer in layers:
        alike.setdefault(layer.filters.shape, []).append(layer)
    for group in alike.values():
        states = [layer.parametrizations.weight[0] for layer in group]
        matrices = torch.stack([layer.filters.flatten(1) for layer in group])
        with torch.no_grad(), torch.autocast(matrices.device.type, enabled=False):
            right, steps = torch.stack([state._v for state in states]), []
            for _ in range(passes):
                left = _unit(torch.bmm(right[:, None], matrices.mT)[:, 0], states[0].eps)[0]
                right, values = _unit(torch.bmm(left[:, None], matrices)[:, 0], states[0].eps)
                steps.append((left, right, values))
            torch._foreach_copy_([state._u for state in states], list(left))
            torch._foreach_copy_([state._v for state in states], list(right))
            u, v, values = (torch.stack(each, dim=1) for each in zip(*steps, strict=True))
        scales = _Scales.apply(matrices, u, v, values.reciprocal()).flatten().unbind()
        for k, layer in enumerate(group):
            layer._ahead.extend(scales[k * passes:(k + 1) * passes])


def _unit(vectors: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """Rows divided by their lengths, which must not fall below eps, and the lengths."""
    lengths = torch.linalg.vector_norm(vectors, dim=1)
    return vectors / lengths.clamp(min=eps)[:, None], lengths


def _settled(layer: SpectralConv2d) -> Tensor:
    held = layer.parametrizations.weight
    with torch.autocast(held.original.device.type, enabled=False):
        return torch.dot(held[0]._u, torch.mv(held.original.flatten(1), held[0]._v))


def attach_spectral_norm(body: nn.Module) -> None:
    """Start the spectral norm of every convolution of a body: one power iteration a training pass."""
    for layer in list(body.modules()):
        if isinstance(layer, SpectralConv2d):
            parametrizations.spectral_norm(layer)
