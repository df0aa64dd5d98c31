"""Shapes: from any accepted layout of features and labels to rows, and back."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def rows_of(features: Tensor, feature_dim: int = -1) -> Tensor:
    """Features as rows (rows, d): the feature axis moved last, all other axes flattened."""
    if not isinstance(features, Tensor):
        raise ValueError(f"features must be a tensor (torch.from_numpy makes one); found {type(features).__name__}")
    if features.ndim < 2:
        raise ValueError(f"features must have at least two axes (rows, d); found shape {tuple(features.shape)}")
    if not -features.ndim <= feature_dim < features.ndim:
        raise ValueError(f"`feature_dim` {feature_dim} does not exist in features of shape {tuple(features.shape)}")
    moved = features.movedim(feature_dim, -1)
    return moved.reshape(-1, moved.shape[-1])


def like(rows: Tensor, features: Tensor, feature_dim: int = -1) -> Tensor:
    """Rows (rows, d) put back into the layout and dtype of `features`."""
    moved = features.movedim(feature_dim, -1)
    return rows.reshape(moved.shape).movedim(-1, feature_dim).to(features.dtype)


def label_rows(labels: Sequence[Tensor] | Tensor, leading: Sequence[int], groups: Sequence[int],
               like_features: Tensor, name: str = "labels") -> Tensor:
    """All labels as one tensor (rows, outputs) of the features' dtype and device.

    Parameters
    ----------
    labels : list or tuple of Tensor, or one Tensor
        One tensor per task group, each of shape `leading`, or `leading` with a last axis of the group's size. A
        single tensor of shape `leading` + (outputs,) holds all groups.
    leading : sequence of int
        Shape of the representation without its feature axis.
    groups : sequence of int
        Number of outputs of each task group.
    """
    leading = tuple(leading)
    outputs = sum(groups)
    if isinstance(labels, Tensor):
        if tuple(labels.shape) != (*leading, outputs):
            raise ValueError(f"`{name}` as one tensor must have shape {(*leading, outputs)}; found "
                             f"{tuple(labels.shape)}; or give a list of {len(groups)} tensors of shape {leading}")
        return _cast(labels, like_features).reshape(-1, outputs)
    if not isinstance(labels, (list, tuple)):
        raise ValueError(f"`{name}` must be a list or tuple of {len(groups)} tensors; found {type(labels).__name__}")
    if len(labels) != len(groups):
        raise ValueError(f"`{name}` must hold one tensor per task group: expected {len(groups)}, found {len(labels)}")
    columns = []
    for k, (label, size) in enumerate(zip(labels, groups, strict=True)):
        if not isinstance(label, Tensor):
            raise ValueError(f"`{name}[{k}]` must be a tensor; found {type(label).__name__}")
        accepted = [(*leading, size)] + ([leading] if size == 1 else [])
        if tuple(label.shape) not in accepted:
            raise ValueError(f"`{name}[{k}]` must have shape {' or '.join(map(str, accepted))}, as the representation "
                             f"has; found {tuple(label.shape)}")
        columns.append(_cast(label, like_features).reshape(-1, size))
    return torch.cat(columns, dim=1)


def _cast(label: Tensor, features: Tensor) -> Tensor:
    return label.detach().to(device=features.device, dtype=features.dtype)


def compute_dtype(dtype: torch.dtype) -> torch.dtype:
    """bfloat16 is computed in float32; float32 and float64 stay; float16 is refused."""
    if not dtype.is_floating_point:
        raise ValueError(f"the representation must be floating point; found {dtype}")
    if dtype == torch.float16:
        raise ValueError("the representation is float16, in which a gradient divided by the number of rows vanishes; "
                         "use bfloat16 or float32")
    return torch.float32 if dtype == torch.bfloat16 else dtype
