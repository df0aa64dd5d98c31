"""The toy mixture of the published package: a blend of two photographs, then a Gaussian blur."""

from __future__ import annotations

import hashlib
import math
import random

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from quakebook.data.calorimeter.sources import Source
from quakebook.data.errors import DataError


def partners(count: int, n_second: int, seed: int = 0) -> NDArray:
    """Row of the second domain for each of `count` images in val and test: a shuffled list, repeated.

    >>> partners(10, 10).tolist()
    [7, 8, 1, 5, 3, 4, 2, 0, 9, 6]
    """
    order = list(range(n_second))
    random.Random(seed).shuffle(order)
    return np.array([order[i % n_second] for i in range(count)], dtype=np.int64)


def gaussian_kernel(size: int, sigma: float | None = None) -> Tensor:
    """Normalised Gaussian weights, shape (size,); sigma defaults to 0.3 ((size - 1) / 2 - 1) + 0.8."""
    sigma = 0.3 * ((size - 1) / 2 - 1) + 0.8 if sigma is None else sigma
    x = torch.arange(size, dtype=torch.float32) - (size - 1) / 2
    weights = torch.exp(-0.5 * (x / sigma).square())
    return weights / weights.sum()


def blur(images: Tensor, size: int = 5) -> Tensor:
    """Gaussian blur of (n, channels, height, width) with edges mirrored; a size of 0 or 1 changes nothing."""
    if size <= 1:
        return images
    kernel, channels, pad = gaussian_kernel(size).to(images), images.shape[1], size // 2
    padded = functional.pad(images, (pad, pad, pad, pad), mode="reflect")
    across = functional.conv2d(padded, kernel.view(1, 1, 1, -1).repeat(channels, 1, 1, 1), groups=channels)
    return functional.conv2d(across, kernel.view(1, 1, -1, 1).repeat(channels, 1, 1, 1), groups=channels)


def mix(first: Tensor, second: Tensor, alpha: float | Tensor = 0.5, blur_size: int = 5) -> Tensor:
    """alpha * first + (1 - alpha) * second, blurred. Images (n, channels, height, width); alpha a number or (n,)."""
    weight = torch.as_tensor(alpha, dtype=first.dtype, device=first.device)
    weight = weight.view(-1, 1, 1, 1) if weight.ndim else weight
    return blur(weight * first + (1 - weight) * second, blur_size)


class ToyMix:
    """Mixtures of two sources, made when they are read; as many as the first source has images.

    In train the partner is a new random image at each reading and alpha moves within `alpha_range`; in val and test
    the partner is fixed (`partners`) and alpha is exact.

    Parameters
    ----------
    first, second : Source
        Images of one shape.
    split : {"train", "val", "test"}
    alpha : float
        Weight of the first image, 0 to 1.
    alpha_range : float
        Full width of the even spread of alpha in train; alpha stays within 0 to 1.
    blur_size : int
        Odd size of the blur in pixels; 0 = none.
    seed : int
        Seed of the fixed pairing of val and test.
    """

    def __init__(self, first: Source, second: Source, split: str, alpha: float = 0.5, alpha_range: float = 0.0,
                 blur_size: int = 5, seed: int = 0) -> None:
        _check(first, second, alpha, alpha_range, blur_size)
        self.first, self.second, self.split = first, second, split
        self.alpha, self.alpha_range, self.blur_size, self.seed = alpha, alpha_range, blur_size, seed
        self.name = f"{first.name} + {second.name}"
        self.partners = partners(len(first), len(second), seed)

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.first.shape

    @property
    def fingerprint(self) -> str:
        words = (self.first.fingerprint, self.second.fingerprint, self.split, self.alpha, self.alpha_range,
                 self.blur_size, self.seed)
        return hashlib.sha256(str(words).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.first)

    def read(self, rows: NDArray | Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Mixtures of the rows. In train partner and alpha come from `generator`, or from torch's own random state."""
        rows = np.asarray(rows, dtype=np.int64)
        if self.split != "train":
            return mix(self.first.read(rows), self.second.read(self.partners[rows]), self.alpha, self.blur_size)
        device = "cpu" if generator is None else generator.device
        others = torch.randint(len(self.second), (len(rows),), generator=generator, device=device)
        shift = self.alpha_range * (torch.rand(len(rows), generator=generator, device=device) - 0.5)
        return mix(self.first.read(rows), self.second.read(others.cpu()), self.alpha + shift.cpu(), self.blur_size)

    def parts(self, rows: NDArray | Tensor) -> tuple[Tensor, Tensor]:
        """The two unblended images of each mixture of val or test: the truth of a decomposition."""
        if self.split == "train":
            raise DataError("mixtures of the training split are drawn anew at each reading and have no fixed parts")
        rows = np.asarray(rows, dtype=np.int64)
        return self.first.read(rows), self.second.read(self.partners[rows])


def _check(first: Source, second: Source, alpha: float, alpha_range: float, blur_size: int) -> None:
    if first.shape != second.shape:
        raise DataError(f"images to mix must have one shape; found {first.shape} in {first.name} and "
                        f"{second.shape} in {second.name}")
    if not 0 <= alpha <= 1 or not math.isfinite(alpha_range) or not 0 <= alpha_range <= 2 * min(alpha, 1 - alpha):
        raise DataError(f"`alpha` must lie in 0 to 1 and stay there within `alpha_range`; found {alpha} and "
                        f"{alpha_range}")
    if blur_size < 0 or (blur_size > 1 and blur_size % 2 == 0) or blur_size // 2 >= min(first.shape[1:]):
        raise DataError(f"`blur_size` must be odd (0 = none) and smaller than twice the image; found {blur_size}")
