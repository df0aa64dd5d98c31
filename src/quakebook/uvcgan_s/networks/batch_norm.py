"""Batch norm whose derivative is cheap to differentiate once more, and whose passes are counted all at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from quakebook.contexts import during

_twice: ContextVar[bool] = ContextVar("twice", default=False)
#: Counter's id -> counter and how often its layer was passed.
_passes: ContextVar[dict[int, tuple[Tensor, int]] | None] = ContextVar("passes", default=None)


def differentiated_twice() -> AbstractContextManager[bool]:
    """Passes inside are going to be differentiated twice."""
    return during(_twice, True)


@contextmanager
def counted_together() -> Iterator[None]:
    """Training passes inside are counted at the end, in one operation for all layers that passed equally often.

    PyTorch adds one to a number on the device in every layer and pass, hundreds of the smallest kernels a step. Nothing
    inside sees the difference: the count is kept in checkpoints, and takes no part in a norm with a momentum.
    """
    with during(_passes, {}) as passes:
        yield
    for often in sorted({often for _, often in passes.values()}):
        torch._foreach_add_([counter for counter, each in passes.values() if each == often], often)


class BatchNorm2d(nn.BatchNorm2d):
    """PyTorch's batch norm, with a second derivative in a dozen operations in place of some seventy."""

    def forward(self, image: Tensor) -> Tensor:
        if not self.training or torch.compiler.is_compiling():
            return super().forward(image)
        self._check_input_dim(image)
        self._count()
        many = image.numel() > image.shape[1]  # one value a channel is refused by PyTorch's own
        if _twice.get() and many and image.dtype == self.weight.dtype:
            return _Normalised.apply(image, self.weight, self.bias, self.running_mean, self.running_var, self.momentum,
                                     self.eps)
        return F.batch_norm(image, self.running_mean, self.running_var, self.weight, self.bias, True, self.momentum,
                            self.eps)

    def _count(self) -> None:
        passes, counter = _passes.get(), self.num_batches_tracked
        if passes is None:
            counter.add_(1)
        else:
            passes[id(counter)] = counter, passes.get(id(counter), (counter, 0))[1] + 1


class _Normalised(torch.autograd.Function):
    """y = w x' + b, x' = (x - mean) r, r = 1 / sqrt(variance + eps)."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, weight: Tensor, bias: Tensor, mean: Tensor, variance: Tensor,
                momentum: float, eps: float) -> Tensor:
        result, centre, scale = torch.native_batch_norm(image, weight, bias, mean, variance, True, momentum, eps)
        ctx.save_for_backward(image, weight, centre, scale)
        ctx.eps = eps
        return result

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        return *_Slopes.apply(slope, *ctx.saved_tensors, ctx.eps), None, None, None, None


class _Slopes(torch.autograd.Function):
    """Slopes of image, weight and bias: w r (g - <g> - x' <g x'>), sum of g x', sum of g, with <> the batch's mean.

    With P g = g - <g> - x' <g x'>, which is symmetric, a slope v of the first has the slopes
    w r P v in g, sum (r P v g) in w, and -w r^2 (x' <P v g> + P v <g x'> + P g <v x'>) in x.
    """

    @staticmethod
    def forward(ctx: Any, slope: Tensor, image: Tensor, weight: Tensor, centre: Tensor, scale: Tensor,
                eps: float) -> tuple[Tensor, Tensor, Tensor]:
        by_image, by_weight, by_bias = _slopes(slope, image, weight, centre, scale, eps)
        ctx.save_for_backward(slope, image, weight, centre, scale, by_image, by_weight)
        ctx.eps = eps
        ctx.set_materialize_grads(False)
        return by_image, by_weight, by_bias

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, along: Tensor | None, along_weight: Tensor | None,
                 along_bias: Tensor | None) -> tuple[Tensor | None, ...]:
        if along_weight is not None or along_bias is not None:
            raise NotImplementedError("slopes of a batch norm's weight and bias are differentiated once only")
        if along is None:
            return (None,) * 6
        slope, image, weight, centre, scale, by_image, by_weight = ctx.saved_tensors
        shape = (-1, 1, 1)
        bare, overlap, _ = _slopes(along, image, None, centre, scale, ctx.eps)  # r P v, sum of v x'
        projected = (bare * slope).sum(dim=(0, 2, 3))  # sum of r P v g
        factor = scale * (-image.shape[1] / image.numel())
        weighted = factor * weight
        by_x = (image - centre.view(shape)) * (scale * weighted * projected).view(shape)
        by_x.addcmul_(bare, (weighted * by_weight).view(shape)).addcmul_(by_image, (factor * overlap).view(shape))
        return bare * weight.view(shape), by_x, projected, None, None, None


def _slopes(slope: Tensor, image: Tensor, weight: Tensor | None, centre: Tensor, scale: Tensor,
            eps: float) -> tuple[Tensor, Tensor, Tensor]:
    return torch.ops.aten.native_batch_norm_backward(slope, image, weight, None, None, centre, scale, True, eps,
                                                     [True, True, True])
