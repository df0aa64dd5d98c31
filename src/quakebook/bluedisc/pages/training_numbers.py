"""Numbers of the effect: for each, the least favourable seed; seeds whose P scores are below 80 % are left out of S."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quakebook.bluedisc.recorded.choose import free_seeds, paired_seeds
from quakebook.bluedisc.recorded.read import Recorded
from quakebook.bluedisc.scoring.peaks import Peaks

#: Which seed of a kind is the worst for each number. NumPy: a seed without a number (NaN) is worse than any other.
WORST = {"gan": {"S.tp": np.max, "S.height_50": np.min}, "exact-bce": {"S.middle": np.max, "S.below": np.max}}


def bump(peaks: Peaks) -> float:
    """Matched peaks of height 0.44 to 0.52 over those of the two bins beside them (bins of 0.04, as published).

    1.6 in the published histogram of BCE heights of S: a band of its own under the broad hump.
    """
    counts, _ = np.histogram(peaks.height[np.isfinite(peaks.error_samples)], np.linspace(0.4, 0.56, 5))
    beside = counts[0] + counts[3]
    return float((counts[1] + counts[2]) / beside) if beside else float("nan")


def effect_metrics(runs: Mapping[str, Recorded]) -> dict[str, float]:
    """Numbers of the effect: for each, the least favourable seed; seeds whose P scores are low are left out of S."""
    seeds = free_seeds(runs)
    made = {"recorded.seeds": float(len(paired_seeds(runs))), "recorded.seeds_free": float(len(seeds))}
    if paired_seeds(runs):
        made |= _paired_metrics(runs, paired_seeds(runs), seeds)
    if bce := [run.peaks["S"] for run in runs.values() if run.kind == "bce"]:
        made["recorded.bce.S.bump.min"] = np.min([bump(peaks) for peaks in bce])
    for kind, worst in WORST.items():
        found = [run.metrics for run in runs.values() if run.kind == kind]
        made |= {f"recorded.{kind}.{key}": choose([m[key] for m in found]) for key, choose in worst.items() if found}
    return {key: float(value) for key, value in made.items()}


def _paired_metrics(runs: Mapping[str, Recorded], paired: Sequence[int], free: Sequence[int]) -> dict[str, float]:
    """BCE beside the hybrid: P over all paired seeds, S over the free ones."""
    def values(mode: str, key: str, seeds: Sequence[int]) -> NDArray:
        return np.array([runs[f"{mode}-{seed}"].metrics[key] for seed in seeds])

    made = {f"recorded.{mode}.P.tp.min": values(mode, "P.tp", paired).min() for mode in ("bce", "hybrid")}
    if not free:
        return made

    def ratio(key: str) -> NDArray:
        return values("hybrid", key, free) / np.maximum(values("bce", key, free), 1e-9)

    return made | {
        "recorded.tp_ratio.min": ratio("S.tp").min(),
        "recorded.bce.S.below.min": values("bce", "S.below", free).min(),
        "recorded.hybrid.S.tp.min": values("hybrid", "S.tp", free).min(),
        "recorded.below_fall.min": 1 / np.maximum(ratio("S.below").max(), 1e-9),
        "recorded.middle_fall.min": 1 / np.maximum(ratio("S.middle").max(), 1e-9),
        "recorded.precise_change_percent.largest": _farthest(100 * (ratio("S.precise") - 1)),
        "recorded.p_difference.largest": _farthest(values("hybrid", "P.tp", free) - values("bce", "P.tp", free))}


def _farthest(values: NDArray) -> float:
    """The value farthest from 0, with its sign; NaN where there is one."""
    return float(values[np.argmax(np.abs(values))])
