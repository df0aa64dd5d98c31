"""Where a figure comes from, read from the cells: names followed through imports, assignments and loops."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from quakebook.publishing import provenance, source_pages
from quakebook.publishing.provenance import Trail, add_lines

FIRST = """import numpy as np
from quakebook.bluedisc.figures import landscape
from quakebook.bluedisc.studies import landscape as study
from quakebook.bluedisc.recorded import choose
runs = choose.all_recorded()
"""


def titles(sources):
    return [source.title for source in sources]


def behind(*cells):
    trail = Trail()
    *_, last = [trail.follow(cell) for cell in cells]
    return last


def test_a_call_in_the_cell():
    assert "quakebook.bluedisc.recorded.choose.all_recorded" in behind(FIRST)


def test_a_variable_of_an_earlier_cell():
    last = behind(FIRST, "kinds = choose.kinds(runs)\nnumber = np.mean([1])", "show(kinds)")
    assert last[:2] == ["quakebook.bluedisc.recorded.choose.kinds", "quakebook.bluedisc.recorded.choose"]
    assert "quakebook.bluedisc.recorded.choose.all_recorded" in last


@pytest.mark.parametrize("cell", ["table = {}\ntable['a'] = choose.kinds(runs)",
                                  "table = []\ntable.append(choose.kinds(runs))",
                                  "for table in choose.kinds(runs):\n    pass"])
def test_values_that_grow(cell):
    assert "quakebook.bluedisc.recorded.choose.kinds" in behind(FIRST, cell, "print(table)")


def test_a_figure_is_not_drawn_by_the_figures_before_it():
    last = behind(FIRST, "shown = landscape.one(runs)", "display(landscape.two(shown))")
    drawn = [name for name in last if provenance.draws(name) and name.endswith(("one", "two"))]
    assert drawn == ["quakebook.bluedisc.figures.landscape.two"]


def test_frames_of_an_earlier_cell_are_drawn_by_what_made_them():
    last = behind(FIRST, "frames = landscape.one(runs)", "display(plots.explorer(frames))")
    assert "quakebook.bluedisc.figures.landscape.one" in last


def test_shell_lines_are_left_aside():
    assert behind("!ls") == []


def test_a_function_is_found_in_its_module_with_its_line():
    source = source_pages.find("quakebook.publishing.provenance.draws")
    text = source_pages.module_file(source.module).read_text().splitlines()
    assert text[source.line - 1].startswith("def draws(")
    assert source.address(2) == f"../../_static/source/quakebook.publishing.provenance.html#L{source.line}"


@pytest.mark.parametrize("name", ["numpy.mean", "quakebook.nowhere.f", "quakebook.publishing.claims", "quakebook"])
def test_what_is_no_function_of_the_package_is_left_out(name):
    assert source_pages.find(name) is None


def test_a_name_that_a_package_hands_on_is_found_where_it_is_defined():
    assert source_pages.find("quakebook.plots.grid_explorer").module == "quakebook.plots.explorers"


def test_a_source_page_shows_every_line():
    path, content = source_pages.page("quakebook.publishing.ink")
    text = source_pages.module_file("quakebook.publishing.ink").read_text()
    assert path.name == "quakebook.publishing.ink.html"
    assert content.decode().count('class="line"') == len(text.splitlines())
    assert "&gt;" in content.decode()


def test_the_line_stands_under_figures_and_tables_only():
    picture = new_output("display_data", data={"image/png": ""})
    words = new_output("display_data", data={"text/markdown": "three"})
    book = new_notebook(cells=[new_code_cell(FIRST), new_code_cell("display(choose.kinds(runs))", outputs=[picture]),
                               new_code_cell("display(choose.kinds(runs))", outputs=[words])])
    modules = add_lines(book, "bluedisc/02_training", "quick", 2)
    assert modules == {"quakebook.bluedisc.recorded.choose"}
    lines = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    assert len(lines) == 1
    assert "computed by" in lines[0]
    assert "quakebook reproduce bluedisc/02_training --preset quick" in lines[0]
    assert '_static/facts/bluedisc.html">recorded result</a>' in lines[0]
