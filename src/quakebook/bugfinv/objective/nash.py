"""Nash bargaining between tasks: G alpha = 1 / alpha, solved by damped Newton, and the NashMTL method built on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from .gramian import floating, gramian_of

MAX_ITERATIONS = 100
#: Bound of u_t = alpha_t |g_t|. Reached only where no solution exists: at a Pareto-stationary point.
LARGEST = 1e6


def nash_weights(gramian: ArrayLike | Tensor) -> Tensor | np.ndarray:
    """Positive weights alpha with ``gramian @ alpha == 1 / alpha``.

    alpha minimises 1/2 a^T G a - sum log a_t, which is strictly convex. With u_t = alpha_t sqrt(G_tt) the matrix has
    a unit diagonal, whatever the scales of the gradients; Newton steps on u are damped by the Newton decrement, which
    keeps u positive and lets the function fall. The norm of sum alpha_t g_t is sqrt(n).

    Parameters
    ----------
    gramian : array or Tensor, shape (n, n)
        Inner products of the task gradients, symmetric and positive semi-definite.

    Returns
    -------
    Tensor (same dtype and device; the default float for whole numbers) or float64 ndarray, shape (n,)
        A task whose gradient is zero gets weight 0: it contributes nothing. Where positive weights make the sum of
        the gradients vanish (a Pareto-stationary point) no solution exists; alpha then points along such weights.

    Examples
    --------
    >>> nash_weights([[4.0, 0.0], [0.0, 0.25]]).tolist()
    [0.5, 2.0]
    """
    gramian = floating(gramian) if isinstance(gramian, Tensor) else gramian
    matrix = gramian.detach().to("cpu", torch.float64).numpy() if isinstance(gramian, Tensor) else np.asarray(gramian)
    matrix = _checked(matrix)
    alpha = np.zeros(len(matrix))
    active = np.diag(matrix) > 0.0
    if active.any():
        scale = np.sqrt(np.diag(matrix)[active])
        alpha[active] = _newton(matrix[np.ix_(active, active)] / np.outer(scale, scale)) / scale
    if isinstance(gramian, Tensor):
        return torch.as_tensor(alpha).to(gramian)
    return alpha


def _checked(matrix: np.ndarray) -> np.ndarray:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise ValueError(f"`gramian` must be square (n, n); found shape {matrix.shape}")
    matrix = matrix.astype(np.float64)
    if not np.isfinite(matrix).all():
        raise ValueError("`gramian` holds NaN or infinite values")
    scale = np.sqrt(np.abs(np.diag(matrix)))
    bound = np.outer(scale, scale) * (1 + 1e-4) + np.finfo(float).tiny
    if (np.diag(matrix) < 0).any() or (np.abs(matrix) > bound).any():
        raise ValueError("`gramian` must be positive semi-definite (inner products of gradients)")
    if (np.abs(matrix - matrix.T) > 1e-4 * bound).any():
        raise ValueError("`gramian` must be symmetric")
    return (matrix + matrix.T) / 2


def _newton(matrix: np.ndarray) -> np.ndarray:
    """Minimise 1/2 u^T G u - sum log u for a matrix with unit diagonal."""
    n = len(matrix)
    matrix = matrix + np.eye(n) * max(-float(np.linalg.eigvalsh(matrix)[0]), 0.0)  # rounding of float32 products
    u = np.full(n, 1.0 / math.sqrt(n))
    for _ in range(MAX_ITERATIONS):
        gradient = matrix @ u - 1.0 / u
        if np.abs(gradient * u).max() < 1e-15:
            break
        step = np.linalg.solve(matrix + np.diag(1.0 / u**2), gradient)
        decrement = float(gradient @ step)
        # The function is self-concordant: a step of this size keeps u positive; so does a full one near the minimum.
        size = 1.0 if decrement < 0.0625 else 1.0 / (1.0 + math.sqrt(max(decrement, 0.0)))
        new = u - size * step
        if np.array_equal(new, u) or new.max() > LARGEST:
            break
        u = new
    return u


class NashMTL:
    """Multi-task training with Nash weights (Navon et al. 2022), called as the Nash inversion code calls it.

    Parameters
    ----------
    n_tasks : int
    device : torch.device or str
    max_norm : float
        The shared gradient is clipped to this norm (0: not). Its norm is always sqrt(n_tasks), so 1 always acts.
    update_weights_every : int
        Solve for the weights at every so many calls; between, the last ones are used.
    optim_niter : int
        Kept for parity of the call; Newton stops by itself.
    """

    def __init__(self, n_tasks: int, device: torch.device | str = "cpu", max_norm: float = 1.0,
                 update_weights_every: int = 1, optim_niter: int = 20) -> None:
        if n_tasks < 1 or update_weights_every < 1:
            raise ValueError("`n_tasks` and `update_weights_every` must be at least 1")
        self.n_tasks, self.device, self.max_norm = n_tasks, device, max_norm
        self.update_weights_every, self.optim_niter = update_weights_every, optim_niter
        self.calls = 0
        self.alpha = torch.ones(n_tasks, device=device)

    def backward(self, losses: Tensor | Sequence[Tensor], shared_parameters: Sequence[nn.Parameter],
                 task_specific_parameters: Sequence[nn.Parameter] | None = None,
                 last_shared_parameters: Sequence[nn.Parameter] | None = None, representation: Tensor | None = None
                 ) -> tuple[Tensor, dict[str, Tensor]]:
        """Backward of sum alpha_t L_t, then clip the shared gradient.

        Weights come from the gradients with respect to all shared parameters, or to `representation` where it is
        given (one pass through the network instead of four).

        Returns
        -------
        loss : Tensor
            The weighted sum, with its graph.
        extra : dict
            ``weights``: alpha, shape (n_tasks,).
        """
        losses = torch.stack(list(losses)) if isinstance(losses, (list, tuple)) else losses
        if losses.shape != (self.n_tasks,):
            raise ValueError(f"`losses` must have shape ({self.n_tasks},); found {tuple(losses.shape)}")
        if not bool(torch.isfinite(losses).all()):
            raise ValueError(f"`losses` must be finite; found {losses.detach().tolist()}")
        shared = list(shared_parameters)
        if self.calls % self.update_weights_every == 0:
            gramian, _ = gramian_of(losses, [representation] if representation is not None else shared)
            self.alpha = nash_weights(gramian).to(losses)
        self.calls += 1
        loss = (losses * self.alpha).sum()
        loss.backward()
        if self.max_norm > 0.0:
            nn.utils.clip_grad_norm_(shared, self.max_norm)
        return loss, {"weights": self.alpha.clone()}
