"""The verb ``quakebook record``: make the recorded results of a chapter that are missing."""

from __future__ import annotations

import argparse
from pathlib import Path

from .chapters import CHAPTERS, chapter, package_of
from .parsers import add, duration


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    sub = add(verbs, "record", record, "make the recorded results of a chapter that are missing; resumable",
              "quakebook record bluedisc 'sweep/*' --list")
    sub.add_argument("paper", metavar="CHAPTER", help=", ".join(CHAPTERS))
    sub.add_argument("names", nargs="*", metavar="NAME", help="results or patterns such as 'sweep/*' (default: all)")
    sub.add_argument("--list", action="store_true", help="show what is recorded and what is missing, and stop")
    sub.add_argument("--folder", type=Path, metavar="DIR", help="default: book/recorded/CHAPTER")
    sub.add_argument("--force", action="store_true", help="make the chosen results again, also those that are there")


def record(args: argparse.Namespace) -> int:
    """Make what is missing, one result after the other; 1 when one of them failed."""
    from quakebook.training import recorded

    chapter(args.paper)
    paper = package_of(args.paper)
    entries = recorded.chosen(recorded.plan(paper), args.names)
    states = {entry.name: recorded.state(paper, entry.name, args.folder) for entry in entries}
    if args.list:
        for entry in entries:
            cost = "" if entry.cost_s is None else duration(entry.cost_s)
            print(f"{entry.name:<44}{cost:>9}   {states[entry.name]}")
        return 0
    due = [entry for entry in entries if args.force or states[entry.name] != "recorded"]
    cost = sum(entry.cost_s or 0 for entry in due)
    print(f"{len(due)} of {len(entries)} results to make" + (f", about {duration(cost)} on one core" if cost else "")
          + "; Ctrl-C stops, the same command goes on", flush=True)
    failed = recorded.record(paper, [entry.name for entry in due], args.folder, args.force,
                             say=lambda line: print(line, flush=True)) if due else []
    print(f"{len(due) - len(failed)} made" + (f", failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0
