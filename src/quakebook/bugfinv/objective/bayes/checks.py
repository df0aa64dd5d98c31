"""Checks of what is handed to `BUGFInv.backward`, and head gradients averaged over processes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, distributed, nn


def stacked(losses: Tensor | Sequence[Tensor], counts: set[int], finite: bool = True) -> Tensor:
    """The losses of all tasks as one tensor (tasks,).

    Parameters
    ----------
    losses : Tensor, shape (tasks,), or sequence of Tensor with one element each
    counts : set of int
        Numbers of tasks that are accepted.
    finite : bool
        Refuse NaN and infinite losses.

    Raises
    ------
    ValueError
        Names the wrong type, number or value.
    """
    expected = " or ".join(map(str, sorted(counts)))
    if not isinstance(losses, Tensor):
        if not isinstance(losses, (list, tuple)) or not all(isinstance(loss, Tensor) for loss in losses):
            raise ValueError(f"`losses` must be a tensor or a sequence of tensors; found {type(losses).__name__}")
        if any(loss.numel() != 1 for loss in losses):
            raise ValueError("each of `losses` must be one number; found shapes "
                             f"{[tuple(loss.shape) for loss in losses]}")
        losses = torch.stack([loss.reshape(()) for loss in losses]) if losses else torch.empty(0)
    if losses.ndim != 1 or len(losses) not in counts:
        raise ValueError(f"`losses` must hold one loss per task, {expected}; found shape {tuple(losses.shape)}")
    if finite and not all(map(math.isfinite, found := losses.detach().tolist())):
        raise ValueError(f"`losses` must be finite; found {found}")
    return losses


def differentiable(representation: Tensor) -> None:
    """Refuse a representation that has lost its graph: nothing below it could learn."""
    if not isinstance(representation, Tensor):
        raise ValueError("`representation` must be a tensor with a gradient; found "
                         f"{type(representation).__name__}")
    if not representation.requires_grad:
        raise ValueError("`representation` has no gradient (it was detached, or made under no_grad): nothing below it "
                         "could learn")


def head_gradients(total: Tensor, parameters: Sequence[nn.Parameter]) -> None:
    """Assign d total / d parameter to every parameter that is not frozen; one that is unused gets None."""
    parameters = [parameter for parameter in parameters if parameter.requires_grad]
    if not parameters:
        return
    if not total.requires_grad:
        raise ValueError("`losses` have no gradient (they were detached, or made under no_grad)")
    gradients = torch.autograd.grad(total, parameters, retain_graph=True, allow_unused=True)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient


def average_over_processes(parameters: Sequence[nn.Parameter]) -> None:
    """Mean over processes of the gradients; does nothing where there is one process. A missing gradient counts as 0."""
    if not (distributed.is_available() and distributed.is_initialized()) or distributed.get_world_size() == 1:
        return
    parameters = [parameter for parameter in parameters if parameter.requires_grad]
    for parameter in parameters:
        gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.contiguous()
        distributed.all_reduce(gradient)
        parameter.grad = gradient / distributed.get_world_size()
