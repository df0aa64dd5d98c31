"""Chapters by name, and what every chapter offers under the same names."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType

from quakebook.exits import UsageError

__all__ = ["CHAPTERS", "UsageError", "chapter", "open_run", "package_of"]

#: Order of the chapters in lists and in the book; others follow by name.
ORDER = ("bluedisc", "magnitude", "bugfinv", "uvcgan_s", "gp2vec")


def _chapters() -> dict[str, str]:
    """Packages with an ``api.py``, and the first line of their docstring; nothing is imported."""
    root = Path(__file__).resolve().parents[1]
    names = sorted((path.parent.name for path in root.glob("*/api.py")),
                   key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    texts = (ast.get_docstring(ast.parse((root / name / "__init__.py").read_text(encoding="utf-8"))) for name in names)
    return {name: (text or "").split("\n")[0].rstrip(".") for name, text in zip(names, texts, strict=True)}


#: Chapter -> what it is about.
CHAPTERS = _chapters()


def chapter(name: str) -> ModuleType:
    """A chapter's package, with ``config``, ``train``, ``evaluate``, ``figures`` and ``PRESETS``."""
    if package_of(name) not in CHAPTERS:
        raise UsageError(f"no chapter {name!r}; there are {', '.join(CHAPTERS)}")
    return import_module(f"quakebook.{package_of(name)}")


def package_of(word: str) -> str:
    """The package of a chapter as it is typed: ``uvcgan-s`` is ``uvcgan_s``."""
    return word.replace("-", "_")


def open_run(word: str):
    """A run by its folder, or by (the beginning of) its identity."""
    from quakebook.training.runs import Run

    return Run.open(word)
