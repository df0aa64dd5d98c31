"""What the chapter's pages show: live trainings of one core, recorded ones, and the numbers for claims."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import NDArray

from quakebook.magnitude.recorded.read import Recorded, mean_and_spread
from quakebook.publishing.claims import Measured, over_seeds

from .amplitude_and_protocol import amplitude_ratio, flattened_gain, flattered, protocol_rows, scaling_gain
from .magnitude_from_waveforms import NETWORKS, RICHTER, richter_gain, same_records
from .phase_pickers_and_tuning import PLAIN, RECURRENT, recurrent_gain, width_ratio

__all__ = ["orderings", "protocol_rows", "recorded_metrics", "seed_differences"]


def recorded_metrics(groups: Mapping[str, list[Recorded]]) -> dict[str, float | Measured]:
    """Numbers for the claims, means over the recorded seeds."""
    found: dict[str, float | Measured] = {}
    for name, entries in groups.items():
        if entries[0].content["group"] == "phase":
            for phase in "PS":
                found[f"recorded.{name}.{phase}.f1"] = mean_and_spread(entries, phase, "within_0.5s", "f1")[0]
                found[f"recorded.{name}.{phase}.std_s"] = mean_and_spread(entries, phase, "residual", "std")[0]
        else:
            for measure in ("mae", "r2", "slope"):
                found[f"recorded.{name}.{measure}"] = mean_and_spread(entries, "scores", measure)[0]
    for norm in ("std", "peak"):
        if {f"phasenet_mag-{norm}-none", f"phasenet_mag-{norm}-physical"} <= set(groups):
            found[f"recorded.amplitude_ratio.{norm}"] = amplitude_ratio(groups, norm)
    rows = protocol_rows(groups)
    if rows:
        count = flattered(rows)
        found["recorded.flattened_better.r2"] = count["r2"] / count["models"]
        found["recorded.flattened_better.mae"] = count["mae"] / count["models"]
    return found | orderings(groups)


def orderings(groups: Mapping[str, list[Recorded]]) -> dict[str, Measured]:
    """What is above what, as differences seed by seed with their spread: positive where the claim holds."""
    return {name: over_seeds(values.tolist()) for name, values in seed_differences(groups).items()}


def seed_differences(groups: Mapping[str, list[Recorded]]) -> dict[str, NDArray]:
    """Differences that pages speak of, seed by seed: their mean says who is ahead, their spread whether it is decided.

    `recorded.flattened_gain` is R2 by sample minus R2 by record of the model that gains least; `recorded.scaling_gain`
    the error by peak minus that by standard deviation; `recorded.network_over_regression` the error of Richter's
    regression minus that of the best network; `recorded.recurrent_gain.P` and `.S` the F1 of PhaseNetLSTM minus that of
    PhaseNet; `recorded.phasenet.S_over_P_std` the ratio of the widths of PhaseNet's residuals.
    """
    found: dict[str, NDArray] = {}
    if protocol_rows(groups):
        found["recorded.flattened_gain"] = flattened_gain(groups)
    if {"phasenet_mag-std-physical", "phasenet_mag-peak-physical"} <= set(groups):
        found["recorded.scaling_gain"] = scaling_gain(groups)
    if {*NETWORKS, RICHTER} <= set(groups) and same_records(groups):
        found["recorded.network_over_regression"] = richter_gain(groups)
    if {PLAIN, *RECURRENT} <= set(groups):
        found |= {f"recorded.recurrent_gain.{phase}": recurrent_gain(groups, phase) for phase in "PS"}
        found["recorded.phasenet.S_over_P_std"] = width_ratio(groups)
    return found
