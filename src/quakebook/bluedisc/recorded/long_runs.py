"""Numbers of finished trainings that answer the claims about long runs: a BCE and a hybrid run, kept as a record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.bluedisc.api import settings_of
from quakebook.bluedisc.data.splits import is_synthetic
from quakebook.bluedisc.settings import BlueDiscConfig, config
from quakebook.training.config import to_dict
from quakebook.training.recorded import Outcome, keep

if TYPE_CHECKING:
    from quakebook.training.runs import Run

#: Settings that the paper does not print, or that change no trained weight; all others must be the published ones.
FREE = ("data.name", "data.records", "data.dev_records", "data.seed", "objective.published_statistics",
        "evaluation.last", "evaluation.windows_before", "evaluation.batch_size", "evaluation.followed",
        "evaluation.follow_every", "training.seed", "training.threads", "training.device", "training.devices",
        "training.num_nodes", "training.strategy", "training.compile", "training.capture", "training.deterministic",
        "training.checkpoint_every", "training.validate_every", "training.log_every", "training.tracker",
        "training.progress")
#: Settings that a mode does not use.
UNUSED = {"bce": ("objective.data_weight", "objective.gan_weight", "optimiser.discriminator_lr")}
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
    for mode, wanted in settings.items():
        _expect(mode, wanted)
    if settings["bce"].data != settings["hybrid"].data:
        raise ValueError(f"both runs must have the same data; found {settings['bce'].data} and "
                         f"{settings['hybrid'].data}")
    shares = {f"{mode}.S.{key}": run.record["metrics"][f"S.{key}"]
              for mode, run in runs.items() for key in ("tp", "below", "precise", "precision")}
    shares |= {f"{mode}.S.{key}_count": round(shares[f"{mode}.S.{key}"] * run.record["metrics"]["S.label_count"] / 100)
               for mode, run in runs.items() for key in ("tp", "below")}
    shares["S.label_count"] = runs["bce"].record["metrics"]["S.label_count"]
    prefix = "paper" if is_synthetic(settings["bce"].data.name) else "instance"
    ratio = shares["hybrid.S.tp"] / shares["bce.S.tp"] if shares["bce.S.tp"] else float("nan")
    return {f"{prefix}.{key}": value for key, value in shares.items()} | {f"{prefix}.tp_ratio": ratio}


def differences(mode: str, settings: BlueDiscConfig) -> dict[str, tuple[Any, Any]]:
    """Published settings that a run does not have, by key: (published, found)."""
    published, found = (_leaves(to_dict(one)) for one in (config(f"objective.mode={mode}"), settings))
    free = {*FREE, *UNUSED.get(mode, ())}
    if not is_synthetic(settings.data.name):
        free -= {"data.records", "data.dev_records"}  # of a real set, all of it
        published |= {"data.records": 0, "data.dev_records": 0}
    if found["training.clip_norm"] == 0:  # switched off, as published
        free.add("training.clip_norm")
    return {key: (value, found[key]) for key, value in published.items() if key not in free and found[key] != value}


def _leaves(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        leaves |= _leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return leaves


def _expect(mode: str, settings: BlueDiscConfig) -> None:
    wrong = [f"{key} {value} (found {other})" for key, (value, other) in differences(mode, settings).items()]
    if not is_synthetic(settings.data.name) and not settings.data.name.startswith("Instance"):
        wrong.append(f"INSTANCE or synthetic records (found {settings.data.name})")
    if wrong:
        raise ValueError(f"the claims ask for a {mode} run with {'; '.join(wrong)}")


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
