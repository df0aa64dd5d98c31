"""What the point-wise optimum should be: the mean of the targets, without any optimisation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import skewnorm

from .targets import SIGMA_S

Array = NDArray[np.float64]


def mean_target(time_s: Array, scale_s: float, skew: float = 0.0, sigma_s: float = SIGMA_S) -> Array:
    """Mean of Gaussian targets whose times are skew-normal and centred on their mean.

    The mean is the label convolved with the law of the times, sqrt(2 pi) sigma times a skew-normal density with
    scale w = sqrt(s^2 + sigma^2), delta' = delta s / w and delta = a / sqrt(1 + a^2), moved by the mean time
    s delta sqrt(2 / pi).

    Parameters
    ----------
    time_s : ndarray
        Seconds after the mean target time.
    scale_s, skew : float
        s and a of the law of the times.
    sigma_s : float
        Standard deviation of one target.

    Returns
    -------
    ndarray, as `time_s`
    """
    delta = skew / np.sqrt(1 + skew**2)
    width_s = np.hypot(scale_s, sigma_s)
    mixed = delta * scale_s / width_s
    mean_s = scale_s * delta * np.sqrt(2 / np.pi)
    density = skewnorm.pdf(np.asarray(time_s) + mean_s, mixed / np.sqrt(1 - mixed**2), scale=width_s)
    return np.sqrt(2 * np.pi) * sigma_s * density


def mean_target_peak(scale_s: float, skew: float = 0.0, sigma_s: float = SIGMA_S) -> tuple[float, float]:
    """Time in seconds and height of the peak of `mean_target`; sigma / sqrt(sigma^2 + s^2) at time 0 without skew."""
    time_s = np.linspace(-1.5, 1.5, 3001) * (scale_s + sigma_s)
    curve = mean_target(time_s, scale_s, skew, sigma_s)
    return float(time_s[curve.argmax()]), float(curve.max())


def critical_scale(height: float = 0.7, sigma_s: float = SIGMA_S) -> float:
    """Scatter in seconds (no skew) at which the mean target sinks to `height`."""
    if not 0 < height <= 1:
        raise ValueError(f"`height` must lie in (0, 1]; found {height}")
    return sigma_s * float(np.sqrt(height**-2 - 1))
