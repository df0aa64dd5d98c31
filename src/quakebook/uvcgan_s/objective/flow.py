"""Flow matching between mixtures and backgrounds that were drawn independently: one step of the baseline."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .step import Batch, Trainer


class FlowTrainer(Trainer):
    """Rectified flow with optimal pairs inside a batch (conditional flow matching with minibatch transport).

    Each mixture gets the background that makes the sum of squared distances over the batch least; between the two lies
    a straight line, x_t = (1 - t) m + t b, whose velocity b - m the network learns at a random t.
    """

    def flow(self, batch: Batch) -> dict[str, Tensor]:
        """One update on the mixtures and the backgrounds of a batch; signals take no part."""
        start, end = self.norm.forward(batch["b"]), self.norm.forward(batch["a0"])
        end = end[partners(start, end)]
        time = torch.rand((len(start), 1, 1, 1), device=start.device, dtype=start.dtype)
        velocity = self.networks["gen_ba"]((1 - time) * start + time * end, time)
        loss = F.mse_loss(velocity, end - start)
        self._update("gen", loss)
        return {"flow": loss.detach()}


@torch.no_grad()
def partners(start: Tensor, end: Tensor) -> Tensor:
    """Row of `end` for every row of `start` so that the sum of squared distances is least (B,)."""
    from scipy.optimize import linear_sum_assignment

    squares = torch.cdist(start.flatten(1).double(), end.flatten(1).double()).square()
    return torch.as_tensor(linear_sum_assignment(squares.cpu().numpy())[1], device=start.device)
