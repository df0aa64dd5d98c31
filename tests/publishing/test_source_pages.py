"""Links to the source: files, lines and pages."""

import inspect
from pathlib import Path

import pytest

import quakebook
from quakebook.publishing import source_pages
from quakebook.publishing.source_pages import Source, definitions, find, module_file, page

ROOM = Path(quakebook.__file__).parent


def test_files_of_modules():
    assert module_file("quakebook") == ROOM / "__init__.py"
    assert module_file("quakebook.publishing") == ROOM / "publishing/__init__.py"
    assert module_file("quakebook.publishing.stage") == ROOM / "publishing/stage.py"
    assert module_file("quakebook.nothing") is None and module_file("numpy") is None


def test_lines_of_definitions(tmp_path):
    (tmp_path / "m.py").write_text("X = 1\n\ndef f():\n    def inner(): ...\n\nclass C:\n    def g(self): ...\n"
                                   "async def h(): ...\n")
    assert definitions(tmp_path / "m.py") == {"f": 3, "C": 6, "h": 8}


def test_where_a_name_is_defined():
    found = find("quakebook.publishing.source_pages.find")
    assert found == Source("quakebook.publishing.source_pages", "find", inspect.getsourcelines(find)[1])
    assert found.title == "source_pages.find"
    assert found.address(0) == f"_static/source/quakebook.publishing.source_pages.html#L{found.line}"
    assert found.address(2).startswith("../../_static/source/")
    for wrong in ("quakebook.publishing.source_pages.nothing", "numpy.mean", "find", "quakebook.nothing.x"):
        assert find(wrong) is None


def test_a_name_that_a_package_gives_on():
    """`adopt` is listed in the package, and defined in a module below it."""
    found = find("quakebook.data.archive.adopt")
    assert (found.module, found.title) == ("quakebook.data.archive.shards.publish", "archive.shards.publish.adopt")
    assert definitions(module_file(found.module))["adopt"] == found.line
    assert find("quakebook.data.archive._known") is None  # defined below, but not given on


@pytest.mark.parametrize(("module", "title"), [("quakebook.a", "f"), ("quakebook.a.b.c", "b.c.f"), ("quakebook", "f")])
def test_titles(module, title):
    assert Source(module, "f", 1).title == title


def test_a_page_has_an_anchor_on_every_line():
    path, content = page("quakebook.publishing.source_pages")
    text = content.decode()
    lines = Path(source_pages.__file__).read_text().splitlines()
    assert path.as_posix() == "book/_assets/source/quakebook.publishing.source_pages.html"
    assert text.count('<span class="line" id="L') == len(lines)
    assert '<span class="line" id="L1" data-n="1">' in text and f'id="L{len(lines)}" data-n="{len(lines)}"' in text
    assert "import html</span>" in text and "&lt;module&gt;" in text
