"""Numbers of the page about the price: calibration and equal-detection comparison of recorded trainings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quakebook.bluedisc.recorded.read import Recorded
from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.operating import ceiling, operating_curve

from .training_tables import start_of


def calibration(run: Recorded) -> tuple[float, float]:
    """Mean height and mean label at the peak over all S peaks of at least 0.5; NaN where there is none."""
    peaks = run.peaks["S"]
    high = peaks.height >= 0.5
    if not high.any():
        return np.nan, np.nan
    return float(peaks.height[high].mean()), float(peaks.label_at_peak[high].mean())


def overconfidence(run: Recorded) -> float:
    """Mean height minus mean label of `calibration`: above 0 the peaks are higher than their labels justify."""
    height, label = calibration(run)
    return height - label


def calibration_table(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> pd.DataFrame:
    """One row per training: mean height of its S peaks of at least 0.5, mean label there, and the difference."""
    rows = []
    for run in (runs[name] for name in modes):
        height, label = calibration(run)
        rows.append({"training": run.title, "start": start_of(run), "mean height": f"{height:.2f}",
                     "mean label there": f"{label:.2f}",
                     "peak height minus label": f"{overconfidence(run):+.2f}"})
    return pd.DataFrame(rows).sort_values("training", ignore_index=True)


def calibration_sentence(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> str:
    """The BCE training farthest from the diagonal, and the hybrid nearest to it."""
    gap = {mode: {name: overconfidence(runs[name]) for name, m in modes.items() if m == mode}
           for mode in ("bce", "hybrid")}
    if not gap["bce"] or not gap["hybrid"]:
        return ""
    bce = max(gap["bce"], key=lambda name: abs(gap["bce"][name]))
    hybrid = min(gap["hybrid"], key=lambda name: gap["hybrid"][name])
    return (f"Of the BCE trainings {runs[bce].title} lies farthest from the line ({gap['bce'][bce]:+.2f}); of the "
            f"hybrids {runs[hybrid].title} lies nearest to it ({gap['hybrid'][hybrid]:+.2f}).")


def exact_labels_sentence(runs: Mapping[str, Recorded]) -> str:
    """Suppressed shares and widths of S by kind of training, lowest to highest seed."""
    def span(kind: str, key: str, digits: int = 0) -> str:
        values = [run.metrics[key] for run in runs.values() if run.kind == kind]
        ends = [f"{end(values):.{digits}f}" for end in (min, max)] if values else ["none"]
        return " to ".join(dict.fromkeys(ends))

    return (f"In time but below 0.7 are {span('exact-bce', 'S.below')} % of the S labels when they are exact, "
            f"{span('bce', 'S.below')} % when they scatter. (Peaks of exact labels "
            f"are compared with the true onset.) S peaks in time are {span('bce', 'S.width')} samples wide with BCE, "
            f"{span('hybrid', 'S.width')} with the hybrid{_broader(runs)}. (Lowest to highest seed; means over the "
            f"last validations.)")


def _broader(runs: Mapping[str, Recorded]) -> str:
    """Whether BCE's peaks are broader than the hybrid's at every seed."""
    widths = {kind: [run.metrics["S.width"] for run in runs.values() if run.kind == kind] for kind in ("bce", "hybrid")}
    if not widths["bce"] or not widths["hybrid"]:
        return ""
    return (": the low ones are broad as well" if min(widths["bce"]) > max(widths["hybrid"]) else
            "; the seeds overlap, so which are broader is undecided")


def ceiling_sentence(runs: Sequence[tuple[str, Mapping[str, NDArray], Track]]) -> str:
    """For each training and phase, over which of its kept steps the head had a ceiling.

    Parameters
    ----------
    runs : sequence of (name, history, track)
        As for the figure.
    """
    parts = []
    for name, _, track in runs:
        capped = {phase: ceiling(track.head_weight, track.head_bias, channel) < 1
                  for channel, phase in enumerate(("P", "S"))}
        parts.append(f"{name}: " + ", ".join(
            f"{phase} {f'{100 * under.mean():.0f} % of the steps' if under.any() else 'never'}"
            for phase, under in capped.items()))
    return "Under a ceiling. " + "; ".join(parts) + "."


def price_table(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> pd.DataFrame:
    """One row per seed, last step: S found and precision at 0.7, and BCE where it finds as many as the hybrid.

    The last column is the change of precision from the means over the last validations, which the claim is about.
    """
    rows = []
    for seed in sorted({runs[name].facts["seed"] for name in modes}):
        bce, hybrid = (operating_curve(runs[f"{mode}-{seed}"].peaks["S"]) for mode in ("bce", "hybrid"))
        found, precision = hybrid.at(0.7)
        enough = np.flatnonzero(bce.detected >= found)
        lower = ({"BCE threshold": f"{bce.threshold[enough[-1]]:.2f}", "BCE precision there":
                  f"{bce.precision[enough[-1]]:.0f}"} if len(enough) else
                 {"BCE threshold": "none", "BCE precision there": "none"})
        rows.append({"seed": seed, "BCE found": round(bce.at(0.7)[0], 1), "BCE precision": round(bce.at(0.7)[1], 1),
                     "hybrid found": round(found, 1), "hybrid precision": round(precision, 1), **lower,
                     "precision change, last step": f"{precision - bce.at(0.7)[1]:+.1f}",
                     "precision change, last validations": f"{_precision_change(runs, seed):+.1f}"})
    return pd.DataFrame(rows)


def _precision_change(runs: Mapping[str, Recorded], seed: int) -> float:
    """Hybrid minus BCE, points, mean over the last validations."""
    return runs[f"hybrid-{seed}"].metrics["S.precision"] - runs[f"bce-{seed}"].metrics["S.precision"]


def metrics(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> dict[str, float]:
    """Numbers to report, each from the worst seed of `modes`.

    Overconfidence (mean height minus mean label at S peaks of at least 0.5): farthest from 0 for BCE, smallest for
    the others; at the last step. Precision of the S peaks over 0.7, mean over the last validations: smallest; its
    change from BCE to the hybrid: smallest loss. A seed without such peaks makes its number NaN, whatever the others
    say.
    """
    made: dict[str, float] = {}
    precision: dict[str, dict[int, float]] = {}
    for mode in dict.fromkeys(modes.values()):
        named = [name for name, m in modes.items() if m == mode]
        gaps = [overconfidence(runs[name]) for name in named]
        made[f"price.{mode}.overconfidence"] = float(gaps[np.argmax(np.abs(gaps))] if mode == "bce" else np.min(gaps))
        precision[mode] = {runs[name].facts["seed"]: runs[name].metrics["S.precision"] for name in named}
        made[f"price.{mode}.precision"] = float(np.min(list(precision[mode].values())))
    if {"bce", "hybrid"} <= set(precision):
        made["price.precision_change"] = float(np.max([precision["hybrid"][seed] - precision["bce"][seed]
                                                       for seed in precision["bce"]]))
    return made


def equal_detections_sentence(runs: Mapping[str, Recorded], modes: Mapping[str, str]) -> str:
    """For each seed, how BCE compares with the hybrid once its threshold is low enough to find as many."""
    parts = []
    for row in price_table(runs, modes).to_dict("records"):
        if row["BCE threshold"] == "none":
            parts.append(f"with seed {row['seed']} it never finds as many")
            continue
        gap = float(row["BCE precision there"]) - row["hybrid precision"]
        parts.append(f"with seed {row['seed']} its precision at {row['BCE threshold']} differs by {gap:+.0f} points")
    text = "; ".join(parts)
    return f"BCE beside the hybrid, at as many detections: {text}." if text else ""
