"""Numbers of finished trainings that answer the claims about long runs: a BCE and a hybrid run, kept as a record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from quakebook.bluedisc.api import settings_of
from quakebook.bluedisc.data.splits import is_synthetic
from quakebook.bluedisc.objective.losses import PUBLISHED_DATA_WEIGHT
from quakebook.bluedisc.settings import BlueDiscConfig
from quakebook.training.recorded import Outcome, keep

if TYPE_CHECKING:
    from quakebook.training.runs import Run

#: What a claim about the published recipe asks for at least.
LEAST = {"training.steps": 10_000, "data.batch_size": 100}
FACTS = ("id", "seed", "device", "seconds", "commit", "package", "versions", "finished")


def numbers(bce: Run, hybrid: Run) -> dict[str, float]:
    """``instance.<mode>.S.tp`` and the like for runs on INSTANCE, ``paper.tp_ratio`` for synthetic ones.

    Means over the last validations of each run, percent of the S labels.

    Raises
    ------
    ValueError
        Not a BCE and a hybrid run of the published recipe on the same data.
    """
    runs = {"bce": bce, "hybrid": hybrid}
    settings = {mode: settings_of(run) for mode, run in runs.items()}
    for mode, found in settings.items():
        _expect(mode, found)
    if settings["bce"].data != settings["hybrid"].data:
        raise ValueError(f"both runs must have the same data; found {settings['bce'].data} and "
                         f"{settings['hybrid'].data}")
    shares = {f"{mode}.S.{key}": run.record["metrics"][f"S.{key}"]
              for mode, run in runs.items() for key in ("tp", "below", "precise", "precision")}
    prefix = "paper" if is_synthetic(settings["bce"].data.name) else "instance"
    ratio = shares["hybrid.S.tp"] / shares["bce.S.tp"] if shares["bce.S.tp"] else float("nan")
    return {f"{prefix}.{key}": value for key, value in shares.items()} | {f"{prefix}.tp_ratio": ratio}


def _expect(mode: str, settings: BlueDiscConfig) -> None:
    found = {"training.steps": settings.training.steps, "data.batch_size": settings.data.batch_size}
    short = [f"{key} of at least {least:,} (found {found[key]:,})"
             for key, least in LEAST.items() if found[key] < least]
    if settings.objective.mode != mode:
        short.append(f"objective.mode {mode} (found {settings.objective.mode})")
    if mode == "hybrid" and settings.objective.data_weight != PUBLISHED_DATA_WEIGHT:
        short.append(f"objective.data_weight {PUBLISHED_DATA_WEIGHT:g} (found {settings.objective.data_weight:g})")
    if settings.objective.label != "N":
        short.append(f"objective.label N (found {settings.objective.label})")
    if not is_synthetic(settings.data.name) and not settings.data.name.startswith("Instance"):
        short.append(f"INSTANCE or synthetic records (found {settings.data.name})")
    if short:
        raise ValueError(f"the claims ask for a {mode} run with {'; '.join(short)}")


def write(bce: Run, hybrid: Run, where: Path | None = None) -> Path:
    """Keep the numbers in ``book/recorded/bluedisc``, where the claims and the results page find them."""
    settings = {mode: settings_of(run) for mode, run in (("bce", bce), ("hybrid", hybrid))}
    data = settings["bce"].data.name
    facts = {"data": "synthetic" if is_synthetic(data) else "real", "setting": data,
             "seeds": [bce.record.get("seed"), hybrid.record.get("seed")],
             "runs": {mode: {key: run.record.get(key) for key in FACTS}
                      for mode, run in (("bce", bce), ("hybrid", hybrid))}}
    return keep("bluedisc", f"long-{bce.id[:8]}-{hybrid.id[:8]}",
                Outcome(numbers(bce, hybrid), {}, settings, [bce, hybrid], facts), where,
                command=f"quakebook bluedisc report --run-id {bce.id} --run-id2 {hybrid.id}",
                function="quakebook.bluedisc.recorded.long_runs:numbers",
                seconds=sum(run.record.get("seconds") or 0.0 for run in (bce, hybrid)))
