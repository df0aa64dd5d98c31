"""The three products of Winograd's convolution, which are each other's derivatives.

With the tiles V of an image, the transformed filters U and the tiles M of a result, M = V U place by place. So the
derivative in the image is M U^T, that in the filters V^T M, and all three are bilinear: their own derivatives are the
other two. Images are (B, C, H, W).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor

from quakebook.contexts import during

from .winograd_tiles import FILTER, INPUT, OUTPUT, SEEN, cut, overlapped, parts, placed, seen_tiles

_images_only: ContextVar[bool] = ContextVar("images_only", default=False)


def images_only() -> AbstractContextManager[bool]:
    """Derivatives taken inside are wanted in images, not in filters: a function written in Python is not told which."""
    return during(_images_only, True)


class _Filters(torch.autograd.Function):
    """(K, C, 3, 3) -> (36, K, C)."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor) -> Tensor:
        ctx.shape = weight.shape
        return (FILTER[weight.dtype] @ weight.reshape(-1, 9).T).view(SEEN**2, *weight.shape[:2])

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> Tensor:
        return (slope.reshape(SEEN**2, -1).T @ FILTER[slope.dtype]).view(ctx.shape)


class _Mixed(torch.autograd.Function):
    """Image and filters to a result."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, filters: Tensor) -> Tensor:
        result, seen = _forward(image, filters, ctx.needs_input_grad[1])
        ctx.save_for_backward(image, filters, *seen)
        return result

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, Tensor | None]:
        image, filters, *seen = ctx.saved_tensors
        by_image, by_filters = ctx.needs_input_grad[0], ctx.needs_input_grad[1] and not _images_only.get()
        if torch.is_grad_enabled():
            return (_Spread.apply(slope, filters) if by_image else None,
                    _Compared.apply(image, slope) if by_filters else None)
        return _backward(slope, filters, seen if by_filters else None, by_image)


class _Spread(torch.autograd.Function):
    """Result's slope and filters to the image's slope."""

    @staticmethod
    def forward(ctx: Any, slope: Tensor, filters: Tensor) -> Tensor:
        ctx.save_for_backward(slope, filters)
        return _backward(slope, filters, None, True)[0]

    @staticmethod
    def backward(ctx: Any, image: Tensor) -> tuple[Tensor | None, Tensor | None]:
        slope, filters = ctx.saved_tensors
        by_slope, by_filters = ctx.needs_input_grad
        if torch.is_grad_enabled():
            return (_Mixed.apply(image, filters) if by_slope else None,
                    _Compared.apply(image, slope) if by_filters else None)
        result, seen = _forward(image, filters, by_filters)
        return result, _backward(slope, filters, seen, False)[1] if by_filters else None


class _Compared(torch.autograd.Function):
    """Image and result's slope to the filters' slope."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, slope: Tensor) -> Tensor:
        ctx.save_for_backward(image, slope)
        seen = [seen_tiles(part) for part in parts(image, slope.shape[1])]
        return _backward(slope, None, seen, False)[1]

    @staticmethod
    def backward(ctx: Any, filters: Tensor) -> tuple[Tensor, Tensor]:
        image, slope = ctx.saved_tensors
        return _Spread.apply(slope, filters), _Mixed.apply(image, filters)


filters_of, mixed = _Filters.apply, _Mixed.apply


def _forward(image: Tensor, filters: Tensor, keep: bool) -> tuple[Tensor, list[Tensor]]:
    channels, seen, result = filters.shape[1], [], []
    for part in parts(image, channels):
        tiles = seen_tiles(part)
        products = torch.bmm(tiles, filters.transpose(1, 2)).view(SEEN**2, -1)
        result.append(placed(OUTPUT[image.dtype] @ products, (*part.shape[:3], channels)))
        seen += [tiles] if keep else []
    return (result[0] if len(result) == 1 else torch.cat(result)).permute(0, 3, 1, 2), seen


def _backward(slope: Tensor, filters: Tensor | None, seen: list[Tensor] | None,
              by_image: bool) -> tuple[Tensor | None, Tensor | None]:
    """Slopes of image and filters; `seen` are the image's tiles in the same parts, None where they are not wanted."""
    other = filters.shape[2] if filters is not None else seen[0].shape[2]
    images, by_filters = [], None
    for k, part in enumerate(parts(slope, other)):
        products = (OUTPUT[slope.dtype].T @ cut(part)).view(SEEN**2, -1, part.shape[3])
        if by_image:
            tiles = torch.bmm(products, filters).view(SEEN**2, -1)
            images.append(overlapped(INPUT[slope.dtype].T @ tiles, (*part.shape[:3], other)))
        if seen is not None:
            turned = products.transpose(1, 2)
            by_filters = torch.bmm(turned, seen[k]) if by_filters is None else by_filters.baddbmm_(turned, seen[k])
    by_images = (images[0] if len(images) == 1 else torch.cat(images)).permute(0, 3, 1, 2) if images else None
    return by_images, by_filters
