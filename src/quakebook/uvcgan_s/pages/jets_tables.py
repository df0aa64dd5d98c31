"""Tables of the jets page: scale beside resolution, energy in cones, the inside of jets, quenching."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from quakebook.numerals import numeral

from ..scoring.resolution import COARSE_BINS
from ..scoring.substructure import OBSERVABLES
from ..studies import population
from ..studies.methods import NAMES
from .jets import Shown
from .seeds import cell

BINS = [f"{low:.0f}-{high:.0f}" for low, high in zip(COARSE_BINS[:-1], COARSE_BINS[1:], strict=True)]
FOUR = ("scale", "resolution", "efficiency", "fake_rate")


def values(found: Shown) -> dict[str, list[dict[str, float]]]:
    """Numbers of every method: one set a seed for learned ones, one set for the others."""
    return {**{m: seeds for m, seeds in found.seeds.items() if seeds},
            **{m: [found.classical_numbers] for m in found.classical["val"].methods}}


def jets_table(found: Shown, domain: str = "val", radii: Sequence[float] = (0.2, 0.4, 0.5)) -> pd.DataFrame:
    """Scale / resolution / efficiency / fake rate in three ranges of momentum, and RMS of the position."""
    rows = []
    for method, numbers in values(found).items():
        for radius in radii:
            prefix = f"jets.{domain}.{method}.r{radius}"
            row = {"method": NAMES[method], "R": f"{radius}"}
            for bin_name in BINS:
                mean = {name: np.mean([n.get(f"{prefix}.{bin_name}.{name}", np.nan) for n in numbers])
                        for name in FOUR}
                row[f"{bin_name} GeV"] = " / ".join("–" if np.isnan(v) else f"{v:.3f}" for v in mean.values())
            row["RMS Δη, 20-50 GeV"] = cell(numbers, f"{prefix}.position_rms", 4)
            rows.append(row)
    return pd.DataFrame(rows)


def cones_table(found: Shown) -> pd.DataFrame:
    """Energy in the leading cone and errors of single towers; the scale stands beside every spread."""
    rows = []
    for method, numbers in values(found).items():
        if f"jets.val.{method}.cone.jes" in numbers[0]:
            row = {"method": NAMES[method]}
            for domain, words in (("val", "as in training"), ("quenched", "quenched")):
                prefix = f"jets.{domain}.{method}"
                row |= {f"scale, {words}": cell(numbers, f"{prefix}.cone.jes", 2),
                        f"bias (GeV), {words}": cell(numbers, f"{prefix}.cone.bias_gev", 1),
                        f"spread (GeV), {words}": cell(numbers, f"{prefix}.cone.jer_cal_gev", 2)}
            row["signal error (GeV a tower)"] = cell(numbers, f"jets.val.{method}.towers.l1_sig")
            rows.append(row)
    return pd.DataFrame(rows)


def inside_table(found: Shown, domain: str = "val") -> pd.DataFrame:
    """Distance of each observable's distribution from the truth, in standard deviations of the truth."""
    rows = []
    for method, numbers in values(found).items():
        keys = {name: f"jets.{domain}.{method}.inside.{name}.w1" for name in OBSERVABLES}
        if keys["girth"] in numbers[0]:
            rows.append({"method": NAMES[method], **{OBSERVABLES[n]: cell(numbers, k, 2) for n, k in keys.items()}})
    return pd.DataFrame(rows)


def quenching_table(found: Shown) -> pd.DataFrame:
    """Share of the true shift of means that is kept, and resolution on quenched jets over that on plain ones."""
    rows = []
    for method, numbers in values(found).items():
        rows.append({"method": NAMES[method],
                     "shift of girth kept": cell(numbers, f"jets.shift.{method}.girth", 2),
                     "shift of leading share kept": cell(numbers, f"jets.shift.{method}.z_lead", 2),
                     "resolution, quenched over plain": cell(numbers, f"jets.robust.{method}.resolution_ratio", 2)})
    return pd.DataFrame(rows)


def population_table(found: Shown) -> pd.DataFrame:
    """Means of true jets of the embedded events beside those of the public set."""
    names = {**OBSERVABLES, "cone_gev": "leading cone, median (GeV)"}
    rows = []
    for domain, words in (("val", "as in training"), ("quenched", "quenched")):
        ours = population.embedded(found.classical[domain])
        for key, public in population.PUBLIC[domain].items():
            rows.append({"jets": words, "mean of": names[key], "embedded": numeral(ours[key], 3),
                         "public set": numeral(public, 3)})
    return pd.DataFrame(rows)
