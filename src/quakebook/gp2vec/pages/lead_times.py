"""Sentences about the displacement ahead in time, and about the stress that shows in the features."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quakebook.training.recorded import Recorded

from ..scoring.plane import rank_correlations

Arrays = Mapping[str, np.ndarray]


def fullest(kept: Recorded | None, short: Arrays) -> tuple[Arrays, str]:
    """Arrays that hold an answer for each window and lead, and which experiment they are of.

    The recorded experiment's; those of this page's short sequence where it is not recorded, or was recorded before
    these arrays were kept.
    """
    if kept is not None and "ahead_predicted_network" in kept.arrays:
        return kept.arrays, "the recorded sequence"
    return short, "the short sequence that this page computes"


def labels(arrays: Arrays) -> list[str]:
    """What stands beside the slider."""
    return [f"{100 * lead:g} %" for lead in arrays["leads"]]


def ahead_sentence(arrays: Arrays) -> str:
    """Whether a network that was fitted to the future beats its own present answer, and the mean future."""
    gain, leads = arrays["ahead_network"] - arrays["ahead_persistence"], 100 * arrays["leads"]
    best = int(np.argmax(gain))
    word = "gains at most" if gain[best] > 0.05 else "gains next to nothing, at most"
    simpler = arrays["ahead_network"] - arrays["ahead_mean_cycle"]
    above = int((simpler[1:] > 0).sum())
    return (f"Against simply repeating the present answer, a ridge fitted to the future {word} {gain[best]:+.2f} in "
            f"R2, at a lead of {leads[best]:g} % of a cycle{_interval(arrays, best)}. Against the mean future of the "
            f"state that it sees, which needs no fit to the future, it is ahead at {above} of {len(simpler) - 1} "
            f"leads, by {simpler[1:].min():+.2f} to {simpler[1:].max():+.2f}. {_robust(arrays)}")


def _interval(arrays: Arrays, k: int) -> str:
    if "ahead_gain_low" not in arrays:
        return ""
    low, high = arrays["ahead_gain_low"][k], arrays["ahead_gain_high"][k]
    return f" (95 % interval over held-out cycles {low:+.2f} to {high:+.2f})"


def _robust(arrays: Arrays) -> str:
    """A gain counts where its interval excludes zero; nothing is claimed where no interval is kept."""
    if "ahead_gain_low" not in arrays:
        return "No interval over cycles was recorded, so the gain is undecided."
    sure = [f"{100 * lead:g} %" for lead, low in zip(arrays["leads"][1:], arrays["ahead_gain_low"][1:], strict=True)
            if low > 0]
    if not sure:
        return "At no lead does the interval exclude zero: the hints of the future are not robust."
    return (f"The interval excludes zero at {', '.join(sure)} of a cycle, on one sequence; nothing is claimed about "
            "the future of a real one.")


def stress_sentence(arrays: Arrays) -> str:
    """Whether the true stress shows in the plane of the features more than permuted stress does."""
    found, permuted = rank_correlations(arrays["plane"], arrays["stress"])
    word = "above" if found > permuted else "not above"
    return (f"The largest rank correlation of a component with the true stress is {found:.2f}, {word} the "
            f"{permuted:.2f} that the best of 200 permutations reaches (a low bar: windows next to each other are "
            "alike). The network was not told the stress.")
