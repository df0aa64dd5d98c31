"""Optimise a prediction directly against targets of uncertain time: what the loss alone does, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, pad

from .targets import LIMIT_S, gaussian, samples_at, target_times

# BlueDisc, optimisation without a model.
STEPS, SEED = 301, 42
LEARNING_RATE, BETAS, EPSILON = 0.01, (0.0, 0.9), 1e-8
SCALES_S, SKEWS = (0.1, 0.2, 0.3, 0.5), (0.0, -10.0)
N_POINTS, SPAN_S = 100, 3.0
FIRST_VALUES = (0.01, 0.05)
#: Our own: rows are padded to whole vector registers, so that every cell is computed by the same instructions whatever
#: stands beside it, and gives the same bits.
PADDED = 128


@dataclass(frozen=True)
class Simulation:
    """One cell of the experiment. Values of step k are those before the update of step k.

    Attributes
    ----------
    scale_s, skew, seed
        Scatter of the targets in seconds, its skewness parameter, and the seed of targets and start values.
    target_time_s : ndarray, shape (steps,)
    pointwise_time_s : ndarray, shape (100,)
        Where the point-wise prediction is defined, in seconds after the centre.
    pointwise : ndarray, shape (steps, 100)
        Probability at each of these times.
    gaussian_position_s, gaussian_height : ndarray, shape (steps,)
        The two parameters of the Gaussian prediction.
    """

    scale_s: float
    skew: float
    seed: int
    target_time_s: NDArray[np.float32]
    pointwise_time_s: NDArray[np.float64]
    pointwise: NDArray[np.float32]
    gaussian_position_s: NDArray[np.float32]
    gaussian_height: NDArray[np.float32]

    @property
    def pointwise_peak(self) -> float:
        """Highest value of the last point-wise curve."""
        return float(self.pointwise[-1].max())

    @property
    def pointwise_peak_time_s(self) -> float:
        """Time of that value, in seconds after the centre."""
        return float(self.pointwise_time_s[self.pointwise[-1].argmax()])


def optimise_without_model(scale_s: float, skew: float, seed: int = SEED, steps: int = STEPS) -> Simulation:
    """Let two predictions follow the same uncertain targets.

    The point-wise prediction is free at each of 100 times; the Gaussian one can only move and grow. Both descend on the
    binary cross-entropy against one target a step, with Adam.

    Parameters
    ----------
    scale_s : float
        Scale of the target times in seconds.
    skew : float
        Skewness parameter of their law; 0 is the normal law.
    seed : int
        Seed of targets and start values; no global generator is touched.
    steps : int

    Returns
    -------
    Simulation

    Examples
    --------
    >>> result = optimise_without_model(0.2, 0, steps=5)
    >>> result.pointwise.shape, float(result.gaussian_height[0])
    ((5, 100), 0.5)
    """
    return optimise_cells([(scale_s, skew, seed)], steps)[0]


def optimise_grid(scales_s: Sequence[float] = SCALES_S, skews: Sequence[float] = SKEWS,
                  seeds: Sequence[int] = (SEED,), steps: int = STEPS) -> dict[tuple[float, float, int], Simulation]:
    """All cells at once, as one batched optimisation: (scale_s, skew, seed) -> Simulation."""
    cells = list(product(scales_s, skews, seeds))
    return dict(zip(cells, optimise_cells(cells, steps), strict=True))


def optimise_cells(cells: Sequence[tuple[float, float, int]], steps: int = STEPS) -> list[Simulation]:
    """Optimise many cells (scale_s, skew, seed) together.

    The loss is the sum of the mean losses of the cells, so that no cell feels another.
    """
    if steps < 1 or any(scale_s <= 0 for scale_s, _, _ in cells):
        raise ValueError(f"scales and steps must be positive; found steps {steps}, cells {list(cells)[:4]}")
    times = torch.stack([target_times(*cell, steps) for cell in cells], dim=1)  # (steps, cells)
    point_time_s = np.linspace(-SPAN_S, SPAN_S, N_POINTS)
    sample = torch.from_numpy(samples_at(point_time_s))
    labels = torch.stack([gaussian(row)[:, sample] for row in times.T.contiguous()], dim=1)  # (steps, cells, points)
    points = _pointwise(labels, torch.stack([_first_values(seed) for _, _, seed in cells]))
    position, height = _gaussian(times)
    return [Simulation(scale_s, skew, seed, times[:, i].numpy(), point_time_s, points[:, i].numpy(),
                       position[:, i].numpy(), height[:, i].numpy())
            for i, (scale_s, skew, seed) in enumerate(cells)]


def _first_values(seed: int) -> Tensor:
    return torch.empty(N_POINTS).uniform_(*FIRST_VALUES, generator=torch.Generator().manual_seed(seed))


def _adam(parameters: list[Tensor]) -> torch.optim.Adam:
    return torch.optim.Adam(parameters, lr=LEARNING_RATE, betas=BETAS, eps=EPSILON)


def _mean_loss(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean over the samples of each cell, summed over the cells."""
    return binary_cross_entropy(prediction, target, reduction="none").mean(dim=1).sum()


def _pointwise(labels: Tensor, first: Tensor) -> Tensor:
    """Free values: (steps, cells, points), (cells, points) -> probabilities (steps, cells, points)."""
    raw = pad(first, (0, PADDED - N_POINTS)).requires_grad_()
    adam, history = _adam([raw]), []
    for label in labels:
        value = raw.sigmoid()[:, :N_POINTS]
        history.append(value.detach())
        adam.zero_grad()
        _mean_loss(value, label).backward()
        adam.step()
    return torch.stack(history)


def _gaussian(times: Tensor) -> tuple[Tensor, Tensor]:
    """Position and height of a Gaussian: (steps, cells) -> two histories (steps, cells)."""
    position = torch.zeros(times.shape[1], requires_grad=True)
    raw_height = torch.zeros(times.shape[1], requires_grad=True)
    adam, positions, heights = _adam([position, raw_height]), [], []
    for time_s in times:
        place, height = position.clamp(-LIMIT_S, LIMIT_S), raw_height.sigmoid()
        positions.append(place.detach().clone())
        heights.append(height.detach())
        adam.zero_grad()
        _mean_loss(gaussian(place) * height[:, None], gaussian(time_s)).backward()
        adam.step()
    return torch.stack(positions), torch.stack(heights)
