"""The embedded events beside the public ones: what the jets to be found look like in both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter import make

from .comparison import TRUTH, Comparison
from .jet_results import Results

#: Means of true jets (R = 0.4, 20 to 30 GeV) of the public set, by a co-author's public analysis of it: 13,982 jets as
#: in training (PYTHIA) and 8,363 quenched ones (JEWEL).
PUBLIC = {"val": {"z_g": 0.247, "r_g": 0.257, "girth": 0.144, "mass_gev": 4.26, "z_lead": 0.277, "pt_d": 0.373,
                  "cone_gev": 32.0},
          "quenched": {"z_g": 0.233, "r_g": 0.222, "girth": 0.122, "mass_gev": 3.61, "z_lead": 0.333, "pt_d": 0.423}}


def embedded(result: Comparison) -> dict[str, float]:
    """Means of true jets of a comparison, and the median energy of the leading cone, under the names of `PUBLIC`."""
    cones = result.cones[TRUTH]
    values = {name: result.structure[TRUTH].of(name) for name in PUBLIC["quenched"]}
    means = {name: float(column.mean()) if len(column) else float("nan") for name, column in values.items()}
    cones = cones[np.isfinite(cones)]
    return {**means, "cone_gev": float(np.median(cones)) if len(cones) else float("nan")}


def towers(events: int = 200, seed: int = 0) -> dict[str, NDArray]:
    """Tower energies of backgrounds, signals and quenched signals, for the figure of the data."""
    return {name: make(domain, split, events, seed=seed).numpy() for name, domain, split in (
        ("background", "background", "val"), ("signal", "signal", "val"), ("quenched signal", "signal", "test"))}


def momenta(results: Results, radius: float = 0.4) -> dict[str, NDArray]:
    """Momenta of the true jets of both sets, GeV."""
    names = {"val": "as in training", "quenched": "quenched"}
    return {names[domain]: next(iter(result.matched.values()))[radius].true_pt for domain, result in results.items()}
