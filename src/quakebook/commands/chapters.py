"""Chapters by name, and what every chapter offers under the same names."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

CHAPTERS = {
    "bluedisc": "phase picking: amplitude suppression and how an adversarial critic breaks it",
    "magnitude": "six magnitude and phase networks, and what amplitude normalisation costs",
    "bugfinv": "elastic inversion by Bayesian fusion of task gradients",
}


class UsageError(ValueError):
    """The command line names something that does not exist."""


def chapter(name: str) -> ModuleType:
    """A chapter's package, with ``config``, ``train``, ``evaluate``, ``figures`` and ``PRESETS``."""
    if name not in CHAPTERS:
        raise UsageError(f"no chapter {name!r}; there are {', '.join(CHAPTERS)}")
    return import_module(f"quakebook.{name}")


def open_run(word: str):
    """A run by its folder, or by (the beginning of) its identity."""
    from quakebook.training.runs import Run

    return Run.open(word)
