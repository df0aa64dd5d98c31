"""Numbered figures without a picture: what such a cell says stays, its caption and number go.

A page draws a figure from a recorded result where there is one, and says so where there is none. A caption below that
sentence would promise a picture; the same sentence said again in the same section tells nothing new.
"""

from __future__ import annotations

import re
from typing import Any

#: In place of a reference to a figure that is not there.
ABSENT = "a figure that is not recorded here"


def drop(notebook: Any) -> set[str]:
    """Take the figure off every cell that shows none, and references to it off the page; returns the labels dropped."""
    labels: set[str] = set()
    said: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.search("^#+ ", cell.source, re.MULTILINE):
            said.clear()  # a section says it anew
        figure = cell.metadata.get("mystnb", {}).get("figure")
        if cell.cell_type != "code" or not cell.get("outputs") or _pictured(cell):
            continue
        text = _text(cell)
        if figure is not None:
            labels.add(cell.metadata["mystnb"].pop("figure").get("name", ""))
        if text and text in said:
            cell.outputs = []
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "remove-cell"]
        if figure is not None and text:
            said.add(text)
    labels.discard("")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = without(cell.source, labels)
    return labels


def without(text: str, labels: set[str]) -> str:
    """Text whose references to these figures are words."""
    for label in labels:
        text = re.sub(rf"\{{numref\}}`(?:[^`<]*<)?{re.escape(label)}>?`", ABSENT, text)
    return text


def _pictured(cell: Any) -> bool:
    """Whether a cell shows a picture, an explorer or a film."""
    return any(kind.startswith(("image/", "application/vnd.jupyter.widget")) or kind == "text/html"
               for output in cell.outputs for kind in output.get("data", {}))


def _text(cell: Any) -> str:
    """The one sentence that a cell shows as Markdown; empty for anything else."""
    shown = [output.get("data", {}).get("text/markdown", "") for output in cell.outputs]
    return "".join(shown[0]).strip() if len(shown) == 1 else ""
