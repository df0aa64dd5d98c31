"""Precision and recall against the detection threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakebook.bluedisc.settings import EvaluationConfig

from .peaks import Peaks

THRESHOLDS = np.round(np.arange(0.1, 0.96, 0.01), 2)


@dataclass(frozen=True)
class Operating:
    """Curves over the threshold, all in percent.

    Attributes
    ----------
    threshold : ndarray, shape (k,)
    detected : ndarray, shape (k,)
        Labels with a precise peak at or over the threshold ("effective detections").
    precision : ndarray, shape (k,)
        Peaks at or over the threshold that lie within 0.1 s of a label; NaN where there are none.
    """

    threshold: NDArray[np.float64]
    detected: NDArray[np.float64]
    precision: NDArray[np.float64]

    def at(self, threshold: float) -> tuple[float, float]:
        """Detected and precision at the nearest threshold."""
        k = int(np.abs(self.threshold - threshold).argmin())
        return float(self.detected[k]), float(self.precision[k])


def operating_curve(peaks: Peaks, settings: EvaluationConfig | None = None) -> Operating:
    """Detections and precision of one phase at all thresholds from 0.1 to 0.95."""
    settings = settings or EvaluationConfig()
    labels = max(int(peaks.labels.sum()), 1)
    precise = np.abs(peaks.error_samples) <= settings.precise_samples
    near = peaks.distance_samples <= settings.precise_samples
    high = peaks.height[None] >= THRESHOLDS[:, None].astype(np.float32)
    count = high.sum(1)
    share = np.divide(100.0 * (high & near).sum(1), count, out=np.full(len(THRESHOLDS), np.nan), where=count > 0)
    return Operating(THRESHOLDS, 100.0 * (high & precise).sum(1) / labels, share)


def ceiling(head_weight: NDArray, head_bias: NDArray, channel: int) -> NDArray[np.float64]:
    """Largest probability that the last layer can give: sigmoid(bias) where all its weights are <= 0, else 1.

    The head is a 1 x 1 convolution on eight channels that are never negative (after a ReLU).

    Parameters
    ----------
    head_weight, head_bias : ndarray, shapes (k, 3, 8) and (k, 3)
        At k steps.
    channel : int
        0 = P, 1 = S.

    Returns
    -------
    ndarray, shape (k,)
    """
    capped = (head_weight[:, channel] <= 0).all(1)
    return np.where(capped, 1 / (1 + np.exp(-head_bias[:, channel].astype(float))), 1.0)
