"""Tiles, their transforms, and the three products of Winograd's convolution, which are each other's derivatives.

With the tiles V of an image, the transformed filters U and the tiles M of a result, M = V U place by place. So the
derivative in the image is M U^T, that in the filters V^T M, and all three are bilinear: their own derivatives are the
other two. Images are (B, C, H, W); inside, channels lie last, for then every copy moves runs of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import torch
from torch import Tensor

#: Places of a result that a tile makes along an axis, and places of the image that it sees.
OUT, SEEN = 4, 6
#: Where the polynomials are evaluated, besides infinity: of the sets tried, the one with the smallest rounding error.
POINTS = (0.0, 0.75, -0.75, 1.5, -1.5)


def matrices(points: tuple[float, ...] = POINTS, out: int = OUT) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """B^T (n, n), G (n, 3) and A^T (out, n) with y = A^T ((G g) * (B^T d)) for 3 taps g and n = out + 2 values d.

    They transpose the multiplication of two polynomials through their values at the points and at infinity.
    """
    def values(terms: int) -> np.ndarray:
        last = np.eye(1, terms, terms - 1)
        return np.vstack([np.vander(points, terms, increasing=True), last])

    return np.linalg.inv(values(out + 2)).T, values(3), values(out).T


def _both_axes(matrix: np.ndarray) -> dict[torch.dtype, Tensor]:
    square = np.kron(matrix, matrix)
    return {dtype: torch.tensor(square, dtype=dtype) for dtype in (torch.float32, torch.float64)}


INPUT, FILTER, OUTPUT = map(_both_axes, matrices())


_images_only: ContextVar[bool] = ContextVar("images_only", default=False)


@contextmanager
def images_only() -> Iterator[None]:
    """Derivatives taken inside are wanted in images, not in filters: a function written in Python is not told which."""
    token = _images_only.set(True)
    try:
        yield
    finally:
        _images_only.reset(token)


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
        seen = [_seen(part) for part in _parts(image, slope.shape[1])]
        return _backward(slope, None, seen, False)[1]

    @staticmethod
    def backward(ctx: Any, filters: Tensor) -> tuple[Tensor, Tensor]:
        image, slope = ctx.saved_tensors
        return _Spread.apply(slope, filters), _Mixed.apply(image, filters)


filters_of, mixed = _Filters.apply, _Mixed.apply


def _parts(image: Tensor, other_channels: int) -> tuple[Tensor, ...]:
    """The batch, channels last, in pieces whose tiles stay near the processor: about as many tiles as channels."""
    tiles = -(-image.shape[2] // OUT) * -(-image.shape[3] // OUT)
    images = max(max(image.shape[1], other_channels) // tiles, 1)
    return image.permute(0, 2, 3, 1).contiguous().split(images)


def _forward(image: Tensor, filters: Tensor, keep: bool) -> tuple[Tensor, list[Tensor]]:
    channels, seen, result = filters.shape[1], [], []
    for part in _parts(image, channels):
        tiles = _seen(part)
        products = torch.bmm(tiles, filters.transpose(1, 2)).view(SEEN**2, -1)
        result.append(_placed(OUTPUT[image.dtype] @ products, (*part.shape[:3], channels)))
        seen += [tiles] if keep else []
    return (result[0] if len(result) == 1 else torch.cat(result)).permute(0, 3, 1, 2), seen


def _backward(slope: Tensor, filters: Tensor | None, seen: list[Tensor] | None,
              by_image: bool) -> tuple[Tensor | None, Tensor | None]:
    """Slopes of image and filters; `seen` are the image's tiles in the same parts, None where they are not wanted."""
    other = filters.shape[2] if filters is not None else seen[0].shape[2]
    images, by_filters = [], None
    for k, part in enumerate(_parts(slope, other)):
        products = (OUTPUT[slope.dtype].T @ _cut(part)).view(SEEN**2, -1, part.shape[3])
        if by_image:
            tiles = torch.bmm(products, filters).view(SEEN**2, -1)
            images.append(_overlapped(INPUT[slope.dtype].T @ tiles, (*part.shape[:3], other)))
        if seen is not None:
            turned = products.transpose(1, 2)
            by_filters = torch.bmm(turned, seen[k]) if by_filters is None else by_filters.baddbmm_(turned, seen[k])
    by_images = (images[0] if len(images) == 1 else torch.cat(images)).permute(0, 3, 1, 2) if images else None
    return by_images, by_filters


def _seen(image: Tensor) -> Tensor:
    """Transformed tiles (36, B rows columns, C) of an image (B, H, W, C)."""
    count, height, width, channels = image.shape
    rows, columns = -(-height // OUT), -(-width // OUT)
    padded = image.new_zeros(count, OUT * rows + 2, OUT * columns + 2, channels)
    padded[:, 1:height + 1, 1:width + 1] = image
    tiles = padded.unfold(1, SEEN, OUT).unfold(2, SEEN, OUT).permute(4, 5, 0, 1, 2, 3).reshape(SEEN**2, -1)
    return (INPUT[image.dtype] @ tiles).view(SEEN**2, -1, channels)


def _overlapped(tiles: Tensor, shape: tuple[int, ...]) -> Tensor:
    """The adjoint of cutting: overlapping tiles added to an image (B, H, W, C)."""
    count, height, width, channels = shape
    rows, columns = -(-height // OUT), -(-width // OUT)
    tiles = tiles.view(SEEN, SEEN, count, rows, columns, channels)
    padded = tiles.new_zeros(count, rows + 1, OUT, columns + 1, OUT, channels)
    for here, top in ((slice(0, OUT), 0), (slice(OUT, SEEN), 1)):
        for there, left in ((slice(0, OUT), 0), (slice(OUT, SEEN), 1)):
            piece = tiles[here, there].permute(2, 3, 0, 4, 1, 5)
            padded[:, top:top + rows, :piece.shape[2], left:left + columns, :piece.shape[4]] += piece
    padded = padded.view(count, OUT * (rows + 1), OUT * (columns + 1), channels)
    return padded[:, 1:height + 1, 1:width + 1]


def _placed(tiles: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Tiles (16, B rows columns K) side by side as an image (B, H, W, K)."""
    count, height, width, channels = shape
    rows, columns = -(-height // OUT), -(-width // OUT)
    image = tiles.view(OUT, OUT, count, rows, columns, channels).permute(2, 3, 0, 4, 1, 5)
    return image.reshape(count, OUT * rows, OUT * columns, channels)[:, :height, :width]


def _cut(image: Tensor) -> Tensor:
    """The adjoint of placing: an image (B, H, W, K) as tiles (16, B rows columns K)."""
    count, height, width, channels = image.shape
    rows, columns = -(-height // OUT), -(-width // OUT)
    if (height, width) != (OUT * rows, OUT * columns):
        padded = image.new_zeros(count, OUT * rows, OUT * columns, channels)
        padded[:, :height, :width] = image
        image = padded
    return image.view(count, rows, OUT, columns, OUT, channels).permute(2, 4, 0, 1, 3, 5).reshape(OUT**2, -1)
