"""Blends of handwritten digits from two families: an unpaired decomposition that a CPU can train in minutes."""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .domains import Domains, from_arrays

#: Digits of A0 (round strokes) and A1 (straight ones), as scikit-learn labels them.
FAMILIES = ((0, 6, 8, 9), (1, 4, 7))
#: Side of an image in pixels, largest shift in pixels, and weight of A0 in a blend.
SIDE, SHIFT, BLEND = 16, 2, 0.5
#: Every so many'th handwritten image is kept for dev, the one after it for test.
EVERY = 5
#: Images of each domain that are made when no number is asked for.
DEFAULT = {"train": 4000, "dev": 400, "test": 400}


def make(split: Literal["train", "dev", "test"], count: int = 0, seed: int = 0) -> Domains:
    """Digits of both families and blurred blends of them; blends use other draws than the pure images.

    Parameters
    ----------
    split : str
        Handwritten images of one split never appear in another.
    count : int
        Images of each domain, 0 = 4000 for train and 400 otherwise.
    seed : int
        Of the draws and shifts.

    Returns
    -------
    Domains
        Images (1, 16, 16) between 0 and 1; the parts of every blend are known.
    """
    count = count or DEFAULT[split]
    g = torch.Generator().manual_seed(2 * seed + ("train", "dev", "test").index(split) * 1_000_003)
    pool = [_family(family, split) for family in FAMILIES]
    a0, a1 = (_draw(images, count, g) for images in pool)
    parts = tuple(_draw(images, count, g) for images in pool)
    return from_arrays(a0, a1, blend(*parts), parts, f"digits {split}")


def blend(a0: Tensor, a1: Tensor, weight: float = BLEND) -> Tensor:
    """weight a0 + (1 - weight) a1, then blurred by the 3 x 3 binomial kernel with mirrored edges."""
    one = torch.tensor([0.25, 0.5, 0.25])
    kernel = (one[:, None] * one)[None, None]
    return F.conv2d(F.pad(weight * a0 + (1 - weight) * a1, (1, 1, 1, 1), mode="reflect"), kernel)


def _family(family: tuple[int, ...], split: str) -> Tensor:
    """Handwritten images of a split, (n, 1, 16, 16), enlarged from 8 x 8 by cubic interpolation."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    place = np.arange(len(digits.target)) % EVERY
    chosen = np.isin(digits.target, family) & {"train": place > 1, "dev": place == 0, "test": place == 1}[split]
    small = torch.as_tensor(digits.images[chosen], dtype=torch.float32)[:, None] / 16
    return F.interpolate(small, size=(SIDE, SIDE), mode="bicubic", align_corners=False).clamp(0, 1)


def _draw(images: Tensor, count: int, g: torch.Generator) -> Tensor:
    """Random images, each moved by up to two pixels along both sides; what enters is empty."""
    rows = torch.randint(len(images), (count,), generator=g)
    dy, dx = torch.randint(-SHIFT, SHIFT + 1, (2, count, 1), generator=g)
    wide = F.pad(images[rows], (SHIFT,) * 4)
    y, x = (torch.arange(SIDE) + SHIFT + shift for shift in (dy, dx))
    return wide[torch.arange(count)[:, None, None], 0, y[:, :, None], x[:, None, :]][:, None]
