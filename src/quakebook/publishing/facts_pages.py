"""The facts of recorded results as pages: what made each of them, without a network and without opening a file."""

from __future__ import annotations

import json
from html import escape
from pathlib import PurePosixPath
from typing import Any

from quakebook.project import Project

from .reports import recorded_files
from .source_pages import STYLE

FOLDER = PurePosixPath("book/_assets/facts")
#: Numbers and long lists are results, not facts; they are shown on the chapter's pages.
RESULTS = ("metrics", "scores", "history", "curves", "arrays")
LONGEST = 600


def page(paper: str, project: Project) -> tuple[PurePosixPath, bytes]:
    """One page for the recorded results of a chapter."""
    parts = []
    for path in recorded_files(paper, project):
        if path.suffix == ".json":
            facts = json.loads(path.read_text(encoding="utf-8"))
            name = path.relative_to(project.recorded).with_suffix("").as_posix()
            parts.append(f'<h2 id="{escape(name)}">{escape(name)}</h2>{_table(facts)}')
    text = (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Recorded results: {paper}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}'
            "th{text-align:left;vertical-align:top;padding-right:1em}td{overflow-wrap:anywhere}</style></head>"
            f"<body><main><h1>Recorded results: {paper}</h1>{''.join(parts) or '<p>None.</p>'}</main></body></html>\n")
    return FOLDER / f"{paper}.html", text.encode()


def _table(facts: Any) -> str:
    if not isinstance(facts, dict):
        return "<p>No facts.</p>"
    rows = [(key, _words(value)) for key, value in facts.items() if key not in RESULTS]
    return "<table>" + "".join(f'<tr><th scope="row">{escape(str(key))}</th><td>{escape(text)}</td></tr>'
                               for key, text in rows if text) + "</table>"


def _words(value: Any) -> str:
    """A fact as text; empty for a path of the machine that made it and for what is too long to be a fact."""
    if isinstance(value, str) and value.startswith("/"):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST and '"/' not in text else ""
