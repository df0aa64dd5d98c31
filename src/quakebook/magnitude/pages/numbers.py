"""What the chapter's pages show: live trainings of one core, recorded ones, and the numbers for claims."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import NDArray

from quakebook.magnitude.recorded.read import Recorded, mean_and_spread

from .amplitude_and_protocol import amplitude_ratio, flattened_gain, flattered, protocol_rows, scaling_gain
from .magnitude_from_waveforms import NETWORKS, RICHTER, richter_gain, same_records
from .phase_pickers_and_tuning import PLAIN, RECURRENT, recurrent_gain, width_ratio
from .seeds import with_spread


def recorded_metrics(groups: Mapping[str, list[Recorded]]) -> dict[str, float]:
    """Numbers for the claims, means over the recorded seeds."""
    found: dict[str, float] = {}
    for name, entries in groups.items():
        if entries[0].content["group"] == "phase":
            for phase in "PS":
                found[f"recorded.{name}.{phase}.f1"] = mean_and_spread(entries, phase, "within_0.5s", "f1")[0]
                found[f"recorded.{name}.{phase}.std_s"] = mean_and_spread(entries, phase, "residual", "std")[0]
        else:
            for measure in ("mae", "r2", "slope"):
                found[f"recorded.{name}.{measure}"] = mean_and_spread(entries, "scores", measure)[0]
    found |= with_spread(seed_differences(groups))
    for norm in ("std", "peak"):
        if {f"phasenet_mag-{norm}-none", f"phasenet_mag-{norm}-physical"} <= set(groups):
            found[f"recorded.amplitude_ratio.{norm}"] = amplitude_ratio(groups, norm)
    rows = protocol_rows(groups)
    if rows:
        found |= with_spread({"recorded.flattened_gain": flattened_gain(groups)})
        count = flattered(rows)
        found["recorded.flattened_better.r2"] = count["r2"] / count["models"]
        found["recorded.flattened_better.mae"] = count["mae"] / count["models"]
    return found


def seed_differences(groups: Mapping[str, list[Recorded]]) -> dict[str, NDArray]:
    """Differences that pages speak of, seed by seed: their mean says who is ahead, their spread whether it is decided.

    `recorded.scaling_gain` is the error by peak minus that by standard deviation, `recorded.network_over_regression`
    the error of Richter's regression minus that of the best network, `recorded.recurrent_gain.P` and `.S` the F1 of
    PhaseNetLSTM minus that of PhaseNet. Above zero the first, the network, the recurrent picker is better.
    """
    found: dict[str, NDArray] = {}
    if {"phasenet_mag-std-physical", "phasenet_mag-peak-physical"} <= set(groups):
        found["recorded.scaling_gain"] = scaling_gain(groups)
    if {*NETWORKS, RICHTER} <= set(groups) and same_records(groups):
        found["recorded.network_over_regression"] = richter_gain(groups)
    if {PLAIN, *RECURRENT} <= set(groups):
        found |= {f"recorded.recurrent_gain.{phase}": recurrent_gain(groups, phase) for phase in "PS"}
        found["recorded.phasenet.S_over_P_std"] = width_ratio(groups)
    return found
