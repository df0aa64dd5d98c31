"""Optional heads that predict what a station is from its contexts, or are fought so that contexts forget it."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Mode = Literal["predict", "adversarial"]
#: Sampling-rate classes lie between these edges, in Hz.
RATE_EDGES_HZ = (20.0, 50.0, 100.0, 200.0)
#: Classes of each task; the region is a cell of 5 by 5 degrees, counted over the globe by a stable rule.
CLASSES = {"sampling_rate": len(RATE_EDGES_HZ) + 1, "channel_family": 64, "region": 72 * 36}
#: Metadata fields that name the label of a task; hidden from the network while it must predict it.
HIDES = {"sampling_rate": ("sample_rate",), "channel_family": ("channel",),
         "region": ("latitude", "longitude", "station", "network")}
#: Weight of the reversed gradient when it has ramped up.
REVERSAL = 0.1


class Reverse(torch.autograd.Function):
    """The identity whose gradient is multiplied by a negative number."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: Tensor) -> Tensor:
        ctx.save_for_backward(strength)
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return -ctx.saved_tensors[0] * gradient, None


class MultitaskHeads(nn.Module):
    """Classifiers of mean-pooled masked contexts (B, D).

    Parameters
    ----------
    width : int
    tasks : sequence of str
        Keys of `CLASSES`.
    mode : {"predict", "adversarial"}
        "adversarial" reverses the gradient into the network, so that contexts become independent of the label.
    """

    def __init__(self, width: int, tasks: tuple[str, ...], mode: Mode = "predict") -> None:
        super().__init__()
        if unknown := sorted(set(tasks) - set(CLASSES)):
            raise ValueError(f"unknown multitask heads {', '.join(unknown)}; known: {', '.join(CLASSES)}")
        self.mode = mode
        self.heads = nn.ModuleDict({task: nn.Linear(width, CLASSES[task]) for task in tasks})
        self.register_buffer("strength", torch.tensor(REVERSAL), persistent=False)

    def hidden_fields(self) -> tuple[str, ...]:
        """Metadata fields that these tasks must not see."""
        return tuple(field for task in self.heads for field in HIDES[task])

    def forward(self, pooled: Tensor, labels: dict[str, Tensor]) -> Tensor:
        """Sum of the cross-entropies; label -1 means unknown and does not count."""
        x = Reverse.apply(pooled, self.strength) if self.mode == "adversarial" else pooled
        total = pooled.new_zeros(())
        for task, head in self.heads.items():
            label = labels[task]
            losses = F.cross_entropy(head(x).float(), label.clamp_min(0), reduction="none")
            known = (label >= 0).to(losses.dtype)
            total = total + (losses * known).sum() / known.sum().clamp_min(1)
        return total


def labels(fields: dict[str, Tensor], batch: int, device: torch.device) -> dict[str, Tensor]:
    """Class of each task from metadata tensors; -1 where the field is absent or NaN."""
    unknown = torch.full((batch,), -1, dtype=torch.int64, device=device)
    out = dict.fromkeys(CLASSES, unknown)
    if "sample_rate" in fields:
        rate = fields["sample_rate"].float()
        edges = torch.tensor(RATE_EDGES_HZ, device=device)
        out["sampling_rate"] = torch.where(rate.isfinite(), torch.bucketize(rate, edges, right=True), -1)
    if "channel" in fields:
        out["channel_family"] = fields["channel"].long().clamp(0, CLASSES["channel_family"] - 1)
    if {"latitude", "longitude"} <= set(fields):
        latitude, longitude = fields["latitude"].float(), fields["longitude"].float()
        row = ((torch.nan_to_num(latitude) + 90) / 5).long().clamp(0, 35)
        column = ((torch.nan_to_num(longitude) + 180) / 5).long().clamp(0, 71)
        out["region"] = torch.where(latitude.isfinite() & longitude.isfinite(), row * 72 + column, -1)
    return out
