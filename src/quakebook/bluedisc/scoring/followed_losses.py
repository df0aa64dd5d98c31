"""Losses of the tracked windows through training, under the names of the published log."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits


class TrackedScores:
    """Per-window loss and, with an adversary, its verdicts on label and prediction; kept on the device.

    Networks are judged in eval mode, as published. The discriminator's running statistics, which its verdicts then
    depend on, are the published ones with ``objective.published_statistics=true`` only.

    Parameters
    ----------
    steps : sequence of int
        Numbers of done updates at which `keep` will be called.
    x, y : Tensor, shape (n, 3, samples)
        Tracked windows and their labels.
    """

    def __init__(self, steps: Sequence[int], x: Tensor, y: Tensor) -> None:
        self.steps, self.x, self.y = list(steps), x, y
        self.scores = torch.full((3, len(self.steps), len(x)), torch.nan, device=x.device)

    @torch.no_grad()
    def keep(self, step: int, logits: Tensor, discriminator: nn.Module | None) -> None:
        """Score the generator's output (n, 3, samples) before the sigmoid, after `step` updates."""
        k = self.steps.index(step)
        self.scores[0, k] = binary_cross_entropy_with_logits(logits, self.y, reduction="none").mean((1, 2))
        if discriminator is not None:
            training = discriminator.training
            discriminator.eval()
            for row, curves in ((1, self.y), (2, logits.sigmoid())):
                self.scores[row, k] = discriminator(torch.cat([curves, self.x], 1))[:, 0]
            discriminator.train(training)

    def table(self) -> pd.DataFrame:
        """One row a kept step: step, eval_loss, sample_000_loss, ...; with an adversary also sample_000_D_real, ..."""
        scores = self.scores.cpu().numpy()
        columns = {"step": self.steps, "eval_loss": scores[0].mean(1)}
        for name, values in zip(("loss", "D_real", "D_fake"), scores, strict=True):
            columns |= {f"sample_{n:03d}_{name}": values[:, n] for n in range(values.shape[1])}
        return pd.DataFrame(columns).dropna(axis=1, how="all")

    def state_dict(self) -> dict[str, Tensor]:
        """For checkpoints."""
        return {"scores": self.scores}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Continue where a checkpoint stopped."""
        self.scores.copy_(state["scores"])
