"""One pass over rows that fuses the tasks' gradients: moments, floor, power and weighting without storing them.

The pure PyTorch path works through chunks that stay in the processor's cache, so the extra memory does not grow with
the number of rows. On a CUDA device with Triton one kernel does the same (see `kernel`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from . import kernel
from .moments import MIN_VAR, HeadPosterior, project, task_moments, variance_parts
from .posterior import TaskGroup
from .summary import Summary

CHUNK_ROWS = {"cpu": 1024, "cuda": 65_536}


@dataclass(frozen=True)
class Fused:
    """Result of one pass.

    Attributes
    ----------
    gradient : Tensor, shape (rows, d)
        dL/dh, divided by the number of rows.
    share : Tensor or None, shape (outputs,)
        Mean weight of each task over rows and features.
    clamped : Tensor or None, shape ()
        Part of the variances that stood below the floor.
    spread : Tensor or None, shape ()
        Standard deviation of the shares over rows and features, root mean square over the tasks.
    dominated, conflict : Tensor or None, shape ()
        Part of the entries in which one task has a share above 0.5, and in which the expected gradients of the tasks
        differ in sign.
    cosine : Tensor or None, shape ()
        Cosine between the fused gradient and the plain mean of the expected gradients, all entries as one vector.
    """

    gradient: Tensor
    share: Tensor | None = None
    clamped: Tensor | None = None
    spread: Tensor | None = None
    dominated: Tensor | None = None
    conflict: Tensor | None = None
    cosine: Tensor | None = None


def fused_gradient(features: Tensor, labels: Tensor, groups: Sequence[TaskGroup], *, sqrt_power: float = 1.0,
                   min_var: float = MIN_VAR, summary: bool = False, chunk_rows: int | None = None) -> Fused:
    """Fused gradient of all tasks at every row.

    Parameters
    ----------
    features : Tensor, shape (rows, d)
        float32 or float64.
    labels : Tensor, shape (rows, outputs)
    groups : sequence of TaskGroup
    sqrt_power, min_var : float
        See `gradient_moments`.
    summary : bool
        Also return the mean weight per task and the clamped fraction.
    chunk_rows : int, optional
        Rows per chunk of the PyTorch path.
    """
    heads = [(group.outputs, group.posterior.to(features.dtype, features.device)) for group in groups]
    if not summary and kernel.usable(features, len(heads)):
        return Fused(kernel.fused_gradient(features, labels, heads[0][1], sqrt_power, min_var))
    chunk = chunk_rows or CHUNK_ROWS.get(features.device.type, 8192)
    result = torch.empty_like(features)
    totals = Summary(features, labels.shape[1]) if summary else None
    for start in range(0, len(features), chunk):
        stop = start + chunk
        stack = _Accumulator(features[start:stop], labels[start:stop], heads, sqrt_power, min_var, totals is not None)
        torch.mul(stack.weighted, stack.total.reciprocal_().mul_(1.0 / len(features)), out=result[start:stop])
        if totals is not None:
            totals.add(result[start:stop], stack.shares(len(features)), stack.expected, stack.clamped())
    return Fused(result) if totals is None else Fused(result, **totals.result())


class _Accumulator:
    """Numerator and denominator of the fusion for one chunk of rows."""

    def __init__(self, features: Tensor, labels: Tensor, heads: Sequence[tuple[tuple[int, ...], HeadPosterior]],
                 sqrt_power: float, min_var: float, keep: bool = False) -> None:
        self.weighted = torch.zeros_like(features)
        self.total = torch.zeros_like(features)
        self.sqrt_power, self.min_var = sqrt_power, min_var
        self.variances: dict[int, Tensor] = {}
        self.expected: dict[int, Tensor] = {}
        for outputs, posterior in heads:
            targets = labels[:, list(outputs)] if len(outputs) < labels.shape[1] else labels
            p = project(features, targets, posterior)
            parts = variance_parts(p, posterior)
            for k, output in enumerate(outputs):
                expected, variance = task_moments(p, parts, posterior.mean[k], p.m[:, k:k + 1])
                if keep:
                    self.variances[output], self.expected[output] = variance, expected
                precision = self._precision(variance)
                self.weighted.addcmul_(precision, expected)
                self.total.add_(precision)

    def _precision(self, variance: Tensor) -> Tensor:
        floored = variance.clamp_min(self.min_var)
        return floored.reciprocal_() if self.sqrt_power == 1.0 else floored.pow_(-self.sqrt_power)

    def shares(self, rows: int) -> dict[int, Tensor]:
        """Share of each task at every row and feature (`total` holds 1 / (rows sum of precisions))."""
        return {output: self._precision(variance) * self.total * rows for output, variance in self.variances.items()}

    def clamped(self) -> Tensor:
        """Number of variances below the floor."""
        return sum(((variance < self.min_var).sum() for variance in self.variances.values()), self.total.new_zeros(()))
