"""What the pages about trained pickers put together: live trainings, tables, numbers for the claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import recorded
from .recorded import Recorded
from .settings import BlueDiscConfig, config

if TYPE_CHECKING:
    from quakebook.training.runs import Run

    from .tracking import Track

#: Live trainings of the page, per preset: a handful of steps; a few hundred, begun like the recorded ones; the
#: published recipe (needs a GPU).
LIVE = {"smoke": ("smoke", ()),
        "quick": ("quick", ("data.records=1500", "data.dev_records=300", "training.steps=300",
                            "training.validate_every=100", "evaluation.last=1", "track.every=20",
                            "network.start=base_rate")),
        "paper": ("paper", ())}
#: Which seed of a kind is the worst for each number.
WORST = {"gan": {"S.tp": max, "S.height_50": min}, "exact-bce": {"S.middle": max, "S.below": max}}
#: INSTANCE dev split, read off the published figure: S, percent of the labels (sheet, section 10).
PUBLISHED = {"bce": {"tp": 32.4, "below": 24.8, "precise": 57.2}, "hybrid": {"tp": 53.1, "below": 1.3, "precise": 54.4}}
#: Earlier runs with the paper preset on an H200 (10,000 steps, three seeds): S, mean (sheet, 19.2 and 19.3).
LONG_RUNS = {"bce": {"tp": 31.6, "below": 30.4}, "hybrid": {"tp": 59.1, "below": 1.7}}


def live_config(preset: str, mode: str) -> BlueDiscConfig:
    """Settings of the live training of one mode at smoke, quick or paper."""
    if preset not in LIVE:
        raise ValueError(f"unknown preset {preset!r}; known: {', '.join(LIVE)}")
    base, overrides = LIVE[preset]
    return config(f"loss.mode={mode}", *overrides, preset=base)


def all_recorded() -> dict[str, Recorded]:
    """Every complete recorded training by name, without those kept as examples of the ceiling."""
    return {name: recorded.read(name) for name in recorded.names() if not name.startswith(("real", recorded.CEILING))}


def ceiling_examples(runs: Mapping[str, Recorded]) -> list[tuple[str, Mapping[str, np.ndarray], Track]]:
    """Title, history and track of the trainings kept for the ceiling, each before the same seed and mode without it."""
    shown = []
    for name in (name for name in recorded.names() if name.startswith(recorded.CEILING)):
        kept, other = recorded.read(name), runs.get(name.removeprefix(recorded.CEILING))
        shown.append((f"seed {kept.facts['seed']}, own start", kept.history, kept.track))
        if other is not None:
            shown.append((f"seed {other.facts['seed']}, base rate", other.history, other.track))
    return shown


def kinds(runs: Mapping[str, Recorded]) -> dict[str, list[Recorded]]:
    """Recorded trainings by kind, as a reader would name it, each with its seeds in order."""
    named = {"exact-bce": "BCE, exact labels", "bce": "BCE", "hybrid": "hybrid", "gan": "GAN only"}
    found = {title: [run for name, run in runs.items() if name.rpartition("-")[0] == kind]
             for kind, title in named.items()}
    return {title: sorted(some, key=lambda run: run.facts["seed"]) for title, some in found.items() if some}


def paired_seeds(runs: Mapping[str, Recorded]) -> list[int]:
    """Seeds for which both a BCE and a hybrid training on scattered labels are recorded."""
    seeds = {mode: {run.facts["seed"] for name, run in runs.items() if name.startswith(f"{mode}-")}
             for mode in ("bce", "hybrid")}
    return sorted(seeds["bce"] & seeds["hybrid"])


def free_seeds(runs: Mapping[str, Recorded]) -> list[int]:
    """Paired seeds with P over 80 % in both trainings: only there may suppression be judged (sheet, section 19.4).

    Elsewhere P still sits under the ceiling of the network's head, which looks like suppression.
    """
    return [seed for seed in paired_seeds(runs)
            if all(runs[f"{mode}-{seed}"].metrics["P.tp"] > 80 for mode in ("bce", "hybrid"))]


def scattered(runs: Mapping[str, Recorded], seeds: Sequence[int] | None = None) -> dict[str, str]:
    """Name -> mode of the paired recorded trainings, of these seeds only where they are given."""
    return {f"{mode}-{seed}": mode for seed in (paired_seeds(runs) if seeds is None else seeds)
            for mode in ("bce", "hybrid")}


def shares(metrics: Mapping[str, float]) -> dict[str, str]:
    """Table columns from flat metrics; a dash where there was nothing to count."""
    names = {"S over, precise": "S.tp", "S below, precise": "S.below", "S precise": "S.precise",
             "S height 0.4-0.6": "S.middle", "S precision": "S.precision", "S far": "S.far", "P over, precise": "P.tp"}
    return {name: "–" if np.isnan(metrics[key]) else f"{metrics[key]:.1f}" for name, key in names.items()}


def recorded_table(runs: Mapping[str, Recorded]) -> pd.DataFrame:
    """One row per recorded training, percent, means over its last validations."""
    return pd.DataFrame([{"training": name, "steps": run.facts["steps"], **shares(run.metrics)}
                         for name, run in runs.items()])


def live_table(runs: Mapping[str, Run]) -> pd.DataFrame:
    """One row per live training."""
    rows = [{"training": f"{name}, live", "steps": run.config["training"]["steps"],
             **shares({k: np.nan if v is None else v for k, v in run.record["metrics"].items()})}
            for name, run in runs.items()]
    return pd.DataFrame(rows)


def effect_metrics(runs: Mapping[str, Recorded]) -> dict[str, float]:
    """Numbers for the claims about recorded trainings: always the worst seed; S at the seeds whose P works."""
    seeds = free_seeds(runs)
    made = {"recorded.seeds": float(len(paired_seeds(runs))), "recorded.seeds_free": float(len(seeds))}
    if paired_seeds(runs):
        made |= _paired_metrics(runs, paired_seeds(runs), seeds)
    for kind, worst in WORST.items():
        found = [run.metrics for name, run in runs.items() if name.startswith(f"{kind}-")]
        made |= {f"recorded.{kind}.{key}": choose(m[key] for m in found) for key, choose in worst.items() if found}
    return {key: float(value) for key, value in made.items()}


def _paired_metrics(runs: Mapping[str, Recorded], paired: Sequence[int], free: Sequence[int]) -> dict[str, float]:
    """BCE beside the hybrid: P over all paired seeds, S over the free ones."""
    every = {mode: [runs[f"{mode}-{seed}"].metrics for seed in paired] for mode in ("bce", "hybrid")}
    made = {f"recorded.{mode}.P.tp.min": min(m["P.tp"] for m in found) for mode, found in every.items()}
    if not free:
        return made
    bce, hybrid = ([runs[f"{mode}-{seed}"].metrics for seed in free] for mode in ("bce", "hybrid"))

    def ratios(key: str) -> list[float]:
        return [h[key] / max(b[key], 1e-9) for b, h in zip(bce, hybrid, strict=True)]

    return made | {
        "recorded.tp_ratio.min": min(ratios("S.tp")),
        "recorded.bce.S.below.min": min(b["S.below"] for b in bce),
        "recorded.hybrid.S.tp.min": min(h["S.tp"] for h in hybrid),
        "recorded.below_fall.min": 1 / max(max(ratios("S.below")), 1e-9),
        "recorded.middle_fall.min": 1 / max(max(ratios("S.middle")), 1e-9),
        "recorded.precise_change_percent.largest": max((100 * (r - 1) for r in ratios("S.precise")), key=abs),
        "recorded.p_difference.largest": max((h["P.tp"] - b["P.tp"] for b, h in zip(bce, hybrid, strict=True)),
                                             key=abs)}


def chosen_sample(bce: Recorded, hybrid: Recorded) -> int:
    """The tracked window to show, by a rule that asks nothing of the hybrid's height.

    The first, among those kept whole, on which BCE ends with S within 0.1 s of the label but below 0.7; where there is
    none, the first on which both end with S within 0.1 s; else 0.
    """
    from quakebook.picking import find_picks

    whole = range(int((~np.isnan(bce.track.prediction[0]).any(axis=(1, 2))).sum()))
    in_time = []
    for k in whole:
        label = find_picks(bce.track.label[k, 1].astype(float), height=0.5)[0]
        curves = [run.track.prediction[-1, k, 1] for run in (bce, hybrid)]
        near = [len(label) > 0 and abs(int(curve.argmax()) - label[0]) <= 10 for curve in curves]
        if near[0] and curves[0].max() < 0.7:
            return k
        in_time += [k] if all(near) else []
    return in_time[0] if in_time else 0


def facts_line(runs: Mapping[str, Recorded]) -> str:
    """What the recorded trainings are, in a few sentences with their own numbers."""
    first = next(iter(runs.values()))
    steps = " or ".join(f"{n:,}" for n in sorted({run.facts["steps"] for run in runs.values()}))
    settings, minutes = first.facts["config"], sum(run.facts["cpu_seconds"] for run in runs.values()) / 60
    data = settings["data"]
    start = ("" if settings["network"]["start"] == "published" else
             " Their last layer starts with other biases than the published one; the next page shows why.")
    return (f"The {len(runs)} recorded trainings took {steps} steps with batches of "
            f"{data['batch_size']} windows from {data['records']:,} synthetic records, scored on "
            f"{data['dev_records']:,} others, on a CPU ({first.facts['device']}, {first.facts['threads']} thread), "
            f"{minutes:.0f} CPU minutes in all. The published recipe is 10,000 steps with batches of 100.{start}")


def measured_bce(runs: Mapping[str, Recorded]) -> dict[str, dict[str, float]]:
    """Trained BCE pickers beside the formula: recorded, earlier long runs, published."""
    made = {f"{run.facts['steps']:,} steps, seed {run.facts['seed']}": {key: run.metrics[f"S.{key}"] for key in
                                                                     ("tp", "below")}
            for name, run in runs.items() if name.startswith("bce-")}
    return made | {"10,000 steps (GPU)": LONG_RUNS["bce"], "published, INSTANCE": PUBLISHED["bce"]}


def phase_table(runs: Mapping[str, Recorded]) -> pd.DataFrame:
    """P against S of every recorded training."""
    rows = []
    for name, run in runs.items():
        row: dict[str, object] = {"training": name}
        for phase in ("P", "S"):
            for key, title in (("tp", "over"), ("below", "below"), ("height_50", "height"), ("width", "width")):
                row[f"{phase} {title}"] = round(run.metrics[f"{phase}.{key}"], 2 if key == "height_50" else 1)
        rows.append(row)
    return pd.DataFrame(rows)
