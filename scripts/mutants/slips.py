"""Places where a slip of the pen would still run: each with the text before and after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nodes import variants

#: Calls whose arguments are words for people, and keywords that carry none of the results.
TOLD = {"print", "warn", "debug", "info", "warning", "error", "log", "attach", "attach_stub", "add_parser"}
SILENT = {"help", "metavar", "indent", "encoding", "errors", "timeout", "stacklevel", "maxsize", "figsize", "dpi",
          "fontsize", "exist_ok", "parents", "missing_ok", "check", "text", "capture_output", "frozen",
          "kw_only", "slots", "repr",
          "strict"}  # of zip: an assertion about the code itself, like `assert`
#: Folders of drawings, where a constant is a look (a size, a shade) and not a result.
LOOKS = ("figures", "plots")


@dataclass(frozen=True)
class Slip:
    """One change: characters `start` to `end` of the file `path` become `after`."""

    path: str
    line: int
    last: int
    start: int
    end: int
    before: str
    after: str
    kind: str

    def applied(self, source: str) -> str:
        """The source with the slip in it."""
        return source[: self.start] + self.after + source[self.end :]


class _Finder:
    """Walks a module and keeps what can be changed; `words` is the f-string that a node stands in."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.source, self.found = path, source, []
        self.lines, self.starts = source.split("\n"), [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def offset(self, line: int, column: int) -> int:
        """Characters before a place; `ast` counts the columns in bytes."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def walk(self, node: ast.AST, words: ast.AST | None = None) -> None:
        words = words or (node if isinstance(node, ast.JoinedStr) else None)
        for parent, slot, child in children(node):
            for changed, kind in variants(child):
                if not (kind in ("constant", "flag") and any(room in self.path.split("/") for room in LOOKS)):
                    self.keep(parent, slot, child, changed, kind, words)
            self.walk(child, words)

    def keep(self, parent, slot, child, changed, kind, words) -> None:
        place = words or child
        if words is None:
            text = ast.unparse(changed)
        else:  # until Python 3.12 the places of nodes within f-strings are wrong: write the whole string anew
            put(parent, slot, changed)
            text = ast.unparse(words)
            put(parent, slot, child)
        if kind in ("power", "dropped call"):
            text = f"({text})"
        start, end = self.offset(place.lineno, place.col_offset), self.offset(place.end_lineno, place.end_col_offset)
        kind = "arithmetic" if kind == "power" else kind
        before = self.source[start:end]
        self.found.append(Slip(self.path, place.lineno, place.end_lineno, start, end, before, text, kind))


def children(node: ast.AST) -> Iterator[tuple[ast.AST, tuple, ast.AST]]:
    """Nodes below `node` that compute something: no type hints, decorators, errors, docstrings or words for people."""
    if isinstance(node, (ast.Raise, ast.Assert, ast.Import, ast.ImportFrom)):
        return
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in TOLD:
        return
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "format_spec", "type_comment"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            silent = isinstance(child, ast.keyword) and child.arg in SILENT
            text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if isinstance(child, ast.AST) and not silent and not text:
                yield node, (field, index), child


def put(parent: ast.AST, slot: tuple, child: ast.AST) -> None:
    """Set the child of a node."""
    field, index = slot
    if index is None:
        setattr(parent, field, child)
    else:
        getattr(parent, field)[index] = child


def slips(path: str, source: str) -> list[Slip]:
    """All slips that can be made in a module, in the order of the text."""
    finder = _Finder(path, source)
    finder.walk(ast.parse(source))
    return sorted(set(finder.found), key=lambda each: (each.start, each.end, each.after))
