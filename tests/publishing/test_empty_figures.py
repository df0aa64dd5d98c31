"""A caption promises a picture: where there is none it goes, and what was said stays once."""

import nbformat.v4 as nb
import pytest

from quakebook.publishing import empty_figures

SAID = "Nothing is recorded."


def cell(data, label="fig-a"):
    made = nb.new_code_cell("display(x)", outputs=[nb.new_output("display_data", data=data)])
    if label:
        made.metadata["mystnb"] = {"figure": {"name": label, "caption": "A curve."}, "image": {"alt": "a"}}
    return made


def page(*cells):
    return nb.new_notebook(cells=list(cells))


def test_a_sentence_in_place_of_a_picture_loses_caption_and_number():
    book = page(cell({"text/markdown": SAID}), nb.new_markdown_cell("See {numref}`fig-a` and {numref}`fig-ab`."))
    assert empty_figures.drop(book) == {"fig-a"}
    assert "figure" not in book.cells[0].metadata["mystnb"]
    assert book.cells[0].outputs[0]["data"]["text/markdown"] == SAID
    assert book.cells[1].source == f"See {empty_figures.ABSENT} and {{numref}}`fig-ab`."


def test_the_same_sentence_is_said_once_a_section():
    said = {"text/markdown": SAID}
    book = page(cell(said), cell(said, "fig-b"), cell(said, ""), cell({"text/markdown": "Another."}, ""),
                nb.new_markdown_cell("## Next"), cell(said, "fig-c"))
    empty_figures.drop(book)
    assert [len(each.get("outputs", [])) for each in book.cells] == [1, 0, 0, 1, 0, 1]
    assert ["remove-cell" in each.metadata.get("tags", []) for each in book.cells] == [0, 1, 1, 0, 0, 0]


@pytest.mark.parametrize("kind", ["image/png", "image/svg+xml", "text/html"])
def test_a_picture_stays(kind):
    book = page(cell({kind: "x", "text/plain": "y"}))
    assert empty_figures.drop(book) == set()
    assert book.cells[0].metadata["mystnb"]["figure"]["name"] == "fig-a"
