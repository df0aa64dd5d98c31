"""The staged tree: exactly the wanted files, and a page tree that fits the profiles."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from quakebook.publishing import stage
from quakebook.publishing.executed import UnfinishedNotebook


def test_a_tree_becomes_what_is_wanted(tmp_path):
    for name, text in (("a/same", "1"), ("a/other", "1"), ("b/c/gone", "1"), ("d/inner", "1")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        os.utime(tmp_path / name, (5, 5))
    wanted = {Path("a/same"): b"1", Path("a/other"): b"2", Path("d"): b"file", Path("e/f/new"): b"3"}
    stage.mirror(wanted, tmp_path)
    held = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert held == wanted and not (tmp_path / "b").exists()
    assert (tmp_path / "a/same").stat().st_mtime == 5 < (tmp_path / "a/other").stat().st_mtime


def project(tmp_path, text):
    (tmp_path / "_toc.yml").write_text(text)
    return SimpleNamespace(root=tmp_path, book=tmp_path / "book")


TOC = """
root: book/index
parts:
  - chapters:
    - file: notebooks/a/01
      sections: [{file: notebooks/a/02}, {file: book/x}]
  - chapters: [{file: notebooks/results}]
"""


def test_pages_of_a_tree(tmp_path):
    made = project(tmp_path, TOC)
    assert stage.toc_pages(made) == ["book/index", "notebooks/a/01", "notebooks/a/02", "book/x", "notebooks/results"]
    stage.check_toc(made, {"a/01", "a/02", "results"})


@pytest.mark.parametrize(("text", "jobs", "words"), [
    (TOC, {"a/01", "a/02"}, "^results is in _toc.yml but not in profiles.yml$"),
    (TOC, {"a/01", "a/02", "results", "b"}, "^b is in profiles.yml but not in _toc.yml$"),
    (TOC.replace("02", "01"), {"a/01", "results"}, "^a/01 is named twice$")])
def test_trees_that_do_not_fit(tmp_path, text, jobs, words):
    with pytest.raises(UnfinishedNotebook, match=words):
        stage.check_toc(project(tmp_path, text), jobs)


def test_prose_and_its_pictures(tmp_path):
    for name in ("a.md", "sub/b.md", "r.bib", "x.py", "_assets/s.css", "_assets/deep/p.png", "sub/_assets/q.png"):
        (tmp_path / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / name).touch()
    found = [p.relative_to(tmp_path / "book").as_posix() for p in stage._prose(project(tmp_path, ""))]
    assert sorted(found) == ["_assets/deep/p.png", "_assets/s.css", "a.md", "r.bib", "sub/b.md"]
