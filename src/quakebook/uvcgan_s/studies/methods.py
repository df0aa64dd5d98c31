"""Ways to take the background away from a mixture, all behind one interface: trivial, classical, learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..scoring.jets import Jets, find_jets
from .area import area_jets, background_density
from .iterative import iterative_subtraction
from .median import mean_background, row_median, row_median_jets

#: Key of a method in metric names -> its name in figures and tables, in the order they are shown.
NAMES = {"full": "UVCGAN-S", "identity": "identity on sums", "regression": "regression", "paired": "paired bound",
         "area": "area", "ics": "iterative", "median": "row median", "median_clipped": "row median, clipped",
         "mean_background": "mean background", "mixture": "no subtraction"}
LEARNED = ("full", "identity", "regression", "paired")

#: A learned separation: mixtures (n, 1, 24, 64) -> background and signal of that shape, GeV.
Separate = Callable[[Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Subtracted:
    """What a method makes of a block of mixtures.

    Parameters
    ----------
    signal, background : ndarray, shape (n, 24, 64), or None
        None for the area method, which corrects jets and not towers.
    jets : callable
        Radius -> jets of each event.
    """

    signal: NDArray | None
    background: NDArray | None
    jets: Callable[[float], list[Jets]]


def subtract(key: str, mixtures: NDArray, density: NDArray, *, mean: NDArray | None = None,
             separate: Separate | None = None) -> Subtracted:
    """Apply one method to mixtures.

    Parameters
    ----------
    key : str
        Key of `NAMES`.
    mixtures : ndarray, shape (n, 24, 64)
        GeV.
    density : ndarray, shape (n,)
        `area.background_density` of the mixtures.
    mean : ndarray, shape (24, 64), optional
        Mean background, for ``mean_background``.
    separate : callable, optional
        For learned methods.
    """
    if key == "area":
        return Subtracted(None, None, lambda radius: area_jets(mixtures, radius, density))
    if key == "median":
        signal = row_median(mixtures, clip=False)
        return Subtracted(signal, mixtures - signal, lambda radius: row_median_jets(mixtures, radius))
    background = None
    if key in LEARNED:
        if separate is None:
            raise ValueError(f"method {key!r} is learned: `separate` is needed")
        background, signal = _learned(separate, mixtures)
    elif key == "ics":
        signal = iterative_subtraction(mixtures, density)
    elif key == "median_clipped":
        signal = row_median(mixtures)
    elif key == "mean_background":
        if mean is None:
            raise ValueError("method 'mean_background' needs `mean`")
        signal = mean_background(mixtures, mean)
    elif key == "mixture":
        signal = mixtures
    else:
        raise ValueError(f"there is no method {key!r}; known: {', '.join(NAMES)}")
    return Subtracted(signal, mixtures - signal if background is None else background,
                      lambda radius: find_jets(signal, radius))


def densities(mixtures: NDArray) -> NDArray:
    """Background density of each event, shared by the classical methods."""
    return background_density(mixtures)


def _learned(separate: Separate, mixtures: NDArray) -> tuple[NDArray, NDArray]:
    with torch.no_grad():
        parts = separate(torch.from_numpy(np.asarray(mixtures, dtype=np.float32))[:, None])
    background, signal = (part.detach().cpu().numpy()[:, 0].astype(np.float64) for part in parts)
    return background, signal
