"""Sentences and tables of the page on magnitudes, made from the recorded results."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from quakebook.magnitude.recorded.read import Recorded, mean_and_spread

from .seeds import by_seed, undecided

#: Jobs of the comparison that are networks, and the regression that they are compared with.
NETWORKS = ("phasenet_mag-std-physical", "eqtransformer_mag-light-physical", "amag_v2-light-physical",
            "magnet-physical")
ESTIMATORS = NETWORKS[:3]
RICHTER = "richter"


def errors(groups: Mapping[str, list[Recorded]], name: str) -> np.ndarray:
    """MAE of each recorded seed, in the order of the seeds."""
    return by_seed(groups[name], "scores", "mae")


def best_network(groups: Mapping[str, list[Recorded]]) -> str:
    """Name of the network with the smallest mean error over its seeds."""
    return min((name for name in NETWORKS if name in groups), key=lambda name: errors(groups, name).mean())


def same_records(groups: Mapping[str, list[Recorded]]) -> bool:
    """Whether the regression was scored on as many records as the networks."""
    return len({entry.content["scores"]["n"] for name in (*NETWORKS, RICHTER) for entry in groups.get(name, ())}) <= 1


def richter_gain(groups: Mapping[str, list[Recorded]]) -> np.ndarray:
    """Error of Richter's regression minus that of the best network, seed by seed; above zero the network is better."""
    return errors(groups, RICHTER) - errors(groups, best_network(groups))


def richter_sentence(groups: Mapping[str, list[Recorded]]) -> str:
    """Who is better, the best network or the regression, and whether the seeds allow to say so."""
    gain, name = richter_gain(groups), best_network(groups)
    ours, theirs = errors(groups, name).mean(), errors(groups, RICHTER).mean()
    numbers = (f"the best network, {groups[name][0].title}, has a mean absolute error of {ours:.3f}, the Richter "
               f"regression {theirs:.3f}")
    if not same_records(groups):
        count = {key: int(groups[key][0].content["scores"]["n"]) for key in (name, RICHTER)}
        return (f"On these records {numbers}; but the recorded regression answered only {count[RICHTER]} of the "
                f"{count[name]} records of the networks, so the two numbers do not rank them.")
    if undecided(gain):
        return f"Between networks and classical regression these trainings do not decide: {numbers}."
    who = "A network beats the classical regression" if gain.mean() > 0 else "No network here beats the classical one"
    return f"{who}: {numbers}."


def choice_table(groups: Mapping[str, list[Recorded]]) -> pd.DataFrame:
    """What each magnitude network of the framework costs and how far it is off."""
    rows = []
    for name in ESTIMATORS:
        if name in groups:
            mae, spread, seeds = mean_and_spread(groups[name], "scores", "mae")
            rows.append({"network": groups[name][0].title, "parameters": _parameters(groups[name][0]),
                         "windows seen": _windows(groups[name][0]), "training, s": round(_seconds(groups[name])),
                         "reading, ms": round(1000 * mean_and_spread(groups[name], "seconds_per_record")[0], 1),
                         "MAE": f"{mae:.3f} ± {spread:.3f}", "seeds": seeds})
    return pd.DataFrame(rows)


def choice_sentence(groups: Mapping[str, list[Recorded]], phases: Mapping[str, list[Recorded]]) -> str:
    """Which of the six networks to take: the cheapest of those that the seeds do not tell apart from the best."""
    names = [name for name in ESTIMATORS if name in groups]
    return (f"For magnitudes take {_cheapest(groups, names, 'scores', 'mae')}. For picks take "
            f"{_cheapest(phases, list(phases), 'S', 'within_0.5s', 'f1', larger=True)}. These are small trainings on "
            "synthetic records; longer ones may rank differently.")


def _cheapest(groups: Mapping[str, list[Recorded]], names: list[str], *keys: str, larger: bool = False) -> str:
    sign = -1.0 if larger else 1.0
    values = {name: mean_and_spread(groups[name], *keys)[:2] for name in names}
    best = min(names, key=lambda name: sign * values[name][0])
    level = [name for name in names
             if abs(values[name][0] - values[best][0]) <= np.hypot(values[name][1], values[best][1])]
    taken = min(level, key=lambda name: _seconds(groups[name]))
    title, seconds = groups[taken][0].title, _seconds(groups[taken])
    if level == [best]:
        return f"{title}: its lead is wider than the spread over seeds ({seconds:.0f} s a training)"
    if taken == best:
        return f"{title}: the best on average, and among those level with it the cheapest ({seconds:.0f} s a training)"
    return (f"{title}: {groups[best][0].title} is ahead on average, but by less than the seeds scatter, and "
            f"{title} trains fastest of those ({seconds:.0f} s)")


def _seconds(entries: list[Recorded]) -> float:
    """CPU seconds of a training where they were recorded, else seconds of the clock; mean over the seeds."""
    facts = [entry.result.facts for entry in entries]
    return float(np.mean([each.get("cpu_seconds") or each["seconds"] for each in facts]))


def _windows(entry: Recorded) -> int:
    settings = entry.result.facts["settings"]
    batch = settings["data"].get("batch_size") or settings["optimisation"]["batch_size"]  # an older vocabulary
    return int(batch) * int(settings["training"]["steps"])


def _parameters(entry: Recorded) -> int:
    from quakebook.magnitude.networks.build import build, count_parameters

    return count_parameters(build(entry.content["model_type"], **entry.content["options"]))
