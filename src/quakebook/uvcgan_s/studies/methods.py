"""Ways to take the background away from a mixture, all behind one interface: trivial, classical, learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..scoring.jets import Jets, find_jets, signed_jets
from ..scoring.translate import Separate
from .area import area_jets, background_density
from .iterative import iterative_subtraction
from .median import mean_background, row_median

#: Key of a method in metric names -> its name in figures and tables, in the order they are shown.
NAMES = {"full": "UVCGAN-S", "identity": "identity on sums", "regression": "regression", "paired": "paired bound",
         "area": "area", "ics": "iterative", "median": "row median", "median_clipped": "row median, clipped",
         "mean_background": "mean background", "mixture": "no subtraction"}
LEARNED = ("full", "identity", "regression", "paired")


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


class Mixtures:
    """A block of mixtures with what several methods need of it: background density and jets before subtraction.

    Parameters
    ----------
    values : ndarray, shape (n, 24, 64)
        GeV.
    """

    def __init__(self, values: NDArray) -> None:
        self.values = np.asarray(values, dtype=np.float64)
        self._jets: dict[float, list[Jets]] = {}

    @cached_property
    def density(self) -> NDArray:
        """Background per unit area of each event, GeV."""
        return background_density(self.values)

    def jets(self, radius: float) -> list[Jets]:
        """Anti-kt jets of the mixtures as they are, of any momentum."""
        if radius not in self._jets:
            self._jets[radius] = find_jets(self.values, radius, min_pt_gev=0.0)
        return self._jets[radius]


def subtract(key: str, mixtures: Mixtures, *, mean: NDArray | None = None,
             separate: Separate | None = None) -> Subtracted:
    """Apply one method to mixtures.

    Parameters
    ----------
    key : str
        Key of `NAMES`.
    mixtures : Mixtures
    mean : ndarray, shape (24, 64), optional
        Mean background, for ``mean_background``.
    separate : callable, optional
        For learned methods.
    """
    values, background, jets = mixtures.values, None, None
    if key == "area":
        return Subtracted(None, None, lambda radius: area_jets(mixtures.jets(radius), mixtures.density))
    if key in LEARNED:
        background, signal = _learned(_given(separate, "separate", key), values)
    elif key == "ics":
        signal = iterative_subtraction(values, mixtures.density)
    elif key == "median_clipped":
        signal = row_median(values)
    elif key == "median":
        signal = row_median(values, clip=False)

        def jets(radius: float) -> list[Jets]:
            return signed_jets(mixtures.jets(radius), signal)

    elif key == "mean_background":
        signal = mean_background(values, _given(mean, "mean", key))
    elif key == "mixture":
        signal = values
    else:
        raise ValueError(f"there is no method {key!r}; known: {', '.join(NAMES)}")
    return Subtracted(signal, values - signal if background is None else background,
                      jets or (lambda radius: find_jets(signal, radius)))


def _given(value: Any, name: str, key: str) -> Any:
    if value is None:
        raise ValueError(f"method {key!r} needs `{name}`")
    return value


def _learned(separate: Separate, mixtures: NDArray) -> tuple[NDArray, NDArray]:
    with torch.no_grad():
        parts = separate(torch.from_numpy(np.asarray(mixtures, dtype=np.float32))[:, None])
    background, signal = (part.detach().cpu().numpy()[:, 0].astype(np.float64) for part in parts)
    return background, signal
