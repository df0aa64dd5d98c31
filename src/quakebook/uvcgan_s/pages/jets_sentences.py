"""Sentences of the jets page, made from its results: they change when the numbers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from quakebook.publishing import claims, tables

from ..studies.methods import LEARNED, NAMES
from .jets import Shown
from .jets_tables import cones_table, values
from .seeds import ONE_SEED

RELATIONS = {-1: "smaller", 1: "larger", 0: "undecided"}
NOTHING = "No trained separation is recorded yet; what the adversary is worth on jets is not answered here."
#: A spread of the energy in a cone says nothing where the scale is off by more than this.
SCALE_OFF = 0.25


def column(found: Shown, method: str, key: str, domain: str = "val") -> list[float]:
    """One number of every seed of a method; empty where a seed has none, since the others would speak for it."""
    numbers = [seed.get(f"jets.{domain}.{method}.{key}", np.nan) for seed in values(found).get(method, [])]
    return [float(value) for value in numbers] if np.isfinite(numbers).all() else []


def relation(found: Shown, first: str, second: str, key: str, domain: str = "val") -> str:
    """How the first method's number stands to the second's over all seeds: smaller, larger, or no such word."""
    if trained_once(found, first) or trained_once(found, second):
        return ONE_SEED
    return RELATIONS[_order(column(found, first, key, domain), column(found, second, key, domain))]


def _order(first: Sequence[float], second: Sequence[float]) -> int:
    """Sign of the difference, 0 where it is undecided: by the interval of the claims, or plainly without any seed."""
    if not first or not second:
        return 0
    if len(first) == len(second) == 1:
        return int(np.sign(first[0] - second[0]))
    if len(first) == 1:  # no seed changes it; methods that were trained once are not ranked
        return -claims.difference(second, first).sign
    return claims.difference(first, second).sign


def trained_once(found: Shown, method: str) -> bool:
    """Whether a single training stands behind a learned method's numbers."""
    return method in LEARNED and len(found.learned.get(method, ())) < 2


def cones(found: Shown, domain: str = "val") -> str:
    """Spread of the cone energy of all methods whose scale lies within a quarter of one, smallest mean first."""
    spreads = {}
    for method in values(found):
        spread, scale = (column(found, method, f"cone.{name}", domain) for name in ("jer_cal_gev", "jes"))
        if spread and scale and abs(np.mean(scale) - 1) <= SCALE_OFF:
            spreads[method] = spread
    if not spreads:
        return "No method has a cone energy with a scale near one."
    words = "as in training" if domain == "val" else "with quenched jets"
    ordered = sorted(spreads, key=lambda method: np.mean(spreads[method]))
    once = [method for method in ordered if trained_once(found, method)]
    listed = ", ".join(f"{NAMES[m]} {np.mean(spreads[m]):.2f}{' (one seed)' * (m in once)}" for m in ordered)
    return (f"On mixtures {words}, the energy in a cone, calibrated, spreads by (GeV; methods with a scale within "
            f"{SCALE_OFF:g} of one): {listed}. {_first(spreads, ordered, once)}")


def _first(spreads: Mapping[str, Sequence[float]], ordered: Sequence[str], once: Sequence[str]) -> str:
    """Whether the smallest of several spreads can be called so."""
    best, rest = ordered[0], ordered[1:]
    if once:
        return "A method that was trained once has no place in this order."
    clear = all(_order(spreads[best], spreads[other]) < 0 for other in rest)
    return f"The smallest is that of {NAMES[best]}." if clear else "Which is the smallest is undecided."


def against_baselines(found: Shown) -> str:
    """What the full method wins and loses against learned and classical baselines, one point for each comparison."""
    there = [method for method in values(found) if method in LEARNED]
    if not there:
        return NOTHING
    parts = [cones(found), cones(found, "quenched")]
    if "full" not in there:
        return _points([*parts, "No training of the full method is recorded yet."])
    for other in ("regression", "identity"):
        if other in there:
            parts.append(f"{NAMES['full']} against {NAMES[other]}: {_against_learned(found, other)}")
    parts.append(f"{NAMES['full']} against the area method (R = 0.5): {_against_area(found)}")
    return _points(parts)


def _points(sentences: Sequence[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _against_learned(found: Shown, other: str) -> str:
    if trained_once(found, "full") or trained_once(found, other):
        return "not ranked (one seed)."
    return (f"spread in cones {relation(found, 'full', other, 'cone.jer_cal_gev')} on plain and "
            f"{relation(found, 'full', other, 'cone.jer_cal_gev', 'quenched')} on quenched jets; distance from the "
            f"truth in girth {relation(found, 'full', other, 'inside.girth.w1')}; fake rate at 14 to 20 GeV "
            f"{relation(found, 'full', other, 'r0.5.14-20.fake_rate')}.")


def _against_area(found: Shown) -> str:
    if trained_once(found, "full"):
        return "not ranked (one seed)."
    return (f"resolution at 20 to 30 GeV {relation(found, 'full', 'area', 'r0.5.20-30.resolution')}; fake rate at "
            f"14 to 20 GeV {relation(found, 'full', 'area', 'r0.5.14-20.fake_rate')}.")


def clipping(found: Shown) -> str:
    """Why a spread is never shown without its scale: what clipping does to the row median."""
    signed, clipped = (np.mean(column(found, m, "cone.jer_cal_gev")) for m in ("median", "median_clipped"))
    bias = np.mean(column(found, "median_clipped", "cone.bias_gev"))
    word = "less" if clipped < signed else "not less"
    return (f"Cutting negative towers makes the row median spread {word} ({clipped:.2f} against {signed:.2f} GeV) and "
            f"shifts the energy by {bias:+.1f} GeV: a spread alone can flatter.")


def count_of_seeds(found: Shown) -> str:
    """How many seeds stand behind each learned method; what they can say."""
    counts = [len(seeds) for seeds in found.learned.values()]
    if not counts:
        return ""
    if min(counts) < 2:
        once = ", ".join(NAMES[method] for method, seeds in found.learned.items() if len(seeds) < 2)
        return f"Trained once, and so not ranked: {once}. What another seed would give is not known."
    if min(counts) < 3:
        return "Fewer than three seeds of some methods are recorded: an order of two learned methods is a hint only."
    return "Orders are called undecided where the 95 % interval of the difference, seed by seed, holds zero."


def fresh(found: Shown | None) -> str:
    """Table of the recorded generators on fresh mixtures, or the sentence that there are none."""
    if found is None:
        return "No weights of a trained generator are recorded yet."
    caption = (f"Recorded generators (first seed) and classical methods on {found.classical['val'].events} fresh "
               "mixtures of each set, computed here.")
    return tables.myst_table(cones_table(found), "tab-uvcgan-s-fresh", caption)
