"""How the scores of two methods stand to each other, as far as their seeds tell."""

from __future__ import annotations

from collections.abc import Sequence

from quakebook.publishing import claims


def verdict(first: Sequence[float], second: Sequence[float]) -> str:
    """ "better", "worse", or "undecided" where the 95 % interval of the difference holds zero or there is one seed.

    This is the rule of the claims, so that a sentence and a verdict on one page agree.
    """
    return {1: "better", -1: "worse", 0: "undecided"}[claims.difference(first, second).sign]
