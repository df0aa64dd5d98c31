"""A number with its spread over seeds: how a page or a recorded result gives an answer that one seed cannot give.

The spread is, everywhere, half the width of the 95 % interval (Student's t) of the mean over the seeds, behind "±".
In a page's result file a metric is a number, or an object ``{"value": 0.31, "spread": 0.04, "seeds": 3}``.
The metrics of a recorded result are plain numbers; there the spread of ``error`` stands beside it as ``error.sd``, and
counts only with ``error.seeds`` beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from quakebook.intervals import half_width

from .claim import ClaimError

FORM = '{"value": number, "spread": number or null, "seeds": whole number}'


@dataclass(frozen=True)
class Measured:
    """A metric and what is known of its scatter.

    Parameters
    ----------
    value : float
        Mean over the seeds, or the only one there is. NaN for a number that could not be computed.
    spread : float or None
        Half the width of the 95 % interval of `value`: t s / sqrt(n), with s the standard deviation over the n seeds
        (divided by n - 1) and t the 97.5 % point of Student's distribution with n - 1 degrees of freedom. For a
        difference, s is that of the difference taken seed by seed. None with a single seed.
    seeds : int or None
        How many; None when the answer does not say.
    """

    value: float
    spread: float | None = None
    seeds: int | None = None

    @property
    def sign(self) -> int:
        """1 or -1 where the 95 % interval leaves zero out; 0 where it holds zero, or the scatter is not known."""
        if self.spread is None or not abs(self.value) > self.spread:
            return 0
        return 1 if self.value > 0 else -1

    @property
    def plain(self) -> Any:
        """As it stands in a result file: a number, or an object when something is known of the scatter."""
        value = self.value if math.isfinite(self.value) else None
        return value if self.seeds is None else {"value": value, "spread": self.spread, "seeds": self.seeds}

    def beside(self, name: str) -> dict[str, float]:
        """As plain metrics of a recorded result: the number, and with several seeds its spread and their number.

        >>> Measured(0.3, 0.1, 3).beside("error")
        {'error': 0.3, 'error.sd': 0.1, 'error.seeds': 3.0}
        """
        metrics = {name: self.value}
        if self.spread is not None:
            metrics[f"{name}.sd"] = self.spread
        if self.seeds is not None:
            metrics[f"{name}.seeds"] = float(self.seeds)
        return metrics


def over_seeds(values: Sequence[float]) -> Measured:
    """Mean of one value per seed, half the width of its 95 % interval, and the number of seeds.

    NaN, with nothing known of the scatter, where a seed has no number.

    >>> answer = over_seeds([0.1, 0.2, 0.3])
    >>> f"{answer.value:.3f} {answer.spread:.4f} {answer.seeds}"
    '0.200 0.2484 3'
    """
    numbers = [float(value) for value in values]
    if not numbers:
        raise ClaimError("a spread over seeds needs at least one value; found none")
    if not all(map(math.isfinite, numbers)):
        return Measured(math.nan)
    n = len(numbers)
    return Measured(fmean(numbers), half_width(stdev(numbers), n) if n > 1 else None, n)


def difference(first: Sequence[float], second: Sequence[float]) -> Measured:
    """First minus second, seed by seed; a second method that no seed changes has one value, which is taken with each.

    Both in the order of their seeds, which begin with the same one; seeds that only one of them has are left out, so
    that a first method with one seed gives a difference without a spread.

    >>> difference([0.9, 0.7], [0.5, 0.6, 0.1]).value, difference([0.9, 0.7], [0.5]).seeds
    (0.25, 2)
    """
    other = [second[0]] * len(first) if len(second) == 1 else second
    return over_seeds([a - b for a, b in zip(first, other, strict=False)])


def gathered(metrics: Mapping[str, Any], where: str) -> dict[str, Measured]:
    """Every metric of a result file; ``x.sd`` and ``x.seeds`` beside ``x`` are its spread and number of seeds."""
    plain = {key: measured(value, f"{where}: {key}") for key, value in metrics.items()}
    for key, answer in list(plain.items()):
        seeds = plain.get(f"{key}.seeds")
        if answer.seeds is None and seeds is not None:
            spread = plain[f"{key}.sd"].value if seeds.value > 1 and f"{key}.sd" in plain else None
            whole = int(seeds.value) if seeds.value == round(seeds.value) else seeds.value
            plain[key] = measured({"value": answer.value, "spread": spread, "seeds": whole}, f"{where}: {key}")
    return plain


def measured(raw: Any, what: str) -> Measured:
    """Read a metric in either form; `what` names it in the message of an error."""
    if isinstance(raw, Measured):
        raw = {"value": raw.value, "spread": raw.spread, "seeds": raw.seeds}
    if not isinstance(raw, Mapping):
        return Measured(_number(raw, what))
    if "value" not in raw or set(raw) - {"value", "spread", "seeds"}:
        raise ClaimError(f"the metric {what!r} must be a number or {FORM}; found {dict(raw)!r}")
    spread, seeds = raw.get("spread"), raw.get("seeds")
    if seeds is not None and (isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < 1):
        raise ClaimError(f"the metric {what!r}: seeds must be a whole number of at least 1; found {seeds!r}")
    if spread is not None:
        spread = _number(spread, what)
        if seeds is None or seeds < 2 or not spread >= 0:
            raise ClaimError(f"the metric {what!r}: a spread is at least 0 and comes from two seeds or more; "
                             f"found spread {spread!r} from {seeds!r}")
    elif seeds is not None and seeds > 1:
        raise ClaimError(f"the metric {what!r}: {seeds} seeds have a spread; found none")
    return Measured(_number(raw["value"], what), spread, seeds)


def _number(value: Any, what: str) -> float:
    if value is None:
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise ClaimError(f"the metric {what!r} must be a number or {FORM}; found {value!r}") from error
    return number if math.isfinite(number) else math.nan
