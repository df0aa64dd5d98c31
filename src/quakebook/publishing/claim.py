"""One claim: what a paper states, or a check of ours, with the bounds inside which our number agrees."""

from __future__ import annotations

import math
from dataclasses import dataclass


class ClaimError(ValueError):
    """A claim file, a result file or a reported number that cannot be used; the message names file and entry."""


@dataclass(frozen=True)
class Claim:
    """One number or direction that a paper states, or a check of ours, and the bounds inside which ours agrees.

    Parameters
    ----------
    paper, id, says, where, metric, why : str
        `says` is the claim in words, `where` its place in the paper, `metric` the reported key that answers it, `why`
        the reason for the bounds.
    published : float or None
        The printed number; None when only a direction is stated, and for every check of ours.
    low, high : float
        Ours agrees when low <= ours <= high.
    bounds : str
        The bounds as shown in tables, for example "± 0.05".
    answers : {"reproduction", "effect", "real", "benchmark"}
        Same computation as the paper; the effect on synthetic or reduced data; needs measured data; or needs the
        paper's benchmark model.
    needs : str
        Command that runs the computation where it was not run here; may be empty.
    kind : {"trained", "computed", "architecture"}
        From a trained network; from a computation without training; or a count or constant that shows the same
        architecture or forward model, which is not a result.
    ours : bool
        Our own check; no paper says it.
    ordering : bool
        Says that one thing is above another: decided only by a difference wider than the spread over seeds.
    read_off : bool
        The published value was read off a printed figure.
    """

    paper: str
    id: str
    says: str
    where: str
    published: float | None
    metric: str
    low: float
    high: float
    bounds: str
    why: str
    answers: str
    needs: str = ""
    kind: str = "trained"
    ours: bool = False
    ordering: bool = False
    read_off: bool = False

    def agrees(self, value: float) -> bool:
        """True inside the bounds (up to rounding of the last float digit); never for NaN."""
        slack = 1e-12 * max(1.0, *(abs(b) for b in (self.low, self.high) if math.isfinite(b)))
        return self.low - slack <= value <= self.high + slack

    def margin(self, value: float) -> float:
        """Distance of `value` from the nearer bound; for an ordering, how far apart the two things are."""
        return min(abs(value - bound) for bound in (self.low, self.high) if math.isfinite(bound))
