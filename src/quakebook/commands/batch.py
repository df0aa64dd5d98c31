"""Verbs over the batch of notebooks: list, reproduce, scoreboard."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from .chapters import CHAPTERS
from .parsers import add, add_preset, duration


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    sub = add(verbs, "list", show_list, "list chapters, their notebooks and what they cost",
              "quakebook list --preset paper")
    add_preset(sub)
    sub = add(verbs, "reproduce", reproduce, "run the notebooks of chapters and judge their claims",
              "quakebook reproduce bluedisc --preset quick -j 2")
    sub.add_argument("paper", nargs="*", metavar="PAPER", help="chapters or single notebooks (default: all)")
    add_preset(sub)
    sub.add_argument("-j", "--jobs", type=_positive, default=1, help="notebooks at a time (default: 1)")
    sub.add_argument("--dry-run", action="store_true", help="say what would run, and run nothing")
    sub = add(verbs, "scoreboard", show_scoreboard, "print every claim with our number and the verdict",
              "quakebook scoreboard bluedisc")
    sub.add_argument("paper", nargs="*", metavar="PAPER", help="chapters (default: all that have claims)")
    add_preset(sub)


def show_list(args: argparse.Namespace) -> int:
    """Chapters, their notebooks with the state of the last run, and the cost of running them."""
    from quakebook.project import find_project
    from quakebook.publishing.plan import plan

    for name, text in CHAPTERS.items():
        print(f"{name:<11}{text}")
    print(f"\nnotebooks at the preset {args.preset} (seconds on one core):")
    for job in plan(find_project(), args.preset):
        print(f"  {job.name:<42}{job.cost_s:>7.0f}   {_state(job)}")
    return 0


def reproduce(args: argparse.Namespace) -> int:
    """Bring the chosen notebooks up to date, then print the scoreboard; 3 when a claim is outside its tolerance."""
    from quakebook.project import find_project
    from quakebook.publishing import batch
    from quakebook.publishing.plan import plan

    project = find_project()
    jobs = plan(project, args.preset, args.paper)
    due = [job for job in jobs if job.state()]
    cost = sum(job.cost_s for job in due)
    unit = "one GPU" if args.preset == "paper" else "one core"
    print(f"{len(due)} of {len(jobs)} notebooks to run at the preset {args.preset}; about {duration(cost)} on {unit}, "
          f"{duration(cost / min(args.jobs, max(1, len(due))))} with -j {args.jobs}", flush=True)
    if args.dry_run:
        print(*(f"  {job.name:<42}{_state(job)}" for job in jobs), sep="\n")
        return 0
    outcome = batch.run(project, args.preset, args.paper, workers=args.jobs, say=lambda line: print(line, flush=True))
    papers = sorted({job.entry.paper for job in jobs if not job.entry.last})
    status = _print_scoreboard([p for p in papers if p in _with_claims(project)], args.preset)
    print(f"executed notebooks: {project.executed(args.preset)}")
    if not outcome.ok:
        print(f"failed: {', '.join(outcome.failed)}", file=sys.stderr)
        return 1
    return status


def show_scoreboard(args: argparse.Namespace) -> int:
    """Print the scoreboard; 3 when a claim is outside its tolerance."""
    return _print_scoreboard(args.paper or None, args.preset)


def _print_scoreboard(papers: list[str] | None, preset: str) -> int:
    from quakebook.project import find_project
    from quakebook.publishing.scoreboard import number, ours, scoreboard
    from quakebook.publishing.verdicts import ALL, GROUPS, OUTSIDE

    project = find_project()
    judged = scoreboard(papers, project=project, folder=project.results(preset))
    if preset == "smoke":
        print("the numbers of a smoke run mean nothing and are not judged")
    for item in judged:
        claim = item.claim
        paper = "our check" if claim.ours else f"paper {number(claim.published):>8}"
        print(f"{item.verdict:<18} {claim.id:<44} {paper:<14}  ours {ours(item):>8}  ({claim.bounds}; {item.data})")
    for group in GROUPS:
        verdicts = [item.verdict for item in judged if item.group == group]
        counts = ", ".join(f"{verdicts.count(word)} {word}" for word in ALL if word in verdicts)
        print(f"{group + ':':<21} {counts or 'none'}")
    return 3 if any(item.verdict in OUTSIDE for item in judged) else 0


def _with_claims(project: Any) -> list[str]:
    from quakebook.publishing.claim_file import papers

    return papers(project)


def _state(job: Any) -> str:
    return "; ".join(job.state()) or "up to date"


def _positive(word: str) -> int:
    value = int(word)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1; found {word}")
    return value
