"""Spans of frames that are hidden, drawn on the device without a loop."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class SpanMask:
    """Rule of the spans: floor(start_prob T + u) distinct starts a window, at least `least`, each of `length` frames.

    Spans may overlap. With start_prob 0.065 and 10 frames about 49 % of a window is hidden.

    Attributes
    ----------
    start_prob : float
        Chance of a frame to start a span.
    length : int
        Frames of a span; shortened to max(1, T // 8) in short windows.
    least : int
    """

    start_prob: float = 0.065
    length: int = 10
    least: int = 2

    def span(self, frames: int) -> int:
        """Frames of a span in a window of `frames`."""
        return min(self.length, max(1, frames // 8))

    def most(self, frames: int) -> int:
        """Upper bound of the hidden frames of a window, the size of the tensors that hold them."""
        span = self.span(frames)
        starts = max(self.least, int(self._expected(frames, span)) + 1)
        return min(frames, min(starts, frames - span + 1) * span)

    def _expected(self, frames: int, span: int) -> float:
        """Mean number of starts: the hidden share that is asked for does not depend on a shortened span."""
        return self.start_prob * self.length * frames / span


def draw_mask(rule: SpanMask, batch: int, frames: int, generator: torch.Generator | None = None,
              device: torch.device | str = "cpu") -> Tensor:
    """Hidden frames (batch, frames), bool.

    Starts are the frames 0 to T - M with the smallest of T - M + 1 random keys: a draw without replacement.
    """
    if frames < 2:
        raise ValueError(f"a window needs at least 2 latent frames to hide some; found {frames}")
    span = rule.span(frames)
    places = frames - span + 1
    keys = torch.rand(batch, places, generator=generator, device=device)
    u = torch.rand(batch, 1, generator=generator, device=device)
    count = (rule._expected(frames, span) + u).floor().clamp(min(rule.least, places), places)
    rank = keys.argsort(dim=1).argsort(dim=1)
    starts = (rank < count).to(torch.float32)
    padded = torch.nn.functional.pad(starts, (span - 1, span - 1))
    return torch.nn.functional.max_pool1d(padded[:, None], span, stride=1)[:, 0] > 0


def masked_order(mask: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """Frame numbers of the hidden frames, first to last, filled up to `most`, and which of them are real.

    Returns
    -------
    index : Tensor, shape (B, most), int64
    valid : Tensor, shape (B, most), bool
    """
    index = torch.argsort((~mask).int(), dim=1, stable=True)[:, :most]
    return index, mask.gather(1, index)
