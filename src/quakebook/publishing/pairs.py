"""Notebook pairs: a ``.py`` and the ``.ipynb`` beside it say the same, and the ``.ipynb`` is kept without outputs.

    python -m quakebook.publishing.pairs update|strip|check [notebooks/x.py ...]

Either of the two may be edited. Which one was is told from a hash of the cells that `update` keeps in the ``.ipynb``
(times of files mean nothing after a checkout), or from the last commit. Where both were edited, both stay.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from quakebook.project import find_project
from quakebook.training.files import RunError, write_atomic

NOTE = "quakebook_pair"  # metadata of the .ipynb: hash of the cells when both last agreed
BOTH = ("{source}: {source.name} and {target.name} were both edited; both are kept. Bring the edits of one into the "
        "other, or remove the one to be dropped, and run make pairs")


def update(source: Path) -> Path | None:
    """Bring the side that was not edited up to date, keeping the ids of cells that stayed.

    Returns
    -------
    Path or None
        The file that was written; None when nothing had to be, or when both sides were edited (see `faults`).
    """
    import jupytext

    target = source.with_suffix(".ipynb")
    side = edited(source)
    if side == "both":
        return None
    if side == ".ipynb":
        text = jupytext.writes(strip(jupytext.read(target)), fmt="py:percent")
        write_atomic(source, _header(source.read_text(encoding="utf-8")) + text[len(_header(text)):])
    elif side == ".py":
        _from_script(source, target)
    before = target.read_bytes()
    with suppress(*[] if side else [RunError]):  # in a read-only folder a pair that agrees is good enough
        _write(_noted(strip(jupytext.read(target))), target)
    if side == ".ipynb":
        return source
    return target if side or target.read_bytes() != before else None


def _from_script(source: Path, target: Path) -> None:
    from jupytext.cli import jupytext as command

    command(["--quiet", "--to", "ipynb", *(["--update"] if target.is_file() else []), str(source)])


def _header(text: str) -> str:
    """The commented YAML at the top of a script, which only people change."""
    lines = text.splitlines(keepends=True)
    marks = [number for number, line in enumerate(lines) if line.rstrip() == "# ---"]
    return "".join(lines[: marks[1] + 1]) if len(marks) > 1 and marks[0] == 0 else ""


def edited(source: Path) -> str:
    """Which side of a pair was edited since both agreed: "", ".py", ".ipynb" or "both"."""
    import jupytext

    target = source.with_suffix(".ipynb")
    if not target.is_file():
        return ".py"
    notebook = jupytext.read(target)
    script, cells = _hash(_cells(jupytext.read(source))), _hash(_normal(notebook))
    if script == cells:
        return ""
    agreed = notebook.metadata.get(NOTE) or _committed(target)
    return ".ipynb" if script == agreed else ".py" if cells == agreed else "both"


def _committed(target: Path) -> str | None:
    """Hash of the cells of the last committed ``.ipynb``; None without git."""
    import jupytext

    try:
        done = subprocess.run(["git", "show", f"HEAD:./{target.name}"], cwd=target.parent, capture_output=True,
                              check=True, timeout=10)
        return _hash(_normal(jupytext.reads(done.stdout.decode(), fmt="ipynb")))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _noted(notebook: Any) -> Any:
    notebook.metadata[NOTE] = _hash(_normal(notebook))
    return notebook


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
    side = edited(source)
    if side == "both":
        found.append(BOTH.format(source=source, target=target))
    elif side == ".ipynb":
        found.append(f"{source}: lacks what was edited in {target.name}; make pairs takes it over")
    elif side:
        found.append(f"{source}: differs from {target.name}; make pairs writes it anew")
    if any(c.cell_type == "code" and (c.outputs or c.execution_count) for c in notebook.cells):
        found.append(f"{target}: holds outputs; make strip drops them")
    return found


def _cells(notebook: Any) -> list[tuple[str, str, dict]]:
    return [(c.cell_type, c.source, dict(c.metadata)) for c in notebook.cells]


def _normal(notebook: Any) -> list[tuple[str, str, dict]]:
    """Cells of a notebook as its script would hold them: without what editors leave in the metadata of cells."""
    import jupytext

    return _cells(jupytext.reads(jupytext.writes(notebook, fmt="py:percent"), fmt="py:percent"))


def _hash(cells: list[tuple[str, str, dict]]) -> str:
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:16]


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
            if written := update(source):
                print(f"wrote {written}")
            found += faults(source)
        else:
            target = source.with_suffix(".ipynb")
            if target.is_file() and _write(strip(jupytext.read(target)), target):
                print(f"stripped {target}")
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
