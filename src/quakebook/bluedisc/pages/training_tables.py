"""Tables and sentences of the pages about trained pickers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quakebook.bluedisc.recorded.choose import kinds, paired_seeds
from quakebook.bluedisc.recorded.read import KINDS, Recorded

from .references import LongRuns, published_counts, published_shares
from .training_sentences import last_validations, span

if TYPE_CHECKING:
    from quakebook.training.runs import Run

#: A share of fewer peaks than this is noise.
LEAST_PEAKS = 50


def shares(metrics: Mapping[str, float]) -> dict[str, str]:
    """Table columns from flat metrics; NaN, shown as a dash, for precision from fewer than 50 peaks over 0.7."""
    if metrics["S.high_count"] < LEAST_PEAKS:
        metrics = {**metrics, "S.precision": np.nan, "S.far": np.nan}
    names = {"S over, precise": "S.tp", "S below, precise": "S.below", "S precise": "S.precise",
             "S height 0.4-0.6": "S.middle", "S precision": "S.precision", "S far": "S.far", "P over, precise": "P.tp"}
    return {name: "–" if np.isnan(metrics[key]) else f"{metrics[key]:.1f}" for name, key in names.items()}


def start_of(run: Recorded) -> str:
    """Biases of the last layer at the start, as a reader would say it."""
    return {"base_rate": "base rate", "published": "PhaseNet's own"}[run.facts["start"]]


def recorded_table(runs: Mapping[str, Recorded]) -> pd.DataFrame:
    """One row per recorded training, percent, means over its last validations."""
    return pd.DataFrame([{"training": run.title, "start": start_of(run), **shares(run.metrics)}
                         for some in kinds(runs).values() for run in some])


def against_published(runs: Mapping[str, Recorded], long: LongRuns) -> pd.DataFrame:
    """S with BCE and the hybrid: INSTANCE as published, trainings as long, and the recorded ones over their seeds."""
    counts, printed = published_counts(), published_shares()
    rows = []
    for mode in counts:
        ours = [run for run in runs.values() if run.kind == mode]
        start = " and ".join(sorted({start_of(run) for run in ours}))
        for key, words in (("tp", "over 0.7"), ("below", "below 0.7")):
            means = [run.metrics[f"S.{key}"] for run in ours]
            single = np.concatenate([last_validations(run, f"S.{key}") for run in ours])
            rows.append({"S peaks within 0.1 s": f"{KINDS[mode]}, {words}",
                         "INSTANCE, labels": f"{counts[mode][key]:,}",
                         "INSTANCE, %": f"{printed[mode][key]:.1f}",
                         "10,000 steps on a GPU, %": f"{long.shares[mode][key]:.1f}",
                         "recorded here, start": start, "seeds, %": span(means),
                         "single validations, %": span(single)})
    return pd.DataFrame(rows)


def timing_sentence(runs: Mapping[str, Recorded]) -> str:
    """How the number of S peaks within 0.1 s, of any height, changes from BCE to the hybrid: ours and the paper's."""
    total = {mode: sum(counts.values()) for mode, counts in published_counts().items()}
    changes = [100 * (runs[f"hybrid-{seed}"].metrics["S.precise"] / runs[f"bce-{seed}"].metrics["S.precise"] - 1)
               for seed in paired_seeds(runs)]
    return (f"S peaks within 0.1 s of their label, of any height, from BCE to the hybrid: "
            f"{100 * (total['hybrid'] / total['bce'] - 1):+.1f} % on INSTANCE as published, "
            f"{', '.join(f'{change:+.1f}' for change in changes)} % in the recorded pairs.")


def live_table(runs: Mapping[str, Run]) -> pd.DataFrame:
    """One row per live training."""
    rows = [{"training": f"{KINDS[name]}, {run.config['training']['steps']} steps",
             **shares({k: np.nan if v is None else v for k, v in run.record["metrics"].items()})}
            for name, run in runs.items()]
    return pd.DataFrame(rows)


def facts_line(runs: Mapping[str, Recorded]) -> str:
    """What the recorded trainings are, in a few sentences with their own numbers."""
    first = next(iter(runs.values()))
    steps = " or ".join(f"{n:,}" for n in sorted({run.facts["steps"] for run in runs.values()}))
    data, minutes = first.facts, sum(run.facts["seconds"] for run in runs.values()) / 60
    start = ("" if data["start"] == "published" else
             " Their last layer starts with biases at the base rate, not the published ones; the next page shows why.")
    return (f"The {len(runs)} recorded trainings took {steps} steps with batches of "
            f"{data['batch_size']} windows from {data['records']:,} synthetic records, scored on "
            f"{data['dev_records']:,} others, on a CPU ({first.facts['device']}, {first.facts['threads']} thread), "
            f"{minutes:.0f} minutes in all. The published recipe is 10,000 steps with batches of 100.{start}")


def measured_bce(runs: Mapping[str, Recorded]) -> dict[str, dict[str, float]]:
    """Trained BCE pickers to set beside the formula: shares of S of each recorded one."""
    return {f"recorded, seed {run.facts['seed']}": {key: run.metrics[f"S.{key}"] for key in ("tp", "below")}
            for run in runs.values() if run.kind == "bce"}


def phase_table(runs: Mapping[str, Recorded]) -> pd.DataFrame:
    """P against S of every recorded training."""
    rows = []
    for run in (run for some in kinds(runs).values() for run in some):
        row: dict[str, object] = {"training": run.title, "start": start_of(run)}
        for phase in ("P", "S"):
            for key, title in (("tp", "over"), ("below", "below"), ("height_50", "height"), ("width", "width")):
                row[f"{phase} {title}"] = round(run.metrics[f"{phase}.{key}"], 2 if key == "height_50" else 1)
        rows.append(row)
    return pd.DataFrame(rows)
