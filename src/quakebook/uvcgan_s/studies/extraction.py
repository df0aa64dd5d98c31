"""What every method extracts from the same mixtures: waveforms, decibels won, and how sure a difference is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ..data import spectrograms as task
from ..scoring.translate import Separate
from . import spectrograms as study

#: Methods without training, by key; then what bounds every method.
FILTERS = {"band_pass": "band-pass", "spectral_subtraction": "spectral subtraction",
           "median_subtraction": "median subtraction"}
BOUNDS = {"true_magnitudes": "true magnitudes", "signal": "signal alone"}
TITLES = {"mixture": "mixture", **FILTERS, **{key: title for key, (title, _) in study.METHODS.items()}, **BOUNDS}
#: Times that earthquakes are drawn anew, and the quantile of a normal law at 97.5 %.
DRAWS, NORMAL_975 = 2000, 1.96


def extract(mixtures: task.Mixtures, separators: Mapping[str, Separate]) -> dict[str, Tensor]:
    """Estimates of the signal, waveforms (n, samples) by method, in the order of `TITLES`.

    Parameters
    ----------
    mixtures : Mixtures
    separators : mapping
        Learned method -> magnitudes of mixtures to those of noise and signal.
    """
    mixture = mixtures.mixture
    magnitude = task.magnitudes(mixture)
    signals = {"spectral_subtraction": study.spectral_subtraction(magnitude, mixtures.p_s)[1],
               "median_subtraction": study.median_subtraction(magnitude)[1],
               **{key: separate(magnitude)[1].clone() for key, separate in separators.items()},
               "true_magnitudes": task.magnitudes(mixtures.signal)}
    waves = {"mixture": mixture, "band_pass": study.band_pass(mixture), "signal": mixtures.signal,
             **{key: task.waveforms_of(signal, mixture) for key, signal in signals.items()}}
    return {key: waves[key] for key in TITLES if key in waves}


def gains_db(mixtures: task.Mixtures, waves: Mapping[str, Tensor]) -> dict[str, NDArray]:
    """Decibels that each method wins on each mixture (n,); the mixture itself and the signal are left out."""
    return {key: study.gains_db(mixtures, wave).numpy() for key, wave in waves.items()
            if key not in ("mixture", "signal")}


def mean_with_spread(values: NDArray, groups: NDArray, seed: int = 0) -> tuple[float, float]:
    """Mean of values, and half the width of its 95 % interval when whole groups are drawn anew.

    Mixtures with one earthquake are no independent witnesses, so earthquakes are drawn, with all of their mixtures.

    Parameters
    ----------
    values : ndarray, shape (n,)
    groups : ndarray, shape (n,)
        Which earthquake each value belongs to.
    """
    _, member = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(member, values), np.bincount(member)
    rows = np.random.default_rng(seed).integers(len(counts), size=(DRAWS, len(counts)))
    means = sums[rows].sum(1) / counts[rows].sum(1)
    return float(np.mean(values)), NORMAL_975 * float(means.std())
