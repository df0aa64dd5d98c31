"""Sentences of the jets page, made from its results: they change when the numbers do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quakebook.publishing import tables

from ..studies import jet_numbers
from ..studies.methods import NAMES
from .jets import Shown
from .jets_tables import cones_table, values

RELATIONS = {"below": "smaller", "above": "larger", "undecided": "undecided"}
NOTHING = "No trained separation is recorded yet; what the adversary is worth on jets is not answered here."


def column(found: Shown, method: str, key: str, domain: str = "val") -> list[float]:
    """One number of every seed of a method; empty where it was not measured."""
    numbers = [seed.get(f"jets.{domain}.{method}.{key}", np.nan) for seed in values(found).get(method, [])]
    return [float(value) for value in numbers if np.isfinite(value)]


def relation(found: Shown, first: str, second: str, key: str, domain: str = "val") -> str:
    """How the first method's number stands to the second's over all seeds: smaller, larger or undecided."""
    order = jet_numbers.ordering(column(found, first, key, domain), column(found, second, key, domain))
    return RELATIONS[order]


def best_cone(found: Shown, domain: str = "val") -> str:
    """The method with the smallest mean spread of the cone energy, of those with a scale within a quarter of one."""
    means = {}
    for method in values(found):
        spread, scale = (column(found, method, f"cone.{name}", domain) for name in ("jer_cal_gev", "jes"))
        if spread and abs(np.mean(scale) - 1) <= 0.25:
            means[method] = float(np.mean(spread))
    if not means:
        return "No method has a cone energy with a scale near one."
    best = min(means, key=means.get)
    words = "as in training" if domain == "val" else "with quenched jets"
    return (f"On mixtures {words}, the smallest calibrated spread of the energy in a cone is that of "
            f"{NAMES[best]}: {means[best]:.2f} GeV.")


def against_baselines(found: Shown) -> str:
    """What the full method wins and loses against learned and classical baselines, both sides in one paragraph."""
    if "full" not in found.learned:
        return NOTHING
    parts = [best_cone(found), best_cone(found, "quenched")]
    for other in ("regression", "identity"):
        if other in found.learned:
            parts.append(
                f"{NAMES['full']} against {NAMES[other]}: spread in cones "
                f"{relation(found, 'full', other, 'cone.jer_cal_gev')} on plain and "
                f"{relation(found, 'full', other, 'cone.jer_cal_gev', 'quenched')} on quenched jets; distance from the "
                f"truth in girth {relation(found, 'full', other, 'inside.girth.w1')}; fake rate at 14 to 20 GeV "
                f"{relation(found, 'full', other, 'r0.5.14-20.fake_rate')}.")
    parts.append(f"{NAMES['full']} against the area method (R = 0.5): resolution at 20 to 30 GeV "
                 f"{relation(found, 'full', 'area', 'r0.5.20-30.resolution')}; fake rate at 14 to 20 GeV "
                 f"{relation(found, 'full', 'area', 'r0.5.14-20.fake_rate')}.")
    return " ".join(parts)


def clipping(found: Shown) -> str:
    """Why a spread is never shown without its scale: what clipping does to the row median."""
    signed, clipped = (np.mean(column(found, m, "cone.jer_cal_gev")) for m in ("median", "median_clipped"))
    bias = np.mean(column(found, "median_clipped", "cone.bias_gev"))
    word = "less" if clipped < signed else "not less"
    return (f"Cutting negative towers makes the row median spread {word} ({clipped:.2f} against {signed:.2f} GeV) and "
            f"shifts the energy by {bias:+.1f} GeV: a spread alone can flatter.")


def count_of_seeds(found: Shown) -> str:
    """How many seeds stand behind each learned method; what one seed can say."""
    counts: Sequence[int] = [len(seeds) for seeds in found.learned.values()]
    if not counts:
        return ""
    if min(counts) < 3:
        return "Fewer than three seeds of some methods are recorded: an order of two learned methods is a hint only."
    return "Orders are called undecided where the ranges over seeds overlap."


def fresh(found: Shown | None) -> str:
    """Table of the recorded generators on fresh mixtures, or the sentence that there are none."""
    if found is None:
        return "No weights of a trained generator are recorded yet."
    caption = (f"Recorded generators (first seed) and classical methods on {found.classical['val'].events} fresh "
               "mixtures of each set, computed here.")
    return tables.myst_table(cones_table(found), "tab-uvcgan-s-fresh", caption)
