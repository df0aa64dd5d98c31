"""Flags and types that several commands share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date

BOX_DEG = {"min_latitude": 32.0, "max_latitude": 42.0, "min_longitude": -125.0, "max_longitude": -114.0}
FORMATS = ("parquet", "csv", "json")


def run(name: str, text: str, flags: Callable, work: Callable, argv: Sequence[str] | None) -> int:
    """Parse and work as a program of its own; errors of data become one line and status 1."""
    from quakebook.data.errors import DataError

    parser = argparse.ArgumentParser(prog=name, description=text)
    flags(parser)
    try:
        return work(parser.parse_args(argv))
    except DataError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1


def day(text: str) -> date:
    """A date, for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2022-01-02") from None


def count(text: str) -> int:
    """A whole number from 1, for argparse."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def box_flags(parser: argparse.ArgumentParser, defaults: dict[str, float] | None) -> None:
    """Flags for a box of latitudes and longitudes."""
    for name in BOX_DEG:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=defaults and defaults[name],
                            metavar="DEG")


def box_of(args: argparse.Namespace) -> tuple[float, float, float, float] | None:
    """South, north, west, east; None where no side is given."""
    values = [getattr(args, name) for name in BOX_DEG]
    if all(value is None for value in values):
        return None
    limits = (-90.0, 90.0, -180.0, 180.0)
    return tuple(limit if value is None else value for value, limit in zip(values, limits, strict=True))
