"""Notebook pairs: the ``.py`` is written by hand, the ``.ipynb`` beside it follows and is kept without outputs.

    python -m quakebook.publishing.pairs update|strip|check [notebooks/x.py ...]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from quakebook.project import find_project
from quakebook.training.files import write_atomic


def update(source: Path) -> bool:
    """Write the ``.ipynb`` from the ``.py``, keeping the ids of cells that stayed; True when it changed.

    Never the other way: which of the two is newer cannot be told from file times after a checkout.
    """
    import jupytext
    from jupytext.cli import jupytext as command

    if not faults(source):
        return False
    target = source.with_suffix(".ipynb")
    before = target.read_bytes() if target.is_file() else b""
    command(["--quiet", "--to", "ipynb", *(["--update"] if before else []), str(source)])
    _write(strip(jupytext.read(target)), target)
    return target.read_bytes() != before


def strip(notebook: Any) -> Any:
    """Drop outputs, execution counts and widget states."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("widgets", None)
    return notebook


def faults(source: Path) -> list[str]:
    """How a pair differs from what it should be; empty when `source` and its ``.ipynb`` agree and hold no outputs."""
    import jupytext

    target = source.with_suffix(".ipynb")
    if not target.is_file():
        return [f"{source}: has no {target.name}; make pairs writes it"]
    notebook = jupytext.read(target)
    found = []
    if _cells(jupytext.read(source)) != _cells(notebook):
        found.append(f"{source}: differs from {target.name}; make pairs writes it anew")
    if any(c.cell_type == "code" and (c.outputs or c.execution_count) for c in notebook.cells):
        found.append(f"{target}: holds outputs; make strip drops them")
    return found


def _cells(notebook: Any) -> list[tuple[str, str, dict]]:
    return [(c.cell_type, c.source, dict(c.metadata)) for c in notebook.cells]


def _write(notebook: Any, target: Path) -> bool:
    import nbformat

    text = nbformat.writes(notebook)
    text = text if text.endswith("\n") else text + "\n"
    if target.read_text(encoding="utf-8") == text:
        return False
    write_atomic(target, text)
    return True


def main(argv: list[str] | None = None) -> int:
    """Update, strip or check every pair (all of the project by default)."""
    import jupytext

    parser = argparse.ArgumentParser(prog="python -m quakebook.publishing.pairs", description=__doc__.split("\n")[0])
    parser.add_argument("verb", choices=("update", "strip", "check"))
    parser.add_argument("sources", nargs="*", type=Path)
    args = parser.parse_args(argv)
    sources = args.sources or sorted(find_project().notebooks.rglob("*.py"))
    found: list[str] = []
    for source in sources:
        if args.verb == "check":
            found += faults(source)
        elif args.verb == "update":
            if update(source):
                print(f"wrote {source.with_suffix('.ipynb')}")
        else:
            target = source.with_suffix(".ipynb")
            if target.is_file() and _write(strip(jupytext.read(target)), target):
                print(f"stripped {target}")
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
