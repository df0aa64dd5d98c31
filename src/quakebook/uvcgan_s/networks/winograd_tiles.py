"""Cutting images into tiles and putting them together again, with the transforms of Winograd's convolution.

Images here are (B, H, W, C): with channels last every copy moves runs of memory. Each map stands beside its adjoint.
"""

from __future__ import annotations

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


def parts(image: Tensor, other_channels: int) -> tuple[Tensor, ...]:
    """The batch, channels last, in pieces whose tiles stay near the processor: about as many tiles as channels."""
    tiles = -(-image.shape[2] // OUT) * -(-image.shape[3] // OUT)
    images = max(max(image.shape[1], other_channels) // tiles, 1)
    return image.permute(0, 2, 3, 1).contiguous().split(images)


def seen_tiles(image: Tensor) -> Tensor:
    """Transformed tiles (36, B rows columns, C) of an image (B, H, W, C)."""
    count, height, width, channels = image.shape
    rows, columns = -(-height // OUT), -(-width // OUT)
    padded = image.new_zeros(count, OUT * rows + 2, OUT * columns + 2, channels)
    padded[:, 1:height + 1, 1:width + 1] = image
    tiles = padded.unfold(1, SEEN, OUT).unfold(2, SEEN, OUT).permute(4, 5, 0, 1, 2, 3).reshape(SEEN**2, -1)
    return (INPUT[image.dtype] @ tiles).view(SEEN**2, -1, channels)


def overlapped(tiles: Tensor, shape: tuple[int, ...]) -> Tensor:
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


def placed(tiles: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Tiles (16, B rows columns K) side by side as an image (B, H, W, K)."""
    count, height, width, channels = shape
    rows, columns = -(-height // OUT), -(-width // OUT)
    image = tiles.view(OUT, OUT, count, rows, columns, channels).permute(2, 3, 0, 4, 1, 5)
    return image.reshape(count, OUT * rows, OUT * columns, channels)[:, :height, :width]


def cut(image: Tensor) -> Tensor:
    """The adjoint of placing: an image (B, H, W, K) as tiles (16, B rows columns K)."""
    count, height, width, channels = image.shape
    rows, columns = -(-height // OUT), -(-width // OUT)
    if (height, width) != (OUT * rows, OUT * columns):
        padded = image.new_zeros(count, OUT * rows, OUT * columns, channels)
        padded[:, :height, :width] = image
        image = padded
    return image.view(count, rows, OUT, columns, OUT, channels).permute(2, 4, 0, 1, 3, 5).reshape(OUT**2, -1)
