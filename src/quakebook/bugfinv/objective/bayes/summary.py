"""What the fusion did, summed over chunks of rows: the distribution of the shares, conflicts, distance to the mean."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


class Summary:
    """Sums over all rows and features; `result` gives the fields of `rows.Fused` by name."""

    def __init__(self, features: Tensor, tasks: int) -> None:
        self.entries = features.numel()
        self.sums, self.squares = features.new_zeros(tasks), features.new_zeros(tasks)
        self.counts = features.new_zeros(3)  # below the floor, dominated, in conflict
        self.products = features.new_zeros(3)  # fused . mean, fused . fused, mean . mean

    def add(self, fused: Tensor, shares: Mapping[int, Tensor], expected: Mapping[int, Tensor], clamped: Tensor) -> None:
        """Add a chunk: fused gradient (rows, d), shares and expected gradients (rows, d) by task, clamped variances."""
        for task, share in shares.items():
            self.sums[task] += share.sum()
            self.squares[task] += (share - 1.0 / len(shares)).square().sum()  # round the middle: nothing cancels
        largest = torch.stack(list(shares.values())).amax(dim=0)
        gradients = torch.stack(list(expected.values()))
        positive = (gradients > 0).sum(dim=0)
        differ = (positive > 0) & (positive < len(gradients))
        self.counts += torch.stack([clamped, (largest > 0.5).sum(), differ.sum()]).to(self.counts)
        mean = gradients.mean(dim=0)
        self.products += torch.stack([(fused * mean).sum(), fused.square().sum(), mean.square().sum()])

    def result(self) -> dict[str, Tensor]:
        """share (tasks,), clamped, spread, dominated, conflict, cosine."""
        entries = max(self.entries, 1)
        share = self.sums / entries
        variance = (self.squares / entries - (share - 1.0 / len(share)).square()).clamp_min(0.0)
        norms = (self.products[1] * self.products[2]).sqrt()
        cosine = torch.where(norms > 0, self.products[0] / norms.clamp_min(torch.finfo(norms.dtype).tiny), 1.0)
        return {"share": share, "clamped": self.counts[0] / (entries * len(share)), "spread": variance.mean().sqrt(),
                "dominated": self.counts[1] / entries, "conflict": self.counts[2] / entries, "cosine": cosine}
