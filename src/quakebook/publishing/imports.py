"""Which quakebook modules a notebook depends on, found by reading import statements; nothing is imported.

A package whose ``__init__`` hands out names on request (``__getattr__``) does not show which module a name comes from;
when such a package is imported itself, all its modules count. Importing a module inside it counts that module alone.
A module named by a string ("quakebook.training.runs") counts as imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

PACKAGE = "quakebook"
ROOT = Path(__file__).resolve().parents[1]
DOTTED = re.compile(rf"{PACKAGE}(\.\w+)+")


def imported_modules(notebook: Any) -> set[str]:
    """Dotted names of quakebook modules that a notebook's code cells import, directly."""
    found: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if not line.lstrip().startswith(("%", "!"))]
            found |= set(_imports(ast.parse("\n".join(lines)), PACKAGE, ROOT))
    return found


def source_files(modules: Iterable[str], root: Path = ROOT) -> list[Path]:
    """Files behind `modules` and everything of the package that they import in turn, sorted.

    Parameters
    ----------
    modules : iterable of str
        Dotted names, for example "quakebook.bluedisc.networks".
    root : Path
        Folder of the package ``quakebook``.

    Returns
    -------
    list of Path
        Python files, and the style sheets and other data that lie beside them.
    """
    files: set[Path] = set()
    waiting, seen = list(modules), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        path = locate(name, root)
        if path is None:
            continue
        files |= {path, *_inits(name, root)}
        files |= {p for p in path.parent.iterdir() if p.is_file() and p.suffix not in (".py", ".pyc")}
        waiting += _file_imports(path, _package(name, path), root, path.stat().st_mtime_ns)
        for init in _inits(name, root):
            waiting += _file_imports(init, _name_of(init, root), root, init.stat().st_mtime_ns)
        if path.name == "__init__.py" and name != PACKAGE and "def __getattr__" in path.read_text(encoding="utf-8"):
            waiting += [_name_of(p, root) for p in path.parent.rglob("*.py")]
    return sorted(files)


def locate(name: str, root: Path = ROOT) -> Path | None:
    """File of a dotted name; None for a name that is no module (a function, say)."""
    stem = root.joinpath(*name.split(".")[1:])
    for path in (stem / "__init__.py", stem.with_suffix(".py")):
        if path.is_file() and name.split(".")[0] == PACKAGE:
            return path
    return None


def _inits(name: str, root: Path) -> Iterator[Path]:
    """``__init__`` files of the packages that hold a module; they run when it is imported."""
    parts = name.split(".")
    for k in range(1, len(parts)):
        path = root.joinpath(*parts[1:k], "__init__.py")
        if path.is_file():
            yield path


def _name_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join([PACKAGE, *(parts[:-1] if parts[-1] == "__init__" else parts)])


def _package(name: str, path: Path) -> str:
    return name if path.name == "__init__.py" else name.rpartition(".")[0]


@lru_cache(maxsize=4096)
def _file_imports(path: Path, package: str, root: Path, changed_ns: int) -> tuple[str, ...]:
    return tuple(_imports(ast.parse(path.read_text(encoding="utf-8"), str(path)), package, root))


def _imports(tree: ast.AST, package: str, root: Path) -> Iterator[str]:
    """Dotted names after ``import`` and ``from`` and in strings, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == PACKAGE)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            if base.split(".")[0] == PACKAGE:
                yield from _named(base, [alias.name for alias in node.names], root)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
            yield node.value


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])


def _named(base: str, names: list[str], root: Path) -> Iterator[str]:
    """Modules behind ``from base import names``; `base` itself only for a name that is no module in it."""
    for name in names:
        inside = f"{base}.{name}"
        yield inside if locate(inside, root) else base
