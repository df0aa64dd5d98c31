"""The whole road on a small book: built without a warning, not built twice, faults found."""

import re

import pytest

from quakebook.publishing import book, checkhtml

pytestmark = pytest.mark.skipif("os.environ.get('QUAKEBOOK_BUILT')", reason="looking at the finished book only")


def test_the_small_book_is_complete(small_book):
    project, status, output = small_book
    assert status == 0, output
    assert "notebooks: 2 run, 0 up to date, 0 failed" in output
    page = (project.html / "notebooks/toy/01_half.html").read_text()
    for word in ("Fig. 1.1", "Table 1.1", "half of one", "qb-explorer", "qb-film", "What we found", "quakebook.js"):
        assert word in page
    assert checkhtml.check(project.html, offline=(project.vendor / "mathjax").is_dir()) == []


def test_a_page_needs_neither_widgets_nor_the_icon_script(small_book):
    page = (small_book[0].html / "notebooks/toy/01_half.html").read_text()
    assert "widget-state" not in page
    assert "embed.js" not in page
    assert "fontawesome" in page
    assert not re.search(r"<script[^>]*fontawesome", page)


def test_the_runner_s_parameters_stand_in_the_visible_cell(small_book):
    page = re.sub(r"<[^>]*>", "", (small_book[0].html / "notebooks/toy/01_half.html").read_text())
    assert 'preset: str = "smoke"  # smoke, quick or paper' in page.replace("&quot;", '"')
    assert "n_steps: int = 1  # how many" in page
    assert "# Parameters" not in page


def test_the_foot_says_how_the_page_was_made(small_book):
    page = (small_book[0].html / "notebooks/toy/01_half.html").read_text()
    foot = re.search(r'<p class="qb-facts">(.*?)</p>', page)[1]
    assert "preset smoke" in foot
    assert re.search(r"\d+ s, on ", foot)
    assert str(small_book[0].root) not in page


def test_no_page_holds_a_path_of_this_machine(small_book):
    project = small_book[0]
    pages = [p for p in project.html.rglob("*.html") if str(project.root) in p.read_text(encoding="utf-8")]
    assert pages == []


def test_a_second_build_runs_no_notebook_and_writes_no_page(small_book, rebuild):
    project = small_book[0]
    page = project.html / "notebooks/toy/01_half.html"
    before = page.stat().st_mtime_ns
    status, output = rebuild(project)
    assert status == 0, output
    assert "notebooks: 0 run, 2 up to date" in output
    assert page.stat().st_mtime_ns == before


def test_a_warning_fails_the_build_every_time(small_book, rebuild):
    project = small_book[0]
    index = project.book / "index.md"
    text = index.read_text()
    index.write_text(text + "\nSee {ref}`nowhere`.\n")
    for _ in range(2):
        status, output = rebuild(project)
        assert status == 1
        assert "nowhere" in output
    index.write_text(text)
    assert rebuild(project)[0] == 0


def test_without_vendored_scripts_the_pages_load_them_and_the_note_says_so(small_book, tmp_path):
    settings = book.cdn_config(small_book[0]).read_text()
    assert "vendor/" not in settings
    assert "execute_notebooks: 'off'" in settings
    assert "sphinx_thebe" not in settings
    assert "Install node 20" in book.CDN_NOTE
