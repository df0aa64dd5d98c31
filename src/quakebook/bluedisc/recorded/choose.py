"""Which trainings the pages show: live ones, recorded ones by kind and seed, and one record through training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from . import read as recorded
from .read import Recorded

if TYPE_CHECKING:
    from quakebook.bluedisc.scoring.followed import Track


def all_recorded() -> dict[str, Recorded]:
    """Every complete recorded training by name, without those kept as examples of the ceiling."""
    return {name: recorded.read(name) for name in recorded.names() if not name.startswith(recorded.CEILING)}


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
    found = {title: [run for run in runs.values() if run.kind == kind] for kind, title in recorded.KINDS.items()}
    return {title: sorted(some, key=lambda run: run.facts["seed"]) for title, some in found.items() if some}


def paired_seeds(runs: Mapping[str, Recorded]) -> list[int]:
    """Seeds for which both a BCE and a hybrid training on scattered labels are recorded."""
    seeds = {mode: {run.facts["seed"] for name, run in runs.items() if name.startswith(f"{mode}-")}
             for mode in ("bce", "hybrid")}
    return sorted(seeds["bce"] & seeds["hybrid"])


def free_seeds(runs: Mapping[str, Recorded]) -> list[int]:
    """Paired seeds with P over 80 % in both trainings: only there may suppression be judged.

    Elsewhere P still sits under the ceiling of the network's head, which looks like suppression.
    """
    return [seed for seed in paired_seeds(runs)
            if all(runs[f"{mode}-{seed}"].metrics["P.tp"] > 80 for mode in ("bce", "hybrid"))]


def scattered(runs: Mapping[str, Recorded], seeds: Sequence[int] | None = None) -> dict[str, str]:
    """Name -> mode of the paired recorded trainings, of these seeds only where they are given."""
    return {f"{mode}-{seed}": mode for seed in (paired_seeds(runs) if seeds is None else seeds)
            for mode in ("bce", "hybrid")}


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
