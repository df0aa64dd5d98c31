"""Verbs over single trainings: train, evaluate, figures."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .chapters import CHAPTERS, UsageError, chapter, open_run
from .parsers import add, add_preset


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    sub = add(verbs, "train", train, "train a chapter's model; the same settings again return the finished run",
              "quakebook train bluedisc preset=quick training.seed=1")
    sub.add_argument("paper", metavar="PAPER", help=", ".join(CHAPTERS))
    sub.add_argument("settings", nargs="*", metavar="key=value", help="settings, for example training.steps=500")
    add_preset(sub, default=None)
    sub.add_argument("--seed", type=int, help="the same as training.seed=SEED")
    sub.add_argument("--dry-run", action="store_true", help="print the whole configuration and stop")
    sub = add(verbs, "evaluate", evaluate, "evaluate a finished run",
              "quakebook evaluate runs/bluedisc/<run>")
    sub.add_argument("run", metavar="RUN", help="folder or identity of a run")
    sub = add(verbs, "figures", figures, "draw every figure of a finished run",
              "quakebook figures runs/bluedisc/<run> --format pdf")
    sub.add_argument("run", metavar="RUN", help="folder or identity of a run")
    sub.add_argument("--out", type=Path, help="folder for the files (default: figures/ in the run)")
    sub.add_argument("--format", default="png", choices=("png", "svg", "pdf"))


def split_preset(settings: list[str], flag: str | None = None, seed: int | None = None) -> tuple[str, list[str]]:
    """Take ``preset=...`` out of the settings; "paper" when neither the settings nor the flag name one."""
    for word in settings:
        if "=" not in word:
            raise UsageError(f"settings are written key=value; found {word!r}")
    named = [word.partition("=")[2] for word in settings if word.startswith("preset=")]
    if len({*named, *([flag] if flag else [])}) > 1:
        raise UsageError(f"one preset, please; found {', '.join([*named, flag or ''])}")
    rest = [word for word in settings if not word.startswith("preset=")]
    if seed is not None:
        rest.append(f"training.seed={seed}")
    return (named[0] if named else flag or "paper"), rest


def train(args: argparse.Namespace) -> int:
    """Compose the configuration, say what it will cost, train, and print the metrics and the folder."""
    package = chapter(args.paper)
    preset, settings = split_preset(args.settings, args.preset, args.seed)
    config = package.config(*settings, preset=preset)
    if args.dry_run:
        from quakebook.training.config import to_yaml

        print(to_yaml(config), end="")
        return 0
    print(f"{args.paper}: preset {preset}, {cost(config)}; Ctrl-C stops, the same command goes on", flush=True)
    run = package.train(config)
    print_metrics(run.record.get("metrics", {}))
    print(run.path)
    return 0


def cost(config: Any) -> str:
    """What a training asks for, from its configuration."""
    training = config.training
    return f"{training.steps} steps, device {training.device}, {training.threads} thread(s), seed {training.seed}"


def evaluate(args: argparse.Namespace) -> int:
    """Print the metrics of a finished run, evaluated anew."""
    run = open_run(args.run)
    print_metrics(chapter(run.paper).evaluate(run))
    print(run.path)
    return 0


def figures(args: argparse.Namespace) -> int:
    """Save every figure of a run with its provenance, and print the files."""
    from importlib import import_module

    from quakebook import plots

    run = open_run(args.run)
    chapter(run.paper)
    drawn = import_module(f"quakebook.{run.paper}.figures").all_figures(run)
    folder = args.out or Path(run.path) / "figures"
    for name, figure in drawn.items():
        print(plots.save(figure, folder / f"{name}.{args.format}", run=run,
                         seed=run.config.get("training", {}).get("seed")))
    return 0


def print_metrics(metrics: Mapping[str, float]) -> None:
    """One metric a line, sorted by name."""
    for name in sorted(metrics):
        value = metrics[name]
        print(f"{name:<48}{value:>14.6g}" if isinstance(value, (int, float)) else f"{name:<48}{value!s:>14}")
