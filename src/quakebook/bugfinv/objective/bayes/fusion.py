"""Fusion of the tasks' gradients by their precision, per row and per feature."""

from __future__ import annotations

from torch import Tensor

from quakebook.checks import require_finite


def fuse(mean: Tensor, variance: Tensor) -> Tensor:
    """Precision-weighted mean of the tasks' gradients: the mode of the product of their Gaussians.

    dL/dh_i = (sum_t lambda_ti E[g_t]_i) / (sum_t lambda_ti) / rows, with lambda = 1 / variance.

    Parameters
    ----------
    mean, variance : Tensor, shape (rows, outputs, d)
        As returned by `gradient_moments`; the variance must be positive.

    Returns
    -------
    Tensor, shape (rows, d)
        Divided by the number of rows, so that its scale is that of a mean over rows. With equal variances it is the
        mean over the tasks, a third of the gradient of a plain sum for three tasks.

    Examples
    --------
    >>> mean = torch.tensor([[[1.0], [4.0]]])
    >>> fuse(mean, torch.tensor([[[1.0], [2.0]]])).tolist()
    [[2.0]]
    """
    if mean.ndim != 3 or mean.shape != variance.shape:
        raise ValueError("`mean` and `variance` must both have shape (rows, outputs, d); "
                         f"found {tuple(mean.shape)} and {tuple(variance.shape)}")
    if mean.shape[1] == 0:
        raise ValueError("`mean` holds no outputs; at least one is needed")
    require_finite(mean=mean, variance=variance)
    if variance.numel() and not bool((variance > 0).all()):
        raise ValueError("`variance` must be positive everywhere")
    return (shares(variance) * mean).sum(dim=1) / max(len(mean), 1)


def shares(variance: Tensor) -> Tensor:
    """Weights in [0, 1] of the tasks, which sum to 1 over axis 1: their precisions over the sum of the precisions.

    Computed relative to the smallest variance of the row and feature, so that no precision overflows.
    """
    relative = variance.amin(dim=1, keepdim=True) / variance
    return relative / relative.sum(dim=1, keepdim=True)


