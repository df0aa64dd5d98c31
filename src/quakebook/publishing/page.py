"""An executed notebook as the book shows it: what we found on top, sources under each figure, facts at the foot."""

from __future__ import annotations

import ast
import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

from quakebook.plots import phone

from . import empty_figures, provenance
from .ink import INK, is_ink, smaller
from .static_explorers import Assets, convert

#: Where the layouts for phones lie in the staged tree.
SECOND = PurePosixPath("book/_assets/second")


def dress(executed: Path, name: str, preset: str, assets: Assets, found: Iterable[str] = ()) -> tuple[bytes, set[str]]:
    """Everything that changes between running a notebook and showing it.

    Parameters
    ----------
    executed : Path
    name : str
        As in ``profiles.yml``.
    preset : str
    assets : Assets
        Receives the pictures of explorers and films.
    found : iterable of str
        Headlines that stand under the title, as Markdown.

    Returns
    -------
    bytes, set of str
        The notebook, and the modules of this package that it links to.
    """
    import nbformat

    notebook = nbformat.read(executed, as_version=4)
    foot = footer(notebook, preset)
    empty_figures.drop(notebook)
    merge_parameters(notebook)
    convert(notebook, assets)
    mark_ink(notebook)
    take_second_layouts(notebook, assets)
    modules = provenance.add_lines(notebook, name, preset, assets.depth)
    add_found(notebook, found)
    notebook.cells.append(_markdown(foot, "page-facts"))
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)  # times of day would make every page new
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("papermill", None)
    return nbformat.writes(notebook).encode(), modules


def merge_parameters(notebook: Any) -> None:
    """Write the values that the runner injected into the visible parameters cell, and drop the injected one."""
    injected = [c for c in notebook.cells if "injected-parameters" in c.metadata.get("tags", [])]
    cells = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if not injected:
        return
    values = {target.id: ast.unparse(node.value) for node in ast.parse(injected[-1].source).body
              if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
    for cell in cells:
        cell.source = _with_values(cell.source, values)
    notebook.cells = [c for c in notebook.cells if c not in injected]


def _with_values(source: str, values: dict[str, str]) -> str:
    """The source with the values of its assignments exchanged; comments and annotations stay."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        name, value = _assigned(node)
        if name not in values or value.lineno != value.end_lineno or ast.unparse(value) == values[name]:
            continue
        row = lines[value.lineno - 1].encode()
        new = values[name].replace("'", '"').encode()
        lines[value.lineno - 1] = (row[:value.col_offset] + new + row[value.end_col_offset:]).decode()
    return "\n".join(lines)


def _assigned(node: ast.stmt) -> tuple[str, Any]:
    """Name and value of an assignment to one name; an empty name for anything else."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    value = getattr(node, "value", None)
    return (targets[0].id, value) if isinstance(targets[0], ast.Name) and value is not None else ("", None)


def mark_ink(notebook: Any) -> None:
    """Make pictures smaller, and mark drawings on white paper; coloured images are not turned on a dark page."""
    for cell in notebook.cells:
        pictures = [o.data for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        content = [base64.b64decode(data["image/png"]) for data in pictures]
        for data, picture in zip(pictures, content, strict=True):
            data["image/png"] = base64.b64encode(smaller(picture)).decode()
        scales = any(o.get("metadata", {}).get(phone.NOTE, {}).get("coloured") for o in cell.get("outputs", []))
        if content and not scales and all(is_ink(picture) for picture in content):
            image = cell.metadata.setdefault("mystnb", {}).setdefault("image", {})
            image["classes"] = " ".join([*image.get("classes", "").split(), INK])


def take_second_layouts(notebook: Any, assets: Assets) -> None:
    """Put each figure's layout for phones beside it, under the name that its picture gets on the page.

    A figure without one whose text is too small for a phone is marked: it keeps a readable width and scrolls.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data, note = output.get("data", {}), output.get("metadata", {}).pop(phone.NOTE, None)
            second = data.pop(phone.MIME, None)
            if second is not None and "image/png" in data:
                name = hashlib.sha256(base64.b64decode(data["image/png"])).hexdigest()
                assets.files[SECOND / f"{name}.png"] = smaller(base64.b64decode(second))
                _tell_of_sides(cell)
            elif note and note["text_px"] < phone.READABLE_PX:
                image = cell.metadata.setdefault("mystnb", {}).setdefault("image", {})
                image["classes"] = " ".join([*image.get("classes", "").split(), "qb-wide"])


def _tell_of_sides(cell: Any) -> None:
    """Where a caption speaks of left and right, say on a phone where these stand there."""
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    if re.search(r"\b[Ll]eft\b", figure.get("caption", "")):
        figure["caption"] += ' <span class="qb-narrow">On this screen what is said to be left stands above.</span>'


def add_found(notebook: Any, found: Iterable[str]) -> None:
    """Put the headlines of a page right under its title."""
    text = "\n\n".join(f'<div class="qb-found">\n\n**What we found.** {line}\n\n</div>' for line in found)
    cell = next((c for c in notebook.cells if c.cell_type == "markdown" and "# " in c.source), None)
    if text and cell is not None:
        lines = cell.source.splitlines()
        title = next(i for i, line in enumerate(lines) if line.startswith("# "))
        cell.source = "\n".join([*lines[: title + 1], "", text, "", *lines[title + 1:]])


def footer(notebook: Any, preset: str) -> str:
    """How the page was made, and where words are explained."""
    note, seconds = notebook.metadata.get("quakebook", {}), notebook.metadata.get("papermill", {}).get("duration")
    facts = [f"preset {preset}"]
    if note.get("commit"):
        facts.insert(0, f"commit {note['commit']}")
    if seconds is not None:
        facts.append(f"{seconds:.0f} s")
    if note.get("machine"):
        facts.append(f"on {note['machine']}")
    return (f'<p class="qb-facts">This page ran at {escape(", ".join(facts))}.</p>\n\n'
            "Words are explained in the {doc}`glossary </book/glossary>`, papers in the {doc}`references "
            "</book/references>`; all verdicts stand under {doc}`results </notebooks/results>`.")


def _markdown(text: str, id_: str) -> Any:
    from nbformat.v4 import new_markdown_cell

    cell = new_markdown_cell(text)
    cell["id"] = id_
    return cell
