"""Sentences of the page about trained pickers that compare: each is made from the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quakebook.bluedisc.recorded.choose import free_seeds
from quakebook.bluedisc.recorded.read import Recorded
from quakebook.bluedisc.scoring.followed import Track

from .references import published_separation_step
from .training_numbers import bump

#: Curves tell two phases apart when, at each label, the right one is higher by this much.
CLEARLY = 0.1
#: P counts as alike when it differs by at most this many points at every seed, as in the claims.
ALIKE_POINTS = 3.0


def last_validations(run: Recorded, key: str) -> NDArray[np.float64]:
    """A number at each of the validations whose mean the run reports (all dev windows)."""
    return np.asarray(run.history[key][np.asarray(run.history["whole"]) > 0], float)


def span(values: Sequence[float] | NDArray, digits: int = 1) -> str:
    """Lowest to highest, once where both read the same; "none" without values."""
    if not len(values):
        return "none"
    return " to ".join(dict.fromkeys(f"{end(values):.{digits}f}" for end in (np.min, np.max)))


def bars_sentence(runs: Mapping[str, Recorded]) -> str:
    """S below 0.7, in time and over 0.7 with BCE and the hybrid, and whether P is alike."""
    seeds = free_seeds(runs)
    if not seeds:
        return "No seed has P over 80 % in both kinds of training, so S cannot be judged."

    def values(mode: str, key: str) -> NDArray:
        return np.array([runs[f"{mode}-{seed}"].metrics[key] for seed in seeds])

    precise = 100 * (values("hybrid", "S.precise") / values("bce", "S.precise") - 1)
    far = np.abs(values("hybrid", "P.tp") - values("bce", "P.tp")).max()
    return (f"S in time but below 0.7: {span(values('bce', 'S.below'))} % of the labels with BCE, "
            f"{span(values('hybrid', 'S.below'))} % with the hybrid. S in time and over 0.7: "
            f"{span(values('bce', 'S.tp'))} % and {span(values('hybrid', 'S.tp'))} %. S in time, of any height, "
            f"changes by at most {np.abs(precise).max():.0f} %: {_gain(precise, values)}. P is "
            f"{'alike in both' if far <= ALIKE_POINTS else 'not alike'} (it differs by at most {far:.1f} points).")


def _gain(precise: NDArray, values: Callable[[str, str], NDArray]) -> str:
    more = values("hybrid", "S.tp") - values("bce", "S.tp")
    if (more > 0).all() and (np.abs(precise) < 10).all():
        return "the gain is height, not timing"
    return "the gain is not of height alone" if (more > 0).all() else "the hybrid does not gain at every seed"


def others_sentence(runs: Mapping[str, Recorded]) -> str:
    """Exact labels beside scattered ones, and how often GAN only finds P and S; lowest to highest seed."""
    def kind(name: str, key: str) -> list[float]:
        return [run.metrics[key] for run in runs.values() if run.kind == name]

    exact, scattered = kind("exact-bce", "S.below"), kind("bce", "S.below")
    parts = []
    if exact and scattered:
        less = "less at every seed" if max(exact) < min(scattered) else "undecided, because the seeds overlap"
        parts.append(f"S in time but below 0.7 with BCE: {span(exact)} % when labels are exact, {span(scattered)} % "
                     f"when they scatter ({less}).")
    if p := kind("gan", "P.tp"):
        parts.append(f"With GAN only {span(p)} % of the P and {span(kind('gan', 'S.tp'))} % of the S labels are found "
                     f"in time and over 0.7.")
    return " ".join(parts)


def checkpoints_sentence(runs: Mapping[str, Recorded]) -> str:
    """The ratio hybrid over BCE in S over 0.7: over the seeds, and over single validations of them."""
    seeds = free_seeds(runs)
    if not seeds:
        return ""
    means = [runs[f"hybrid-{seed}"].metrics["S.tp"] / runs[f"bce-{seed}"].metrics["S.tp"] for seed in seeds]
    single = np.concatenate([(last_validations(runs[f"hybrid-{seed}"], "S.tp")[:, None]
                              / last_validations(runs[f"bce-{seed}"], "S.tp")[None]).ravel() for seed in seeds])
    count = len(last_validations(runs[f"bce-{seeds[0]}"], "S.tp"))
    return (f"S over 0.7, hybrid over BCE: {span(means)} over the seeds, each the mean of its last {count} "
            f"validations; {span(single)} if single validations of the same seed are paired.")


def rest_sentence(runs: Mapping[str, Recorded]) -> str:
    """Whether BCE and the hybrid still jump in their last validations, and what that means for the ratio."""
    parts = []
    for kind, name in (("bce", "BCE"), ("hybrid", "the hybrid")):
        spread = [np.ptp(last_validations(run, "S.tp")) for run in runs.values() if run.kind == kind]
        if spread:
            parts.append((max(spread), f"by up to {max(spread):.0f} points with {name}"))
    if not parts:
        return ""
    end = ("So these trainings are not at rest, and a ratio of the two partly measures that BCE is trained too short."
           if parts[0][0] > 5 else "So these trainings are at rest within 5 points.")
    return f"Within the last validations of one seed S over 0.7 jumps {' and '.join(text for _, text in parts)}. {end}"


def bump_sentence(runs: Mapping[str, Recorded]) -> str:
    """Whether the heights of BCE have a second bump at 0.44 to 0.52, as published."""
    ratios = [bump(run.peaks["S"]) for run in runs.values() if run.kind == "bce"]
    if not ratios:
        return ""
    seen = sum(ratio >= 1.2 for ratio in ratios)
    words = "no seed has it" if not seen else f"{seen} of {len(ratios)} seeds have it"
    return (f"The published histogram of BCE heights has a second bump at 0.44 to 0.52. Here {words} (these bins over "
            f"those beside them: {span(ratios, 2)}).")


def separated_step(track: Track, sample: int) -> float:
    """First kept step from which on P leads at the P label and S at the S label by 0.1, for good; NaN = never."""
    at = [int(track.label[sample, channel].argmax()) for channel in (0, 1)]
    curves = track.prediction[:, sample]
    leads = np.minimum(curves[:, 0, at[0]] - curves[:, 1, at[0]], curves[:, 1, at[1]] - curves[:, 0, at[1]])
    apart = leads >= CLEARLY
    first = len(apart) - int(np.argmin(apart[::-1])) if not apart.all() else 0
    return float(track.step[first]) if first < len(apart) else float("nan")


def separation_sentence(tracks: Mapping[str, Track], sample: int) -> str:
    """From which step P and S can be told apart here, beside the step that the paper shows for BCE."""
    published = published_separation_step()
    steps = {name: separated_step(track, sample) for name, track in tracks.items()}
    words = ", ".join(f"with {name} {f'from step {step:,.0f} on' if step == step else 'not for good'}"
                      for name, step in steps.items())
    bce = steps.get("BCE", float("nan"))
    if bce != bce:
        verdict = "so that no comparison is possible"
    else:
        early, late = bce < published / 2, bce > 2 * published
        verdict = "earlier here" if early else "later here" if late else "about as late here"
    return (f"In the published history of BCE P and S cannot be told apart until about step {published:,}. On the "
            f"record shown they can, {words}: {verdict}.")
