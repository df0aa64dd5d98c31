"""Which source files a module stands on, and their hash, found by reading files: nothing is imported.

`digest(["quakebook.bluedisc.experiment"])` changes when that module, or any quakebook module that it imports
(at its top or inside a function, directly or through others), or a data file that one of them names, changes.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class SourceError(ValueError):
    """A module that has no source file here, or one that does not parse."""


def digest(modules: Iterable[str | Path], root: Path = ROOT) -> str:
    """Hex SHA-256 over names and bytes of `closure(modules)`; 64 characters."""
    whole = hashlib.sha256()
    for name, path in sorted(closure(modules, root).items()):
        whole.update(f"{name}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def closure(modules: Iterable[str | Path], root: Path = ROOT) -> dict[str, Path]:
    """Name -> file of the modules and all that they import from the package in folder `root`.

    Parameters
    ----------
    modules : iterable
        Dotted names, or paths of Python files outside the package (a notebook's source, say).
    root : Path
        Folder of the package; its name is the package's name.
    """
    package = Package(root)
    found: dict[str, Path] = {}
    todo = []
    for entry in [modules] if isinstance(modules, (str, Path)) else modules:
        if isinstance(entry, Path) or str(entry).endswith(".py"):
            found[str(Path(entry).name)] = Path(entry)
            todo += _imports(Path(entry), "", package)
        elif package.file(entry) is None:
            raise SourceError(f"no source file for module {entry!r} below {root.parent}")
        else:
            todo += [entry, *package.parts(entry)]
    while todo:
        name = todo.pop()
        path = package.file(name)
        if name in found or path is None:
            continue
        found[name] = path
        todo += [name.rpartition(".")[0]] if "." in name else []
        todo += _imports(path, name, package)
        found |= {f"{name}:{data.name}": data for data in _named_files(path, package)}
    return found


@dataclass(frozen=True)
class Contents:
    """What a source file says that matters here, kept so that many closures parse each file once."""

    imports: tuple[ast.Import | ast.ImportFrom, ...]
    words: frozenset[str]
    defined: frozenset[str]
    homes: dict[str, str] | None


@cache
def _contents(path: Path, changed_ns: int, size: int) -> Contents:
    """Contents of a file in the state that its time stamp and size tell."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    words = {node.value for node in nodes
             if isinstance(node, ast.Constant) and isinstance(node.value, str) and 2 < len(node.value) < 80}
    return Contents(tuple(node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))), frozenset(words),
                    frozenset(node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))),
                    _lazy_homes(nodes))


class Package:
    """Source files of one package by dotted name, looked at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: dict[str, Path | None] = {}
        self._contents: dict[Path, Contents] = {}

    def file(self, name: str) -> Path | None:
        """Source of a dotted name, None for names that are no module of the package."""
        if name not in self._files:
            head, *parts = name.split(".")
            stem = self.root.joinpath(*parts)
            places = (stem / "__init__.py", stem.with_suffix(".py")) if head == self.root.name else ()
            self._files[name] = next((path for path in places if path.is_file()), None)
        return self._files[name]

    def contents(self, path: Path) -> Contents:
        if path not in self._contents:
            try:
                state = path.stat()
                self._contents[path] = _contents(path, state.st_mtime_ns, state.st_size)
            except (SyntaxError, ValueError, OSError) as error:
                raise SourceError(f"cannot read the imports of {path}: {error}") from error
        return self._contents[path]

    def behind(self, package: str, name: str) -> list[str]:
        """Modules that ``from package import name`` may load beside the package's own ``__init__``."""
        if self.file(f"{package}.{name}"):
            return [f"{package}.{name}"]
        return self.parts(package, name)

    def parts(self, package: str, name: str = "*") -> list[str]:
        """Where a package that loads lazily keeps a name: its `lazy_loader.attach` says; all its parts for other names.

        Empty for plain modules and for packages whose ``__init__`` imports what it offers.
        """
        path = self.file(package)
        if path is None or path.name != "__init__.py":
            return []
        contents = self.contents(path)
        homes = contents.homes
        if homes is None:
            return []
        if name in homes:
            return [full for full in (f"{package}.{homes[name]}",) if self.file(full)]
        if name in contents.defined:
            return []
        inside = {f"{package}.{entry.stem}" for entry in path.parent.iterdir() if entry.stem != "__init__"}
        inside |= {f"{package}.{home}" for home in homes.values()}
        return [part for name in sorted(inside) if self.file(name) for part in (name, *self.parts(name))]


def _lazy_homes(nodes: Iterable[ast.AST]) -> dict[str, str] | None:
    """Name -> submodule of a package with ``lazy_loader.attach(..., submod_attrs={...})``; None without one."""
    for node in nodes:
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "attach":
            tables = [keyword.value for keyword in node.keywords if keyword.arg == "submod_attrs"]
            homes = ast.literal_eval(tables[0]) if tables else {}
            return {name: module for module, names in homes.items() for name in names}
    return None


def _imports(path: Path, name: str, package: Package) -> list[str]:
    base = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = []
    for node in package.contents(path).imports:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found += [alias.name, *package.parts(alias.name)]
        else:
            parents = base.split(".")
            home = ".".join(parents[: len(parents) - node.level + 1]) if node.level else ""
            home = ".".join(filter(None, (home, node.module)))
            found.append(home)
            for alias in node.names:
                found += [*package.behind(home, alias.name), *package.parts(f"{home}.{alias.name}")]
    return found


def _named_files(path: Path, package: Package) -> list[Path]:
    """Data files beside a module that it names in a string, such as a style sheet."""
    words = package.contents(path).words
    beside = [entry for entry in path.parent.iterdir() if entry.is_file() and entry.suffix not in (".py", ".pyc")]
    return sorted(entry for entry in beside if entry.name in words)
