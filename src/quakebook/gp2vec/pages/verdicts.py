"""How the scores of two methods stand to each other, as far as their seeds tell."""

from __future__ import annotations

from collections.abc import Sequence

from quakebook.publishing import claims


def advantage(first: Sequence[float], second: Sequence[float]) -> claims.Measured:
    """Mean difference of the scores with its spread, seed by seed, or against the one score that `second` has.

    Both in the order of their seeds, which begin with 0; seeds that only one of them has are left out.
    """
    if len(second) == 1:
        return claims.over_seeds([score - second[0] for score in first])
    return claims.over_seeds([a - b for a, b in zip(first, second, strict=False)])


def verdict(first: Sequence[float], second: Sequence[float]) -> str:
    """ "better", "worse", or "undecided" where the 95 % interval of `advantage` holds zero, or there is one seed only.

    This is the rule of the claims, so that a sentence and a verdict on one page agree.
    """
    found = advantage(first, second)
    if found.spread is None or not abs(found.value) > found.spread:
        return "undecided"
    return "better" if found.value > 0 else "worse"
