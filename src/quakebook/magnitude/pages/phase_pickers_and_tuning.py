"""Sentences of the page on pickers, made from the recorded results."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quakebook.magnitude.recorded.read import Recorded, mean_and_spread

from .seeds import by_seed, spread, undecided

PLAIN, RECURRENT = "phasenet", ("phasenet_lstm", "phasenet_conv_lstm")


def scores(groups: Mapping[str, list[Recorded]], name: str, phase: str) -> np.ndarray:
    """F1 within 0.5 s of each recorded seed, in the order of the seeds."""
    return by_seed(groups[name], phase, "within_0.5s", "f1")


def recurrent_gain(groups: Mapping[str, list[Recorded]], phase: str, name: str = RECURRENT[0]) -> np.ndarray:
    """F1 of a recurrent picker minus that of PhaseNet, seed by seed."""
    return scores(groups, name, phase) - scores(groups, PLAIN, phase)


def width_ratio(groups: Mapping[str, list[Recorded]]) -> np.ndarray:
    """Standard deviation of PhaseNet's S residuals over that of its P residuals, seed by seed."""
    return by_seed(groups[PLAIN], "S", "residual", "std") / by_seed(groups[PLAIN], "P", "residual", "std")


def recurrent_sentence(groups: Mapping[str, list[Recorded]]) -> str:
    """Whether a recurrent block helps, for P and for S, or whether the seeds leave it open."""
    words = []
    for name in RECURRENT:
        for phase in "PS":
            gain = recurrent_gain(groups, phase, name)
            verdict = "undecided" if undecided(gain) else "better" if gain.mean() > 0 else "worse"
            words.append(f"{groups[name][0].title} for {phase} {verdict} ({gain.mean():+.3f} ± {spread(gain):.3f})")
    return ("Does a recurrent block make the picker better? Difference in F1 to PhaseNet, seed by seed: "
            + "; ".join(words) + ".")


def harder_sentence(groups: Mapping[str, list[Recorded]]) -> str:
    """Which phase is harder to pick, in every model or in some."""
    harder = [name for name, entries in groups.items()
              if mean_and_spread(entries, "S", "within_0.5s", "f1")[0] < mean_and_spread(entries, "P", "within_0.5s",
                                                                                       "f1")[0]]
    if len(harder) == len(groups):
        return "S is harder than P for every model."
    return f"S is harder than P for {len(harder)} of the {len(groups)} models."
