"""Subtraction without training: nothing, the mean background, and the median of each row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def row_median(mixtures: NDArray, clip: bool = True) -> NDArray:
    """Signal after the median over azimuth of each row of each event is taken away.

    Parameters
    ----------
    mixtures : ndarray, shape (n, 24, 64)
        GeV.
    clip : bool
        Whether towers below zero become zero. Clipping turns half of the fluctuations of the background into signal.
    """
    signal = mixtures - np.median(mixtures, axis=2, keepdims=True)
    return np.maximum(signal, 0) if clip else signal


def mean_background(mixtures: NDArray, mean: NDArray, clip: bool = True) -> NDArray:
    """Signal after the mean background of each tower is taken away: the same picture for every event.

    Parameters
    ----------
    mixtures : ndarray, shape (n, 24, 64)
    mean : ndarray, shape (24, 64)
        Mean of backgrounds, for instance of the training set, GeV.
    """
    signal = mixtures - mean
    return np.maximum(signal, 0) if clip else signal
