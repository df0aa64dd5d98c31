"""The package's source as pages of the book, so that a link to a function works without a network.

``_static/source/<module>.html#L12``: only modules that a page points at are made.
"""

from __future__ import annotations

import ast
import html
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import quakebook

FOLDER = PurePosixPath("book/_assets/source")
STYLE = """:root{color-scheme:light dark}body{margin:1rem auto;max-width:70rem;padding:0 1rem;font-family:sans-serif}
pre{line-height:1.35;overflow-x:auto}a{color:inherit}.line:target{background:#ffe08a;color:#000}
.line::before{content:attr(data-n);display:inline-block;width:3.5em;color:#767676}"""


@dataclass(frozen=True)
class Source:
    """A function or class: where it is defined."""

    module: str
    name: str
    line: int

    @property
    def title(self) -> str:
        """``figures.peaks.scatter``, without the package's and the chapter's name."""
        return ".".join([*self.module.split(".")[2:], self.name]) or self.name

    def address(self, depth: int) -> str:
        """Relative address from a page `depth` folders below the root of the book."""
        return "../" * depth + f"_static/source/{self.module}.html#L{self.line}"


def module_file(module: str) -> Path | None:
    """File of a module of this package, found without importing it; None for any other."""
    first, *rest = module.split(".")
    if first != "quakebook":
        return None
    base = Path(quakebook.__file__).parent.joinpath(*rest)
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@cache
def definitions(path: Path) -> dict[str, int]:
    """Top-level functions and classes of a file, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name: node.lineno for node in tree.body if isinstance(node, kinds)}


def find(dotted: str) -> Source | None:
    """Where ``quakebook.a.b.name`` is defined; looks into a package's modules for a name that it re-exports."""
    module, _, name = dotted.rpartition(".")
    path = module_file(module)
    if path is None or not name:
        return None
    if name in definitions(path):
        return Source(module, name, definitions(path)[name])
    if path.name != "__init__.py":
        return None
    for inner in sorted(path.parent.rglob("*.py")):
        if name in definitions(inner) and f'"{name}"' in path.read_text(encoding="utf-8"):
            parts = inner.relative_to(path.parent).with_suffix("").parts
            return Source(".".join([module, *(p for p in parts if p != "__init__")]), name, definitions(inner)[name])
    return None


def page(module: str) -> tuple[PurePosixPath, bytes]:
    """One module as a page with an anchor on every line."""
    path = module_file(module)
    lines = path.read_text(encoding="utf-8").splitlines()
    body = "\n".join(f'<span class="line" id="L{n}" data-n="{n}">{html.escape(line)}</span>'
                     for n, line in enumerate(lines, start=1))
    text = (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{module}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
            f'<body><main><h1>{module}</h1><pre tabindex="0">{body}</pre></main></body></html>\n')
    return FOLDER / f"{module}.html", text.encode()
