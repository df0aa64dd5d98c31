"""The loss surface that a misplaced, low peak stands on: point by point, and for a peak that keeps its shape."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy

from .targets import SAMPLING_RATE_HZ, SIGMA_S, gaussian, samples_at

Array = NDArray[np.float64]
Surface = tuple[Array, Array, Array]

# BlueDisc, loss landscapes: both grids, and the prediction drawn over them.
SPAN_S = 3.5
HEIGHTS = (0.01, 0.99)
N_POINTWISE, N_GAUSSIAN = 101, 51
PREDICTION_TIME_S, PREDICTION_HEIGHT = 0.3, 0.7
DOT_TIMES_S = np.linspace(0.0, 0.7, 8)
POINTWISE_ARROW_SCALE = 0.05


def landscape_pointwise() -> Surface:
    """Binary cross-entropy of one height at one time against the label there.

    Every pixel stands alone: loss(t, h) = -y(t) ln h - (1 - y(t)) ln(1 - h), with the label Gaussian y.

    Returns
    -------
    loss : ndarray, shape (101, 101)
        Height by time.
    time_s, height : ndarray, shape (101,)
    """
    time_s, height = _axes(N_POINTWISE)
    label = gaussian(torch.zeros(()))[samples_at(time_s)]  # (time,)
    prediction = torch.from_numpy(height).float()[:, None].expand(-1, len(time_s))
    loss = binary_cross_entropy(prediction, label.expand_as(prediction), reduction="none")
    return loss.double().numpy(), time_s, height


def landscape_gaussian() -> Surface:
    """Mean binary cross-entropy of a whole Gaussian prediction, by the position and the height of its peak.

    The prediction moves in whole samples. Logarithms are clamped at -100, which flattens the surface beyond 2.8 s.

    Returns
    -------
    loss : ndarray, shape (51, 51)
        Height by position.
    time_s, height : ndarray, shape (51,)
    """
    position_s, height = _axes(N_GAUSSIAN)
    label = gaussian(torch.zeros(()))
    shift_s = torch.from_numpy(np.rint(SAMPLING_RATE_HZ * position_s) / SAMPLING_RATE_HZ).float()
    factor = torch.from_numpy(height).float()[:, None]
    columns = [binary_cross_entropy(factor * curve, label.expand(len(height), -1), reduction="none").mean(dim=1)
               for curve in gaussian(shift_s)]
    return torch.stack(columns, dim=1).double().numpy(), position_s, height


def pointwise_pull(surface: Surface, time_s: Array, value: Array) -> Array:
    """Change of height that the point-wise loss asks for: -0.05 d loss / d height at the nearest nodes."""
    loss, grid_s, height = surface
    slope = np.gradient(loss, height, axis=0)
    return -POINTWISE_ARROW_SCALE * slope[nearest(height, value), nearest(grid_s, time_s)]


def gaussian_pull(surface: Surface, position_s: float, value: float) -> tuple[float, float]:
    """Steepest descent of the peak as a whole at the nearest node: seconds and height."""
    loss, grid_s, height = surface
    d_height, d_position = np.gradient(loss, height, grid_s)
    node = nearest(height, np.array(value)), nearest(grid_s, np.array(position_s))
    return -float(d_position[node]), -float(d_height[node])


def prediction_curve(time_s: Array, position_s: float = PREDICTION_TIME_S, height: float = PREDICTION_HEIGHT) -> Array:
    """Gaussian curve of the label's width, at any time and height: (n,) -> (n,)."""
    return height * label_curve(time_s - position_s)


def label_curve(time_s: Array) -> Array:
    """The label as a continuous curve: (n,) seconds -> (n,)."""
    return np.exp(-0.5 * (time_s / SIGMA_S) ** 2)


def nearest(grid: Array, value: Array) -> NDArray[np.int64]:
    """Index of the grid node nearest to each value."""
    return np.abs(grid - np.asarray(value)[..., None]).argmin(axis=-1)


def _axes(n: int) -> tuple[Array, Array]:
    return np.linspace(-SPAN_S, SPAN_S, n), np.linspace(*HEIGHTS, n)
