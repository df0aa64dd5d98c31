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
class _Facts:
    """What one source file says: its imports, its lazily loaded names, its own names and its short strings."""

    imports: tuple[tuple[str, int, tuple[str, ...]], ...]  # (module, level, names); a plain import has level -1
    homes: dict[str, str] | None  # name -> submodule of ``lazy_loader.attach(..., submod_attrs={...})``
    defined: frozenset[str]
    words: frozenset[str]


@cache
def _read(path: Path, stamp: tuple[int, int]) -> _Facts:
    """Read a file once a process; `stamp` (size, time) changes when it does."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, OSError) as error:
        raise SourceError(f"cannot read the imports of {path}: {error}") from error
    imports, words, homes = [], set(), None
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(alias.name, -1, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports.append((node.module or "", node.level, tuple(alias.name for alias in node.names)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and 2 < len(node.value) < 80:
            words.add(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "attach":
            tables = [keyword.value for keyword in node.keywords if keyword.arg == "submod_attrs"]
            table = ast.literal_eval(tables[0]) if tables else {}
            homes = {name: module for module, names in table.items() for name in names}
    defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return _Facts(tuple(imports), homes, frozenset(defined), frozenset(words))


class Package:
    """Source files of one package by dotted name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: dict[str, Path | None] = {}

    def file(self, name: str) -> Path | None:
        """Source of a dotted name, None for names that are no module of the package."""
        if name not in self._files:
            head, *parts = name.split(".")
            stem = self.root.joinpath(*parts)
            places = (stem / "__init__.py", stem.with_suffix(".py")) if head == self.root.name else ()
            self._files[name] = next((place for place in places if place.is_file()), None)
        return self._files[name]

    def facts(self, path: Path) -> _Facts:
        """What a file says. Raises SourceError for one that cannot be read."""
        try:
            state = path.stat()
        except OSError as error:
            raise SourceError(f"cannot read the imports of {path}: {error}") from error
        return _read(path, (state.st_size, state.st_mtime_ns))

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
        facts = self.facts(path)
        if facts.homes is None:
            return []
        if name in facts.homes:
            return [full for full in (f"{package}.{facts.homes[name]}",) if self.file(full)]
        if name in facts.defined:
            return []
        inside = {f"{package}.{entry.stem}" for entry in path.parent.iterdir() if entry.stem != "__init__"}
        inside |= {f"{package}.{home}" for home in facts.homes.values()}
        return [part for name in sorted(inside) if self.file(name) for part in (name, *self.parts(name))]


def _imports(path: Path, name: str, package: Package) -> list[str]:
    base = (name if path.name == "__init__.py" else name.rpartition(".")[0]).split(".")
    modules = []
    for module, level, names in package.facts(path).imports:
        if level < 0:
            modules += [module, *package.parts(module)]
            continue
        home = ".".join(base[: len(base) - level + 1]) if level else ""
        home = ".".join(filter(None, (home, module)))
        modules.append(home)
        if home.split(".")[0] == package.root.name:
            for each in names:
                modules += [*package.behind(home, each), *package.parts(f"{home}.{each}")]
    return modules


def _named_files(path: Path, package: Package) -> list[Path]:
    """Data files beside a module that it names in a string, such as a style sheet."""
    words = package.facts(path).words
    beside = [entry for entry in path.parent.iterdir() if entry.is_file() and entry.suffix not in (".py", ".pyc")]
    return sorted(entry for entry in beside if entry.name in words)
