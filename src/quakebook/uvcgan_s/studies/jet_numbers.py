"""Numbers of the jet comparison under the names that claims and tables use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ..scoring.resolution import COARSE_BINS, FINE_BINS, Curves, curves, position_rms
from ..scoring.substructure import OBSERVABLES, distance_in_widths
from .comparison import TRUTH, Comparison
from .jet_results import Results

TABLE_NUMBERS = ("scale", "resolution", "efficiency", "fake_rate")
#: Observables whose quenching is followed, and those in which the method is held against iterative subtraction.
SHIFTED, AGAINST_ICS = ("girth", "z_lead"), ("girth", "z_lead", "mass_gev")


def numbers(results: Results) -> dict[str, float]:
    """All numbers of all methods: ``jets.DOMAIN.METHOD...``, the shift by quenching, and comparisons with baselines."""
    out: dict[str, float] = {}
    for domain, result in results.items():
        for method in result.methods:
            out |= {f"jets.{domain}.{method}.{key}": value for key, value in of_method(result, method).items()}
        truth = result.structure[TRUTH]
        out |= {f"jets.{domain}.truth.inside.{name}.mean": _mean(truth.of(name)) for name in OBSERVABLES}
    if {"val", "quenched"} <= set(results):
        out |= _quenching(results["val"], results["quenched"])
    return out


def of_method(result: Comparison, method: str) -> dict[str, float]:
    """Numbers of one method on one set of mixtures."""
    out: dict[str, float] = {}
    for radius, matched in result.matched[method].items():
        coarse = curves(matched, COARSE_BINS)
        for k, (low, high) in enumerate(zip(COARSE_BINS[:-1], COARSE_BINS[1:], strict=True)):
            for name in TABLE_NUMBERS:
                out[f"r{radius}.{low:.0f}-{high:.0f}.{name}"] = float(getattr(coarse, name)[k])
        out[f"r{radius}.position_rms"] = position_rms(matched)
    if method in result.cones:
        scores = result.cone_scores(method)
        out |= {f"cone.{key}": scores[key] for key in ("jes", "slope", "jer_cal_gev", "bias_gev")}
        signal, background, surplus, mixture = result.towers[method].tolist()
        out |= {"towers.l1_sig": signal, "towers.l1_bkg": background, "towers.surplus_share": abs(surplus) / mixture}
    if method in result.structure:
        own, truth = result.structure[method], result.structure[TRUTH]
        for name in OBSERVABLES:
            out[f"inside.{name}.mean"] = _mean(own.of(name))
            out[f"inside.{name}.w1"] = distance_in_widths(own.of(name), truth.of(name))
    return out | _against(result, method)


def _against(result: Comparison, method: str) -> dict[str, float]:
    """How a method stands against area and iterative subtraction; of ratios the largest of all bins."""
    out: dict[str, float] = {}
    if 0.5 in result.matched[method]:
        own = curves(result.matched[method][0.5], FINE_BINS)
        out["r0.5.scale_deviation_above_20"] = _largest(np.abs(own.scale - 1)[own.edges[:-1] >= 20])
        if method != "area" and "area" in result.matched:
            out |= _against_area(own, result, method)
    if method in result.structure and method != "ics" and "ics" in result.structure:
        truth = result.structure[TRUTH]
        for name in AGAINST_ICS:
            own_w1, other = (distance_in_widths(result.structure[m].of(name), truth.of(name)) for m in (method, "ics"))
            out[f"inside.{name}.w1_minus_iterative"] = own_w1 - other
    return out


def _against_area(own: Curves, result: Comparison, method: str) -> dict[str, float]:
    area = curves(result.matched["area"][0.5], FINE_BINS)
    coarse = [curves(result.matched[m][0.5], COARSE_BINS) for m in (method, "area")]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = {name: getattr(own, name) / getattr(area, name) for name in ("position", "resolution")}
    return {**{f"r0.5.{name}_over_area": _largest(ratio) for name, ratio in ratios.items()},
            "r0.5.efficiency_minus_area": float(coarse[0].efficiency[0] - coarse[1].efficiency[0]),
            "r0.5.fakes_minus_area": float(coarse[0].fake_rate[0] - coarse[1].fake_rate[0])}


def _quenching(val: Comparison, quenched: Comparison) -> dict[str, float]:
    """Share of the shift of means that each method keeps, and its resolution on quenched over that on plain jets."""
    out: dict[str, float] = {}
    for method in val.methods:
        for name in SHIFTED:
            if method in val.structure and method in quenched.structure:
                own, true = (_mean(quenched.structure[m].of(name)) - _mean(val.structure[m].of(name))
                             for m in (method, TRUTH))
                out[f"jets.shift.{method}.{name}"] = own / true if true else math.nan
        radius = 0.4 if 0.4 in val.matched[method] else next(iter(val.matched[method]))
        pair = [curves(c.matched[method][radius], COARSE_BINS).resolution[1] for c in (quenched, val)]
        out[f"jets.robust.{method}.resolution_ratio"] = float(pair[0] / pair[1])
    return out


def worst(seeds: Sequence[Mapping[str, float]], better: str = "lower") -> dict[str, float]:
    """Least favourable value of each number over seeds; NaN where one is NaN."""
    keys = set.intersection(*(set(seed) for seed in seeds)) if seeds else set()
    pick = np.max if better == "lower" else np.min
    return {key: float(pick([seed[key] for seed in seeds])) for key in sorted(keys)}


def differences(first: Sequence[Mapping[str, float]], second: Sequence[Mapping[str, float]],
                keys: tuple[str, str]) -> list[float]:
    """Seed by seed, a number of the first less one of the second, as far as both have seeds."""
    return [own.get(keys[0], math.nan) - other.get(keys[1], math.nan)
            for own, other in zip(first, second, strict=False)]


def ordering(first: Sequence[float], second: Sequence[float]) -> str:
    """Whether the first values lie ``below`` or ``above`` the second; ``undecided`` where their ranges overlap."""
    if not len(first) or not len(second) or not np.isfinite([*first, *second]).all():
        return "undecided"
    if max(first) < min(second):
        return "below"
    return "above" if min(first) > max(second) else "undecided"


def _largest(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(values.max()) if len(values) else math.nan


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else math.nan
