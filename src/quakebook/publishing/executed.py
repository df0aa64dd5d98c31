"""Was this notebook run to its end? Asked after every run and again before a page is made from it."""

from __future__ import annotations

from typing import Any


class UnfinishedNotebook(ValueError):
    """A notebook that was not run, or failed, or does not belong to the present sources."""


def problems(notebook: Any) -> list[str]:
    """What speaks against using an executed notebook; empty when it ran to its end.

    Metadata alone is not trusted: after a timeout or a dead kernel papermill's ``exception`` is null and every cell may
    read "completed", so each code cell must carry a count and no cell an error.
    """
    found = []
    facts = notebook.metadata.get("papermill")
    if not facts:
        found.append("was not run by the batch")
    elif facts.get("exception"):
        found.append("stopped with an exception")
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            if "papermill-error-cell-tag" in cell.metadata.get("tags", []):
                found.append(f"cell {number} marks an error")
            continue
        if cell.source.strip() and cell.get("execution_count") is None:
            found.append(f"cell {number} was not executed")
        found += [f"cell {number} failed: {o.get('ename')}: {o.get('evalue')}"
                  for o in cell.get("outputs", []) if o.output_type == "error"]
    return found


def key_of(notebook: Any) -> str | None:
    """Dependency key under which the notebook was run (see `quakebook.publishing.plan`)."""
    return notebook.metadata.get("quakebook", {}).get("key")
