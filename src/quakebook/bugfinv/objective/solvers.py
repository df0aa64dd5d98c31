"""Weights of the task gradients from their Gram matrix, by name; most rules are TorchJD's."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import torch
from torch import Tensor

from .gramian import floating
from .nash import nash_weights

CAGRAD_RADIUS = 0.4  #: c of CAGrad, the authors' choice for their vision experiments


def weights(gramian: Tensor, method: str) -> Tensor:
    """Weights alpha of the tasks, so that the shared gradient is sum alpha_t g_t.

    Parameters
    ----------
    gramian : Tensor, shape (n, n)
        Inner products of the task gradients.
    method : str
        One of `METHODS`.

    Returns
    -------
    Tensor, shape (n,)
        Of the Gram matrix's dtype and device. TorchJD's rules aim at a mean of the gradients, "nash" at norm sqrt(n).
    """
    if method not in METHODS:
        raise ValueError(f"unknown gradient solver {method!r}; known are {', '.join(METHODS)}")
    gramian = floating(gramian)
    if gramian.ndim != 2 or gramian.shape[0] != gramian.shape[1] or not bool(torch.isfinite(gramian).all()):
        raise ValueError(f"`gramian` must be square (n, n) and finite; found shape {tuple(gramian.shape)}"
                         + ("" if bool(torch.isfinite(gramian).all()) else " with NaN or infinite values"))
    return METHODS[method](gramian)


def _constant(gramian: Tensor) -> Tensor:
    return torch.ones(len(gramian), dtype=gramian.dtype, device=gramian.device)


def min_norm_weights(gramian: Tensor) -> Tensor:
    """MGDA: the point of smallest norm in the convex hull of the gradients, exactly, by trying every face.

    With three tasks the triangle has seven faces. On each, the stationary point solves a small linear system; the best
    admissible one is the minimum.
    """
    matrix = gramian.detach().to("cpu", torch.float64)
    n = len(matrix)
    best, best_value = None, float("inf")
    for size in range(1, n + 1):
        for face in combinations(range(n), size):
            sub = matrix[list(face)][:, list(face)]
            point = _stationary(sub)
            value = float(point @ sub @ point)
            if (point >= -1e-12).all() and value < best_value:
                best_value = value
                best = torch.zeros(n, dtype=torch.float64).index_put((torch.tensor(face),), point.clamp_min(0.0))
    return best.to(gramian)


def _stationary(matrix: Tensor) -> Tensor:
    """The point of the plane sum x = 1 where x^T G x is stationary, also for a singular G."""
    n = len(matrix)
    scale = torch.diagonal(matrix).mean().clamp_min(torch.finfo(matrix.dtype).tiny)
    system = torch.ones(n + 1, n + 1, dtype=matrix.dtype)
    system[:n, :n], system[n, n] = matrix / scale, 0.0
    right = torch.zeros(n + 1, dtype=matrix.dtype)
    right[n] = 1.0
    return (torch.linalg.pinv(system, hermitian=True) @ right)[:n]


def _torchjd(name: str, *arguments: float) -> Callable[[Tensor], Tensor]:
    def apply(gramian: Tensor) -> Tensor:
        from torchjd import aggregation

        matrix = gramian.detach().to("cpu", torch.float64)
        try:
            return getattr(aggregation, name)(*arguments)(matrix).to(gramian)
        except ImportError as error:
            raise ValueError(f"TorchJD's {name} needs packages that are not installed: {error}") from error

    return apply


#: Name of a rule and the function from Gram matrix to weights.
METHODS: dict[str, Callable[[Tensor], Tensor]] = {
    "cw": _constant,
    "nash": nash_weights,
    "mgda": min_norm_weights,
    "upgrad": _torchjd("UPGradWeighting"),
    "cagrad": _torchjd("CAGradWeighting", CAGRAD_RADIUS),
    "imtl_g": _torchjd("IMTLGWeighting"),
    "aligned_mtl": _torchjd("AlignedMTLWeighting"),
    "pcgrad": _torchjd("PCGradWeighting"),
    "dual_proj": _torchjd("DualProjWeighting"),
}
