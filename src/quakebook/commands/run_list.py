"""The verb ``quakebook runs``: which trainings lie here, and how each differs from its preset."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .chapters import CHAPTERS, chapter, package_of
from .parsers import add

if TYPE_CHECKING:
    from quakebook.training.run import Run

STATUSES = ("finished", "running", "failed", "interrupted")


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    sub = add(verbs, "runs", show, "list runs: identity, chapter, status, start, settings that differ from the preset",
              "quakebook runs bluedisc --status failed")
    sub.add_argument("paper", nargs="*", metavar="PAPER", help="chapters (default: all)")
    sub.add_argument("--status", choices=STATUSES, help="only runs with this status")


def show(args: argparse.Namespace) -> int:
    """Print one line a run, the newest last; 1 where a run cannot be read."""
    from quakebook.training.runs import RunError, runs_root

    for paper in args.paper:
        chapter(paper)
    root, papers = runs_root(), {package_of(paper) for paper in args.paper}
    lines, faults = [], []
    for record in sorted(root.glob("*/*/record.json")):
        if papers and record.parent.parent.name not in papers:
            continue
        try:
            run = opened(record.parent)
        except RunError as error:
            faults.append(str(error))
            continue
        if args.status in (None, run.record.get("status")):
            lines.append((run.record.get("started") or "", line(run)))
    print(*[text for _, text in sorted(lines)] or [f"no runs in {root}"], *faults, sep="\n")
    return 1 if faults else 0


def opened(folder: Path) -> Run:
    from quakebook.training.runs import Run

    return Run(folder)


def line(run: Run) -> str:
    """Identity, chapter, status, start, and what differs from the nearest preset."""
    name, changes = nearest_preset(run.paper, run.config)
    said = " ".join(f"{key}={value}" for key, value in changes.items())
    return (f"{run.id:<17} {run.paper:<10} {run.record.get('status', 'empty'):<12}"
            f"{(run.record.get('started') or '')[:16]:<17} {name}{' ' + said if said else ''}")


def nearest_preset(paper: str, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The preset that differs least from `settings`, as ``preset=NAME``, and the settings that differ.

    Settings that the chapter no longer has count as different. Of two equally near presets the published one counts.
    """
    if paper not in CHAPTERS:
        return "", flat(settings)
    from quakebook.training.config import to_dict

    package, own = chapter(paper), flat(settings)
    differences = []
    for preset in ("paper", *[name for name in package.PRESETS if name != "paper"]):
        there = flat(to_dict(package.config(preset=preset)))
        differences.append((preset, {key: value for key, value in own.items() if there.get(key, ...) != value}))
    name, changes = min(differences, key=lambda pair: len(pair[1]))
    return f"preset={name}", changes


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested settings as dotted keys."""
    return dict(_leaves(tree, prefix))


def _leaves(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
