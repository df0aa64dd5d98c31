"""In every chapter a room imports only what stands above it."""

import ast
from pathlib import Path

import pytest

import quakebook
from quakebook.commands.chapters import CHAPTERS

SOURCES = Path(quakebook.__file__).parent
ROOMS = ("settings", "data", "networks", "objective", "scoring", "experiment", "api", "studies", "recorded", "figures",
         "pages", "published")


def imported(path, sources):
    """Dotted names that a file imports, as tuples below the package, wherever in the file the import stands."""
    package = path.relative_to(sources.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(name.name.split(".")) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = tuple(node.module.split(".")) if node.module else ()
            yield from ((*start, *module, name.name) for name in node.names)


def upward(chapter, sources=SOURCES):
    """Imports of a chapter that run from a room to one that stands below it."""
    for path in sorted((sources / chapter).rglob("*.py")):
        room = path.relative_to(sources / chapter).with_suffix("").parts[0]
        for name in imported(path, sources):
            if name[:2] == ("quakebook", chapter) and len(name) > 2 and {room, name[2]} <= set(ROOMS) \
                    and ROOMS.index(name[2]) > ROOMS.index(room):
                yield f"{path.relative_to(sources)} imports {'.'.join(name)}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_imports_run_down(chapter):
    assert list(upward(chapter)) == []


@pytest.mark.parametrize("line", ["from .studies.lbfgs import invert", "    from .studies import lbfgs",
                                  "import quakebook.one.studies.lbfgs", "from quakebook.one.studies import lbfgs"])
def test_an_import_that_runs_up_is_found(tmp_path, line):
    (tmp_path / "quakebook/one/data").mkdir(parents=True)
    (tmp_path / "quakebook/one/api.py").write_text(f"from .data import survey\nif True:\n    {line.strip()}\n")
    (found,) = upward("one", tmp_path / "quakebook")
    assert found.startswith("one/api.py imports quakebook.one.studies")
