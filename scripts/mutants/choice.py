"""Which mutants are tried, and which tests can see each of them."""

from __future__ import annotations

import ast
import random
import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from slips import Slip, slips

#: How often a kind is drawn: slips that print a wrong number before those that break loudly or change little.
WEIGHTS = {"arithmetic": 3, "function": 3, "negation": 3, "dropped call": 3, "return": 3, "comparison": 2,
           "boundary": 1, "logic": 1, "flag": 1, "constant": 1}
#: Folders whose lines compute what is printed, drawn twice as often as the rest.
NUMBERS = {"scoring", "objective", "studies", "data", "pages", "networks", "picking"}
#: Contexts of a coverage data file that ran a line of a file.
RUNNING = ("select distinct c.context, c.id from arc a join file f on f.id = a.file_id join context c "
           "on c.id = a.context_id where c.context != '' and f.path like ? and abs(a.tono) between ? and ?")


def sample(package: Path, n: int, seed: int, only: str = "") -> list[Slip]:
    """`n` slips of a package, drawn by kind and folder, one a line at most; `only`: in paths that have this in them."""
    draw, keyed = random.Random(seed), []
    for file in sorted(package.rglob("*.py")):
        name = file.relative_to(package).as_posix()
        if only not in name:
            continue
        room = 2 if NUMBERS & set(name.split("/")[:-1]) else 1
        for slip in slips(name, file.read_text()):
            keyed.append((draw.random() ** (1 / (room * WEIGHTS[slip.kind])), slip))
    keyed.sort(key=lambda each: -each[0])
    chosen: dict[tuple[str, int], Slip] = {}
    for _, slip in keyed:
        if len(chosen) == n:
            break
        if (slip.path, slip.line) not in chosen and parses(slip.applied((package / slip.path).read_text())):
            chosen[slip.path, slip.line] = slip
    return list(chosen.values())


def parses(source: str) -> bool:
    """Whether a text is Python."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def enclosing(file: Path, line: int) -> str:
    """Name of the outermost function, class or constant of a module that a line stands in."""
    for node in ast.parse(file.read_text()).body:
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            return getattr(node, "name", None) or getattr(target, "id", "") or "$"
    return "$"


class Seen(NamedTuple):
    """Test files, best first; the tests in them that run the line (empty: not known); the word that names the place.

    `measured` has all tests that the measurement knows: a younger one in these files may run the line as well. So may
    all tests of the module's `own` files: a line that a shared fixture runs is counted for its first test only.
    """

    files: list[str]
    tests: set[str]
    word: str
    measured: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()


class Tests:
    """The tests of a project, by what they see; `measured` is a coverage data file with a context for each test."""

    def __init__(self, root: Path, measured: Path | None = None) -> None:
        self.root, self.measured = root, measured if measured and measured.is_file() else None
        self.files = {file.relative_to(root).as_posix(): file.read_text()
                      for file in sorted(root.glob("tests/**/test_*.py"))}

    @cached_property
    def known(self) -> frozenset[str]:
        """Names of all tests in the measurement."""
        if self.measured is None:
            return frozenset()
        with closing(sqlite3.connect(f"file:{self.measured}?mode=ro", uri=True)) as base:
            return frozenset(context.partition("|")[0] for context, in base.execute("select context from context"))

    def mirror(self, path: str) -> list[str]:
        """Test files of the module's own name in the folder that mirrors it, then all others of that folder."""
        folder, stem = f"tests/{Path(path).parent.as_posix()}".removesuffix("/."), Path(path).stem
        inside = [file for file in self.files if Path(file).parent.as_posix() == folder]
        above = {f"tests/{part.as_posix()}" for part in Path(path).parents}
        own = [file for file in inside if re.fullmatch(rf"test_{stem}(_\w+)?\.py", Path(file).name)]
        own += [f"{folder}/test_{stem}.py" for folder in sorted(above) if f"{folder}/test_{stem}.py" in self.files]
        return list(dict.fromkeys(own + [file for file in inside if self.names(file, path)]))

    def names(self, file: str, path: str) -> bool:
        """Whether a test file names a module: by its dotted name, or as a part of its package."""
        package, stem = ".".join(("quakebook", *Path(path).parent.parts)), Path(path).stem
        text = self.files[file]
        return bool(re.search(rf"{re.escape(package)}\.{stem}\b", text)
                    or re.search(rf"from {re.escape(package)} import [^\n]*\b{stem}\b", text)
                    or re.search(rf"from {re.escape(package)} import \([^)]*\b{stem}\b", text))

    def seeing(self, slip: Slip) -> Seen:
        """The tests that can see a slip."""
        own = self.mirror(slip.path)
        ran = self.running(slip)
        name = enclosing(self.root / "src" / "quakebook" / slip.path, slip.line)
        if ran:
            lean = sorted(ran, key=lambda file: (file not in own, "notebooks/" in file, ran[file][1]))
            files = [*dict.fromkeys([*(file for file in own if file not in ran), *lean])]
            return Seen(files, {test for file in lean for test in ran[file][0]}, name, self.known,
                        frozenset(own))
        naming = [file for file in self.files if self.names(file, slip.path)]
        parts = Path(slip.path).parts
        package = ".".join(("quakebook", *parts[:-1]))
        near = [file for file, text in self.files.items() if file.startswith(f"tests/{'/'.join(parts[:-1])}/")
                or len(parts) > 1 and package in text]
        near.sort(key=lambda file: not file.startswith(f"tests/{parts[0]}/"))
        far = [file for file in self.files if file.startswith(f"tests/{parts[0]}/")]
        word = re.compile(rf"\b{re.escape(name)}\b")
        saying = [[file for file in files if word.search(self.files[file])] for files in (own, naming, near, far)]
        return Seen(list(dict.fromkeys(file for files in (*saying, own, naming, near) for file in files)), set(), name)

    def running(self, slip: Slip) -> dict[str, tuple[list[str], int]]:
        """By test file: the tests that ran a line of the slip, and how many lines the quickest of them ran in all."""
        if self.measured is None:
            return {}
        with closing(sqlite3.connect(f"file:{self.measured}?mode=ro", uri=True)) as base:
            rows = base.execute(RUNNING, (f"%src/quakebook/{slip.path}", slip.line, slip.last)).fetchall()
            size = {key: base.execute("select count(*) from arc where context_id = ?", (key,)).fetchone()[0]
                    for _, key in rows}
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for context, key in rows:
            test = context.partition("|")[0]
            if test.partition("::")[0] in self.files:
                found[test.partition("::")[0]].append((test, size[key]))
        return {file: ([test for test, _ in tests], min(n for _, n in tests)) for file, tests in found.items()}
