"""Numbers that the pages set beside ours: printed ones from the claim file, long trainings as recorded or as quoted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from quakebook.bluedisc.recorded.plan import PAPER_FOLDER
from quakebook.bluedisc.recorded.read import folder, plain_metrics
from quakebook.project import find_project
from quakebook.publishing import claims
from quakebook.training import recorded_files

MODES, KEYS = ("bce", "hybrid"), ("tp", "below")


@cache
def _printed() -> dict[str, float | None]:
    """What the paper prints, by the name of the claim."""
    return {claim.id: claim.published for claim in claims.load("bluedisc")}


def published_labels() -> int:
    """S labels of the published figure: INSTANCE, dev windows."""
    return int(_printed()["instance-labels"])


def published_counts() -> dict[str, dict[str, int]]:
    """S labels with a peak within 0.1 s, at least 0.7 high (tp) or lower (below), by mode, as printed."""
    return {mode: {key: int(_printed()[f"instance-{mode}-{key}-count"]) for key in KEYS} for mode in MODES}


def published_shares() -> dict[str, dict[str, float]]:
    """The same in percent of the labels."""
    return {mode: {key: 100 * count / published_labels() for key, count in counts.items()}
            for mode, counts in published_counts().items()}


def published_separation_step() -> int:
    """Step until which P and S cannot be told apart with BCE in the published history."""
    return int(_printed()["record-separation-step"])


@dataclass(frozen=True)
class LongRuns:
    """Trainings with the published recipe on synthetic records: S shares in percent by mode, and where they are from.

    Attributes
    ----------
    shares : dict
        Mode -> {"tp", "below"}, mean over the seeds.
    source : str
        For a caption: recorded in this book, or quoted.
    ratios : tuple of float
        Hybrid over BCE in S over 0.7, one a seed; empty where only means are quoted.
    """

    shares: dict[str, dict[str, float]]
    source: str
    ratios: tuple[float, ...] = ()


def long_runs(where: Path | None = None) -> LongRuns:
    """Recorded trainings with the published recipe of the seeds that both modes have, else the quoted means."""
    where = where or folder()
    names = set(recorded_files.names(where))
    seeds = sorted(seed for seed in _seeds(names, "bce") & _seeds(names, "hybrid"))
    if not seeds:
        return quoted()
    metrics = {mode: [plain_metrics(f"paper.{mode}-{seed}", recorded_files.read(
        where, f"{PAPER_FOLDER}/{mode}-{seed}").facts) for seed in seeds] for mode in MODES}
    shares = {mode: {key: float(np.mean([row[f"S.{key}"] for row in rows])) for key in KEYS}
              for mode, rows in metrics.items()}
    ratios = tuple(hybrid["S.tp"] / bce["S.tp"] if bce["S.tp"] else float("nan")
                   for bce, hybrid in zip(metrics["bce"], metrics["hybrid"], strict=True))
    return LongRuns(shares, f"recorded, mean of seeds {', '.join(map(str, seeds))}", ratios)


def _seeds(names: set[str], mode: str) -> set[int]:
    start = f"{PAPER_FOLDER}/{mode}-"
    return {int(name.removeprefix(start)) for name in names if name.startswith(start)}


def quoted() -> LongRuns:
    """The means kept in ``book/quoted/bluedisc.yaml``, with their source."""
    path = find_project().book / "quoted" / "bluedisc.yaml"
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))["long_runs"]
    seeds = ", ".join(str(seed) for seed in entry["seeds"])
    return LongRuns({mode: {key: float(entry[mode][key]) for key in KEYS} for mode in MODES},
                    f"quoted, mean of seeds {seeds}; source: {' '.join(entry['source'].split())}")


def paper_metrics(runs: LongRuns) -> dict[str, float]:
    """The number that the claim about long trainings asks for: the smallest ratio over the seeds; empty if quoted."""
    return {"paper.tp_ratio": float(np.min(runs.ratios))} if runs.ratios else {}
