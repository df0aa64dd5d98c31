"""Sentences of the page about the price that compare: each is made from the results."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quakebook.bluedisc.recorded.read import Recorded
from quakebook.bluedisc.scoring.operating import operating_curve
from quakebook.bluedisc.studies.expected_heights import Expected

from .what_it_costs import overconfidence

#: A BCE training lies near the diagonal within this, as in the claims.
NEAR = 0.1


def gain_shares(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> dict[int, float]:
    """By seed: part of the hybrid's gain at 0.7 that BCE has under a lower threshold, no less precise than the hybrid.

    NaN where the hybrid does not gain.
    """
    shares = {}
    for seed in sorted({runs[name].facts["seed"] for name in modes}):
        bce, hybrid = (operating_curve(runs[f"{mode}-{seed}"].peaks["S"]) for mode in ("bce", "hybrid"))
        found, precision = hybrid.at(0.7)
        gain = found - bce.at(0.7)[0]
        fit = bce.detected[bce.precision >= precision]
        best = float(fit.max()) if len(fit) else bce.at(0.7)[0]
        shares[seed] = float(np.clip((best - bce.at(0.7)[0]) / gain, 0, 1)) if gain > 0 else float("nan")
    return shares


def gain_sentence(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> str:
    """How much of the hybrid's gain a lower threshold gives BCE at no less precision."""
    shares = {seed: share for seed, share in gain_shares(runs, modes).items() if share == share}
    if not shares:
        return "The hybrid finds no more S over 0.7 than BCE."
    words = ("most of the gain" if min(shares.values()) > 0.5 else "less than half of the gain"
             if max(shares.values()) < 0.5 else "a part of the gain that differs from seed to seed")
    numbers = ", ".join(f"{100 * share:.0f} % (seed {seed})" for seed, share in shares.items())
    return f"A lower threshold gives BCE {words} without being less precise than the hybrid: {numbers}."


def precision_sentence(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> str:
    """Change of precision from BCE to the hybrid at the last step and over the last validations, and why both."""
    seeds = sorted({runs[name].facts["seed"] for name in modes})
    last = [operating_curve(runs[f"hybrid-{seed}"].peaks["S"]).at(0.7)[1]
            - operating_curve(runs[f"bce-{seed}"].peaks["S"]).at(0.7)[1] for seed in seeds]
    means = [runs[f"hybrid-{seed}"].metrics["S.precision"] - runs[f"bce-{seed}"].metrics["S.precision"]
             for seed in seeds]
    fall = "falls at every seed" if max(*last, *means) < 0 else "does not fall at every seed and validation"
    return (f"The precision of S over 0.7 {fall}: it changes by {_points(last)} points at the last step and by "
            f"{_points(means)} in the mean over the last validations, which the claim below is about. Peaks are kept "
            "of the last step only, and so are curves over the threshold.")


def _points(values: list[float]) -> str:
    return " to ".join(dict.fromkeys(f"{value:+.1f}" for value in (max(values), min(values))))


def calibration_verdict(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> str:
    """How many BCE trainings lie near the diagonal, where the others lie, and how many hybrids lie beyond it."""
    gaps = {mode: [overconfidence(runs[name]) for name, m in modes.items() if m == mode] for mode in ("bce", "hybrid")}
    if not gaps["bce"] or not gaps["hybrid"]:
        return ""
    near = sum(abs(gap) <= NEAR for gap in gaps["bce"])
    low, high = sum(gap < -NEAR for gap in gaps["bce"]), sum(gap > NEAR for gap in gaps["bce"])
    rest = [text for count, text in ((low, f"{low} lower than their labels justify"),
                                     (high, f"{high} higher than their labels justify")) if count]
    over = sum(gap > 0 for gap in gaps["hybrid"])
    above = sum(gap > max(gaps["bce"]) for gap in gaps["hybrid"])
    return (f"Of {len(gaps['bce'])} BCE trainings the S peaks of {near} are as high as their labels within {NEAR:g}"
            f"{', of ' + ' and of '.join(rest) if rest else ''}. For the same label the hybrid's peak is higher "
            f"than its label justifies in {over} of {len(gaps['hybrid'])} trainings, and by more than with any BCE in "
            f"{above}.")


def formula_sentence(expected: Mapping[float, Expected], runs: Mapping[str, Recorded]) -> str:
    """How many heights lie near 0.7, how the timing error moves S over 0.7, and how the recorded trainings compare."""
    first = expected[min(expected)]
    near = 100 * float(((first.height >= 0.6) & (first.height < 0.8)).mean())
    tp = {error: answer.shares()["tp"] for error, answer in expected.items()}
    text = (f"Of the expected heights {near:.0f} % lie between 0.6 and 0.8. From a timing error of {min(tp):.2f} s to "
            f"one of {max(tp):.2f} s, S over 0.7 goes from {tp[min(tp)]:.0f} to {tp[max(tp)]:.0f} % of the labels.")
    ours = [run.metrics["S.tp"] for run in runs.values() if run.kind == "bce"]
    if not ours:
        return text
    fewer = sum(value < min(tp.values()) for value in ours)
    return text + (f" {fewer} of {len(ours)} recorded BCE trainings find fewer than every row of the formula; they saw "
                   "far fewer windows than the long ones, so that their timing is worse, and with it their heights."
                   if fewer else " The recorded BCE trainings find no fewer than the formula's last row.")
