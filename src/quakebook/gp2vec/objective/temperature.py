"""Temperature of the Gumbel noise over the training."""

from __future__ import annotations

import math
from typing import Literal

Schedule = Literal["scaled", "published", "cosine"]
#: Decay per update of wav2vec 2.0; it needs 277,259 updates from 2.0 to 0.5.
PUBLISHED_DECAY = 0.999995
#: Share of the run after which "scaled" has reached its end.
SCALED_SHARE = 0.7


def temperature(step: int, steps: int, start: float = 2.0, end: float = 0.5, schedule: Schedule = "scaled") -> float:
    """tau before update `step` of `steps`.

    "scaled": exponential that reaches `end` at 70 % of the run; "published": max(end, start 0.999995^step); "cosine":
    half a cosine from `start` to `end` over the run.

    >>> temperature(70, 100)
    0.5
    """
    if schedule == "published":
        return max(end, start * PUBLISHED_DECAY**step)
    if schedule == "cosine":
        return end + (start - end) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / max(1, steps))))
    return max(end, start * (end / start) ** (step / max(1.0, SCALED_SHARE * steps)))
