"""Which normalisation a setting means, and the refusal of values that it cannot take."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..settings import ObjectiveConfig
from .norms import Chain, DoublePrecision, Identity, Log, MinMax, Norm, Scale, Standardize, SymLog

KINDS = {"log": Log, "symlog": SymLog, "scale": Scale, "standardize": Standardize, "min-max-scaler": MinMax}


def select(choice: Any) -> Norm:
    """The norm that a published setting means: None, a name, {"name": ..., ...}, or a list of those in order.

    Raises
    ------
    ValueError
        Unknown name; the message lists what exists.
    """
    if choice is None:
        return Identity()
    if isinstance(choice, (list, tuple)):
        return Chain(tuple(select(part) for part in choice))
    options = {"name": choice} if isinstance(choice, str) else dict(choice)
    name = options.pop("name", None)
    if name == "double-precision":
        return DoublePrecision(select(options.get("norm")))
    if name not in KINDS:
        raise ValueError(f"unknown data norm {name!r}; known: {', '.join([*KINDS, 'double-precision'])}")
    return KINDS[name](**options)


def norm_of(objective: ObjectiveConfig) -> Norm:
    """The norm of a configuration."""
    return {"none": Identity(), "log": Log(bias=objective.norm_bias), "scale": Scale(objective.norm_scale),
            "symlog": SymLog(objective.norm_threshold, objective.norm_scale)}[objective.norm]


def refuse_undefined(images: Tensor, norm: Norm, name: str) -> None:
    """Refuse images with values that are no numbers or that the norm cannot take, naming the first place.

    Parameters
    ----------
    images : Tensor, shape (..., H, W)
    name : str
        What the images are, for the message.

    Raises
    ------
    ValueError
        "background: image 3, row 2, column 17 is -0.25; values must be above -0.1".
    """
    lowest = float("-inf") if norm.floor is None else norm.floor
    bad = ~torch.isfinite(images) | (images <= lowest)
    if not bool(bad.any()):
        return
    place = bad.nonzero()[0].tolist()
    where = [f"{word} {index}" for word, index in zip(_axes(images.ndim), place, strict=True)]
    bound = "finite" if norm.floor is None else f"finite and above {norm.floor:g}"
    raise ValueError(f"{name}: {', '.join(where)} is {float(images[tuple(place)]):g} ({int(bad.sum())} such values); "
                     f"values must be {bound}")


def _axes(ndim: int) -> list[str]:
    known = {1: ["column"], 2: ["row", "column"], 3: ["image", "row", "column"],
             4: ["image", "channel", "row", "column"]}
    return known.get(ndim) or [f"axis {k} index" for k in range(ndim)]


def log_norm(x: Tensor, bias: float = 0.1) -> Tensor:
    """ln(x + bias): calorimeter towers in GeV to what the networks see; an empty tower becomes ln(bias).

    Raises
    ------
    ValueError
        A value at or below -bias, or not finite; the message names its place.
    """
    x = torch.as_tensor(x)
    norm = Log(bias=bias)
    refuse_undefined(x, norm, "log_norm")
    return norm.forward(x)


def log_norm_inverse(y: Tensor, bias: float = 0.1) -> Tensor:
    """exp(y) - bias, the inverse of `log_norm`; never below -bias."""
    return Log(bias=bias).inverse(torch.as_tensor(y))
