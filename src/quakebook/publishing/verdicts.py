"""Ours against the paper's, in one word.

A number computed on synthetic records is never called reproduced; an ordering within the spread over seeds is
undecided; a check of ours passes or fails; a count that we copied shows the same architecture and is no result.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from .claim import Claim
from .measured import Measured
from .reports import Result

REPRODUCED = "reproduced"
EFFECT = "effect shown"
UNDECIDED = "undecided"
NOT_REPRODUCED = "not reproduced"
NOT_RUN = "not run here"
PASSED, FAILED = "passed", "failed"
SAME, OTHER = "same architecture", "other architecture"

#: On what a paper states of its results; then all, with those on our own checks and on counts and constants.
VERDICTS = (REPRODUCED, EFFECT, UNDECIDED, NOT_REPRODUCED, NOT_RUN)
ALL = (REPRODUCED, EFFECT, PASSED, SAME, UNDECIDED, NOT_REPRODUCED, FAILED, OTHER, NOT_RUN)

#: Verdicts on a number outside its bounds: the command line ends with status 3.
OUTSIDE = (NOT_REPRODUCED, FAILED, OTHER)

#: What a claim is about; counted apart.
TRAINED, COMPUTED, ARCHITECTURES, OWN = "trained results", "computed results", "architecture checks", "our own checks"
GROUPS = (TRAINED, COMPUTED, ARCHITECTURES, OWN)

#: Which data can answer a claim, best first.
FITTING = {"reproduction": ("real", "benchmark", "model-free", "synthetic"),
           "effect": ("synthetic", "model-free", "benchmark", "real"), "real": ("real",), "benchmark": ("benchmark",)}

DATA_WORDS = {"benchmark": "benchmark model", "real": "real (measured)"}


@dataclass(frozen=True)
class Judged:
    """A claim with the result that answers it.

    Parameters
    ----------
    claim : Claim
    verdict : str
        One of `ALL`.
    answer : Measured
        Our number with its spread; its value is None when nothing was run.
    result : Result or None
        Where the number comes from.
    """

    claim: Claim
    verdict: str
    answer: Measured | None = None
    result: Result | None = field(default=None, repr=False)

    @property
    def value(self) -> float | None:
        """Our number; None when nothing was run."""
        return None if self.answer is None else self.answer.value

    @property
    def group(self) -> str:
        """One of `GROUPS`."""
        return group(self.claim)

    @property
    def data(self) -> str:
        """What the number was computed on, as shown in tables."""
        if self.result is None:
            return "–"
        words = DATA_WORDS.get(self.result.data, self.result.data) + (" (recorded)" if self.result.recorded else "")
        return words + (" (smoke: not judged)" if self.result.profile == "smoke" else "")


def group(claim: Claim) -> str:
    """With which claims this one is counted."""
    if claim.ours:
        return OWN
    return {"architecture": ARCHITECTURES, "computed": COMPUTED, "trained": TRAINED}[claim.kind]


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
    answer = best.metrics[claim.metric]
    if best.profile == "smoke" and not best.recorded:
        return Judged(claim, NOT_RUN, answer, best)
    return Judged(claim, _verdict(claim, answer, best.data), answer, best)


def undecided(claim: Claim, answer: Measured) -> bool:
    """True for an ordering that one seed answers, or whose difference is within the spread over seeds."""
    if not claim.ordering or math.isnan(answer.value):
        return False
    return answer.spread is None or claim.margin(answer.value) <= answer.spread


def _verdict(claim: Claim, answer: Measured, data: str) -> str:
    if undecided(claim, answer):
        return UNDECIDED
    agrees = claim.agrees(answer.value)
    if claim.ours:
        return PASSED if agrees else FAILED
    if claim.kind == "architecture":
        return SAME if agrees else OTHER
    if not agrees:
        return NOT_REPRODUCED
    return REPRODUCED if claim.answers != "effect" and data != "synthetic" else EFFECT
