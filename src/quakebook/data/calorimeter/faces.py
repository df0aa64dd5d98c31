"""Two families of drawn faces, a stand-in for photographs of cats and dogs that needs no download."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from quakebook.data.checksums import whole_folder
from quakebook.data.errors import DataError

FAMILIES = ("cat", "dog")
_SPLITS = {"train": 0, "val": 1, "test": 2}


def faces(family: str, count: int, size: int = 64, *, split: str = "train", seed: int = 0, first: int = 0) -> Tensor:
    """Drawn faces: an ellipse, two ears, two eyes and a nose in the colours of the family.

    Cats have pointed ears that stand up, stripes and slit eyes; dogs have round ears that hang, patches and round
    eyes. Face number k depends on seed, split, family and k only.

    Returns
    -------
    Tensor, shape (count, 3, size, size), float32 between 0 and 1
    """
    if family not in FAMILIES or split not in _SPLITS:
        raise DataError(f"no faces of {family!r} in {split!r}; families: {FAMILIES}; splits: train, val, test")
    if size < 16 or count < 0:
        raise DataError(f"faces need a size of at least 16 and a count that is not negative; found {size} and {count}")
    images = [_face(family, size, np.random.default_rng([seed, _SPLITS[split], FAMILIES.index(family), first + k]))
              for k in range(count)]
    return torch.from_numpy(np.stack(images)) if images else torch.zeros((0, 3, size, size))


def write_faces(folder: str | Path, counts: dict[str, int] | None = None, size: int = 64, *, seed: int = 0) -> Path:
    """Write faces as FOLDER/{train,val}/{cat,dog}/NUMBER.png, one at a time; default 1000 and 100 of each family."""
    counts = counts or {"train": 1000, "val": 100}
    with whole_folder(Path(folder).resolve()) as temporary:
        for split, count in counts.items():
            for family in FAMILIES:
                (temporary / split / family).mkdir(parents=True)
                for k in range(count):
                    pixels = faces(family, 1, size, split=split, seed=seed, first=k)[0].permute(1, 2, 0)
                    image = Image.fromarray((255 * pixels).round().to(torch.uint8).numpy())
                    image.save(temporary / split / family / f"{k:06d}.png")
    return Path(folder).resolve()


def _face(family: str, size: int, draw: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[0:size, 0:size] * (2 / (size - 1)) - 1
    tilt = draw.normal(0, 0.08)
    centre = draw.normal(0, 0.07, 2)
    u = (x - centre[0]) * math.cos(tilt) + (y - centre[1]) * math.sin(tilt)
    v = (y - centre[1]) * math.cos(tilt) - (x - centre[0]) * math.sin(tilt)
    scale = draw.normal(1, 0.06)
    u, v = u / scale, v / scale
    cat = family == "cat"
    soft = 3 / size
    fur = draw.normal((0.80, 0.52, 0.22) if cat else (0.42, 0.42, 0.55), 0.07)
    ground = draw.normal((0.25, 0.42, 0.35) if cat else (0.62, 0.66, 0.50), 0.07)
    image = np.broadcast_to(ground[:, None, None], (3, size, size)) + 0.08 * v
    for side in (-1, 1):
        image = _paint(image, _ear(u, v, side, cat, soft), 0.75 * fur)
    wide, high = (0.58, 0.52) if cat else (0.50, 0.62)
    head = _inside(1 - np.hypot(u / wide, (v - 0.08) / high), soft)
    image = _paint(image, head, fur[:, None, None] * _coat(u, v, cat, draw))
    for side in (-1, 1):
        eye = np.hypot((u - 0.22 * side) / (0.07 if cat else 0.09), (v + 0.05) / (0.11 if cat else 0.09))
        image = _paint(image, _inside(1 - eye, 6 * soft), np.array([0.15, 0.75, 0.35]) if cat else np.zeros(3))
    nose = np.hypot(u / (0.06 if cat else 0.13), (v - 0.28) / (0.05 if cat else 0.10))
    image = _paint(image, _inside(1 - nose, 6 * soft), np.array([0.85, 0.45, 0.5]) if cat else np.full(3, 0.08))
    return np.clip(image, 0, 1).astype(np.float32)


def _inside(height: np.ndarray, soft: float) -> np.ndarray:
    """Smooth mask: 1 where `height` is well above 0."""
    return 1 / (1 + np.exp(-np.clip(height / soft, -40, 40)))


def _paint(image: np.ndarray, mask: np.ndarray, colour: np.ndarray) -> np.ndarray:
    colour = colour[:, None, None] if colour.ndim == 1 else colour
    return image * (1 - mask) + colour * mask


def _ear(u: np.ndarray, v: np.ndarray, side: int, cat: bool, soft: float) -> np.ndarray:
    """A triangle that stands up, or an ellipse that hangs."""
    if cat:
        edge = np.minimum(0.85 + v - 2.2 * np.abs(u - 0.36 * side), -v - 0.1)
        return _inside(edge, soft)
    return _inside(1 - np.hypot((u - 0.56 * side) / 0.18, (v - 0.05) / 0.52), 2 * soft)


def _coat(u: np.ndarray, v: np.ndarray, cat: bool, draw: np.random.Generator) -> np.ndarray:
    """Stripes or patches as a factor of the colour."""
    phase = draw.uniform(0, 2 * math.pi, 2)
    if cat:
        return 1 + 0.25 * np.sin(draw.normal(14, 1) * v + phase[0] + 2 * np.abs(u))
    return 1 + 0.35 * np.tanh(3 * np.sin(4 * u + phase[0]) * np.sin(3.5 * v + phase[1]))
