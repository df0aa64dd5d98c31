"""Put the curves of overlapping windows together, on the device: mean or maximum."""

from __future__ import annotations

from math import ceil

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakebook.picking.continuous.placement import runs


class Stack:
    """Curves of one segment that grow window by window.

    Windows of one stride that do not touch each other are added in one operation through a strided view, so that the
    order of the additions is the same on every device and in every run.

    Parameters
    ----------
    n_curves, n_samples : int
    method : {"avg", "max"}
    device : torch.device
    """

    def __init__(self, n_curves: int, n_samples: int, method: str, device: torch.device) -> None:
        self.method = method
        fill = 0.0 if method == "avg" else torch.nan
        self.total = torch.full((n_curves, n_samples), fill, device=device)
        self.count = torch.zeros(n_samples, device=device)

    def add(self, curves: Tensor, starts: NDArray[np.int64]) -> None:
        """Add windows (b, curve, samples) that begin at the samples `starts` (b,), a rising list."""
        n_curves, length = curves.shape[1:]
        for begin, end, step in runs(starts):
            apart = max(1, ceil(length / step))
            for k in range(begin, min(begin + apart, end)):
                part = curves[k:end:apart]
                shape, strides = (len(part), n_curves, length), (apart * step, self.total.stride(0), 1)
                self._put(self.total.as_strided(shape, strides, int(starts[k])), part)
                self.count.as_strided((len(part), length), (apart * step, 1), int(starts[k])).add_(1)

    def _put(self, view: Tensor, part: Tensor) -> None:
        if self.method == "avg":
            view.add_(part)
        else:
            view.copy_(torch.fmax(view, part.to(view.dtype)))

    def result(self) -> Tensor:
        """Curves (curve, samples); NaN where no window reached."""
        nowhere = self.count == 0
        if self.method == "avg":
            self.total.div_(self.count)
        self.total.masked_fill_(nowhere, torch.nan)
        return self.total
