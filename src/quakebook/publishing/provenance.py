"""Under each figure and table of a page: which function drew it, what computed its numbers, and the command.

Read from the notebook's own source, so that no notebook needs to say it and none can say it wrongly: names are followed
from a cell's calls through the assignments of earlier cells to functions of this package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from .source_pages import Source, find

#: Rooms whose functions show something; whatever else a cell calls computes or reads.
DRAWING = ("figures", "pages", "plots")
#: Calls that say nothing of where a number comes from.
SILENT = ("quakebook.publishing.", "quakebook.plots.")
MAXIMUM = 4


@dataclass
class Trail:
    """What earlier cells have bound: names of modules and functions, and the functions behind each variable."""

    imports: dict[str, str] = field(default_factory=dict)
    origins: dict[str, list[str]] = field(default_factory=dict)

    def follow(self, source: str) -> list[str]:
        """Functions behind a cell, its own calls first; remembers what it assigns.

        Of functions that draw, those that the cell calls itself, and only where there are none those behind its
        variables: a figure is not drawn by the figures before it.
        """
        try:
            tree = ast.parse(source)
        except SyntaxError:  # a line for the notebook's shell
            return []
        calls: list[str] = []
        behind: list[str] = []
        for statement in tree.body:
            near, far = self._statement(statement)
            calls, behind = calls + near, behind + far
        if any(draws(name) for name in calls):
            behind = [name for name in behind if not draws(name)]
        return list(dict.fromkeys([*calls, *behind]))

    def _statement(self, statement: ast.stmt) -> tuple[list[str], list[str]]:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            self._import(statement)
            return [], []
        calls, behind = self._behind(statement)
        for name in _bound(statement):
            self.origins[name] = list(dict.fromkeys([*calls, *behind, *self.origins.get(name, [])]))
        return calls, behind

    def _import(self, statement: ast.Import | ast.ImportFrom) -> None:
        for alias in statement.names:
            if isinstance(statement, ast.ImportFrom):
                self.imports[alias.asname or alias.name] = f"{statement.module}.{alias.name}"
            elif alias.asname:
                self.imports[alias.asname] = alias.name
            else:
                self.imports[alias.name.split(".")[0]] = alias.name.split(".")[0]

    def _behind(self, node: ast.AST) -> tuple[list[str], list[str]]:
        """Dotted names of the package's functions in an expression, and those behind its variables."""
        calls, variables = [], []
        for inner in ast.walk(node):
            if isinstance(inner, (ast.Name, ast.Attribute)) and (dotted := self._dotted(inner)):
                calls.append(dotted)
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
                variables += self.origins.get(inner.id, [])
        return calls, variables

    def _dotted(self, node: ast.expr) -> str:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.imports:
            return ""
        dotted = ".".join([self.imports[node.id], *parts])
        return dotted if dotted.startswith("quakebook.") else ""


def _bound(statement: ast.stmt) -> list[str]:
    """Names that a statement binds, also by writing into an item or appending."""
    names = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    for node in ast.walk(statement):
        item = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        grown = isinstance(node, ast.Attribute) and node.attr in ("append", "extend", "update")
        if (item or grown) and isinstance(node.value, ast.Name):
            names.append(node.value.id)
    return names


def draws(dotted: str) -> bool:
    """Whether a function lies in a room that shows things."""
    return bool(set(dotted.split(".")) & set(DRAWING))


@dataclass(frozen=True)
class Provenance:
    """What one figure or table comes from."""

    drawn_by: tuple[Source, ...]
    computed_by: tuple[Source, ...]

    @property
    def recorded(self) -> bool:
        """Whether a recorded result is among the sources."""
        return any(".recorded" in source.module for source in self.computed_by)


def provenance(functions: Iterable[str]) -> Provenance:
    """Sort the functions behind a cell into those that draw and those that compute; unknown names are left out."""
    drawn: list[Source] = []
    computed: list[Source] = []
    for dotted in functions:
        source = None if dotted.startswith(SILENT) else find(dotted)
        if source is None or source.name[0].isupper() and source.name.isupper():
            continue
        (drawn if draws(source.module) else computed).append(source)
    return Provenance(tuple(dict.fromkeys(drawn)), tuple(dict.fromkeys(computed)))


def line(found: Provenance, page: str, preset: str, depth: int) -> str:
    """The quiet line as HTML; empty when nothing is known.

    Parameters
    ----------
    found : Provenance
    page : str
        Name of the notebook as in ``profiles.yml``.
    preset : str
    depth : int
        How many folders the page lies below the root of the book.
    """
    parts = [f"{word} {_links(sources, depth)}" for word, sources in
             (("drawn by", found.drawn_by), ("computed by", found.computed_by)) if sources]
    if not parts:
        return ""
    if found.recorded:
        chapter = _recorded_by(found) or page.split("/")[0]
        facts = "../" * depth + f"_static/facts/{chapter}.html"
        parts.append(f'shows a <a href="{facts}">recorded result</a>, made by '
                     f"<code>quakebook record {escape(chapter)}</code>")
    parts.append(f"again: <code>quakebook reproduce {escape(page)} --preset {escape(preset)}</code>")
    return f'<p class="qb-provenance">{" · ".join(parts)}</p>'


def _recorded_by(found: Provenance) -> str:
    """The chapter whose recorded result is shown; empty where only the shared machinery is among the sources."""
    rooms = [source.module.split(".") for source in found.computed_by]
    return next((room[1] for room in rooms if "recorded" in room[2:] and room[1] != "training"), "")


def _links(sources: tuple[Source, ...], depth: int) -> str:
    links = [f'<a href="{s.address(depth)}"><code>{escape(s.title)}</code></a>' for s in sources[:MAXIMUM]]
    more = len(sources) - MAXIMUM
    return ", ".join(links) + (f" and {more} more" if more > 0 else "")


def add_lines(notebook: Any, page: str, preset: str, depth: int) -> set[str]:
    """Put the line under every figure and table of the notebook; returns the modules that they point at."""
    from nbformat.v4 import new_markdown_cell

    trail, cells, modules = Trail(), [], set()
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        found = provenance(trail.follow(cell.source))
        text = line(found, page, preset, depth) if _shows(cell) else ""
        if text:
            modules |= {s.module for s in (*found.drawn_by[:MAXIMUM], *found.computed_by[:MAXIMUM])}
            extra = new_markdown_cell(text)
            extra["id"] = f"provenance-{len(cells)}"
            cells.append(extra)
    notebook.cells = cells
    return modules


def _shows(cell: Any) -> bool:
    """True for a cell with a picture, an explorer, a film or a table among its outputs."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if any(kind.startswith("image/") for kind in data) or "<figure" in data.get("text/html", ""):
            return True
        if "```{table}" in data.get("text/markdown", ""):
            return True
    return False
