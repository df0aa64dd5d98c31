"""Ours against the paper's, in four words. A number computed on synthetic records is never called reproduced."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .claim import Claim
from .reports import Result

REPRODUCED = "reproduced"
EFFECT = "effect shown"
NOT_REPRODUCED = "not reproduced"
NOT_RUN = "not run here"
VERDICTS = (REPRODUCED, EFFECT, NOT_REPRODUCED, NOT_RUN)

#: Which data can answer a claim, best first.
FITTING = {"reproduction": ("real", "model-free", "synthetic"), "effect": ("synthetic", "model-free", "real"),
           "real": ("real",)}


@dataclass(frozen=True)
class Judged:
    """A claim with the result that answers it.

    Parameters
    ----------
    claim : Claim
    verdict : str
        One of `VERDICTS`.
    value : float or None
        Our number; None when nothing was run.
    result : Result or None
        Where the number comes from.
    """

    claim: Claim
    verdict: str
    value: float | None = None
    result: Result | None = None

    @property
    def data(self) -> str:
        """What the number was computed on, as shown in tables."""
        if self.result is None:
            return "–"
        words = self.result.data + (" (recorded)" if self.result.recorded else "")
        return words + (" (smoke: not judged)" if self.result.profile == "smoke" else "")


def judge(claim: Claim, results: Iterable[Result]) -> Judged:
    """Compare a claim with the best fitting result that has its metric.

    A page of this build goes before a recorded result on equal data. A smoke run, which only shows that the code
    runs, is never judged.
    """
    fitting = FITTING[claim.answers]
    candidates = [r for r in results if claim.metric in r.metrics and r.data in fitting]
    if not candidates:
        return Judged(claim, NOT_RUN)
    best = min(candidates, key=lambda r: (r.profile == "smoke", fitting.index(r.data), r.recorded, r.source))
    value = best.metrics[claim.metric]
    if best.profile == "smoke" and not best.recorded:
        return Judged(claim, NOT_RUN, value, best)
    if value is None or math.isnan(value) or not claim.agrees(value):
        return Judged(claim, NOT_REPRODUCED, value, best)
    may_reproduce = claim.answers != "effect" and best.data != "synthetic"
    return Judged(claim, REPRODUCED if may_reproduce else EFFECT, value, best)
