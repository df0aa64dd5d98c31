"""Shared pieces of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

PRESETS = ("smoke", "quick", "paper")


def add(verbs: argparse._SubParsersAction, name: str, work: Callable[[argparse.Namespace], int], text: str,
        example: str) -> argparse.ArgumentParser:
    """Add one verb with its help text and an example."""
    sub = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", epilog=f"example: {example}",
                           formatter_class=argparse.RawDescriptionHelpFormatter)
    sub.set_defaults(work=work)
    return sub


def parse(top: argparse.ArgumentParser, words: Sequence[str]) -> argparse.Namespace:
    """Like ``top.parse_args``, but words of a list may also stand behind options: ``train bluedisc --seed 3 a=1``."""
    args, rest = top.parse_known_args(words)
    name = next((name for name in ("settings", "names", "paper") if isinstance(getattr(args, name, None), list)), None)
    if rest and (name is None or any(word.startswith("-") for word in rest)):
        top.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        getattr(args, name).extend(rest)
    return args


def add_preset(sub: argparse.ArgumentParser, default: str | None = "quick") -> None:
    sub.add_argument("--preset", default=default, choices=PRESETS,
                     help="smoke: does it run; quick: minutes on two cores; paper: the published settings "
                          f"(default: {default or 'paper'})")


def duration(seconds: float) -> str:
    """"40 s", "7 min" or "3.5 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
