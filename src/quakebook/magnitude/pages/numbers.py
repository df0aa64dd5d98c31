"""What the chapter's pages show: live trainings of one core, recorded ones, and the numbers for claims."""

from __future__ import annotations

from collections.abc import Mapping

from quakebook.magnitude.recorded.read import Recorded, mean_and_spread

from .amplitude_and_protocol import protocol_rows


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
    for norm in ("std", "peak"):
        none, physical = (found.get(f"recorded.phasenet_mag-{norm}-{key}.mae") for key in ("none", "physical"))
        if none and physical:
            found[f"recorded.amplitude_ratio.{norm}"] = physical / none
    rows = protocol_rows(groups)
    if rows:
        found["recorded.flattened_gain"] = min(row["flattened_r2"] - row["r2"] for row in rows)
    return found
