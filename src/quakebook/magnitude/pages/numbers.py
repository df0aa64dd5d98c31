"""What the chapter's pages show: live trainings of one core, recorded ones, and the numbers for claims."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import getitem
from statistics import fmean

from quakebook.magnitude.recorded.read import Recorded, mean_and_spread
from quakebook.publishing.claims import Measured, over_seeds

from .amplitude_and_protocol import protocol_rows

__all__ = ["orderings", "protocol_rows", "recorded_metrics"]


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
        none, physical = (found.get(f"recorded.phasenet_mag-{norm}-{key}.mae") for key in ("none", "physical"))
        if none and physical:
            found[f"recorded.amplitude_ratio.{norm}"] = physical / none
    return found | orderings(groups)


def orderings(groups: Mapping[str, list[Recorded]]) -> dict[str, Measured]:
    """What is above what, as differences seed by seed with their spread: positive where the claim holds.

    The sample-wise gain is that of the model that gains least, the network that of the smallest error.
    """
    found: dict[str, Measured] = {}
    gains = [over_seeds([e.content["flattened"]["r2"] - e.content["scores"]["r2"] for e in entries])
             for entries in groups.values() if entries[0].content.get("flattened")]
    if gains:
        found["recorded.flattened_gain"] = min(gains, key=lambda gain: gain.value)
    errors = {name: _values(entries, "scores", "mae") for name, entries in groups.items()
              if name.endswith("physical")}
    if errors and "richter" in groups:
        best = min(errors, key=lambda name: fmean(errors[name]))
        found["recorded.network_over_regression"] = _difference(_values(groups["richter"], "scores", "mae"),
                                                                errors[best])
    if "phasenet" in groups:
        plain = groups["phasenet"]
        ratios = zip(_values(plain, "S", "residual", "std"), _values(plain, "P", "residual", "std"), strict=True)
        found["recorded.phasenet.S_over_P_std"] = over_seeds([s / p for s, p in ratios])
        for phase in "PS" if "phasenet_lstm" in groups else "":
            found[f"recorded.recurrent_gain.{phase}"] = _difference(
                *(_values(groups[name], phase, "within_0.5s", "f1") for name in ("phasenet_lstm", "phasenet")))
    return found


def _values(entries: list[Recorded], *keys: str) -> list[float]:
    """One number per seed."""
    return [float(reduce(getitem, keys, entry.content)) for entry in entries]


def _difference(first: list[float], second: list[float]) -> Measured:
    return over_seeds([a - b for a, b in zip(first, second, strict=True)])
